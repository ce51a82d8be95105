"""Whether the test cluster takes jobs."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from dev.cluster.configuration import NODES
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER, SLURM_CONF
from dev.step import StepFailed

READY_SECONDS = 30
SINFO = ["sinfo", "--noheader", "--Node", "--partition=main", "--states=idle", "--format=%N"]


def wait_until_ready(daemons: Sequence[Daemon]) -> None:
    """Returns when every node is known and free or at work; raises StepFailed with the daemons' words."""
    deadline = time.monotonic() + READY_SECONDS
    while up_nodes() < len(NODES):
        dead = [daemon for daemon in daemons if not daemon.is_alive]
        if dead or time.monotonic() > deadline:
            fail(SINFO, dead or daemons, "nodes are not up")
        time.sleep(0.2)


def fail(command: Sequence[str], daemons: Sequence[Daemon], what: str) -> NoReturn:
    """Raises StepFailed with what is wrong, and with the last words of these daemons."""
    dead = ", ".join(daemon.name for daemon in daemons if not daemon.is_alive)
    said = [daemon.output.read_text(errors="replace")[-2000:] for daemon in daemons]
    raise StepFailed("starting the cluster", command, dead or what, "\n".join(said))


def run(daemon: Daemon, is_ready: Callable[[], bool]) -> None:
    """Starts it, unless it runs with the present configuration, and waits until it is ready."""
    if not daemon.is_current:
        daemon.stop()
        daemon.start()
        wait_for(daemon, is_ready)


def wait_for(daemon: Daemon, is_ready: Callable[[], bool]) -> None:
    """Raises StepFailed with the daemon's words when it does not become ready."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready():
        if not daemon.is_alive or time.monotonic() > deadline:
            files = [daemon.output, FOLDER / f"{daemon.name}.log"]
            said = [file.read_text(errors="replace")[-2000:] for file in files if file.exists()]
            raise StepFailed("starting the cluster", daemon.argv, "not ready", "\n".join(said))
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether somebody listens there; a connection would be counted in the server's log."""
    entry = re.compile(rf"^\s*\d+: \w+:{port:04X} 0+:0000 0A ", re.MULTILINE)
    return entry.search(Path("/proc/net/tcp").read_text()) is not None


def up_nodes() -> int:
    return nodes(
        [
            "sinfo",
            "--noheader",
            "--Node",
            "--partition=main",
            "--responding",
            "--states=idle,alloc,mix,comp",
            "--format=%N",
        ]
    )


def idle_nodes() -> int:
    return nodes(SINFO)


def nodes(command: list[str]) -> int:
    """How many nodes it prints; 0 when nobody answers."""
    answer = subprocess.run(
        command,
        env={**os.environ, "SLURM_CONF": str(SLURM_CONF)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return len(set(answer.stdout.split())) if answer.returncode == 0 else 0
