"""Whether the test cluster takes jobs."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dev.cluster.configuration import NODES
from dev.cluster.daemons import Daemon
from dev.cluster.folder import SLURM_CONF
from dev.step import StepFailed

# How long a busy machine may take for each; a hook of the tests has longer (vitest.config.mts).
READY_SECONDS = 100
SINFO = ["sinfo", "--noheader", "--Node", "--partition=main", "--states=idle", "--format=%N"]


def wait_until_ready(daemons: Sequence[Daemon]) -> None:
    """Returns when every node is known and free or at work; raises StepFailed with the daemons' words."""
    wait_until(lambda: up_nodes() == len(NODES), "waiting for the nodes", SINFO, daemons)


def wait_for(daemon: Daemon, is_ready: Callable[[], bool]) -> None:
    """Raises StepFailed with the daemon's words when it does not become ready."""
    wait_until(is_ready, f"waiting for {daemon.name}", daemon.argv, [daemon])


def wait_until(
    is_so: Callable[[], bool], what: str, command: Sequence[str], daemons: Sequence[Daemon]
) -> None:
    """Raises StepFailed with the last words of these daemons, or of those that have ended, when it does not come to be."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_so():
        dead = [daemon for daemon in daemons if not daemon.is_alive]
        if dead or time.monotonic() > deadline:
            ended = ", ".join(f"{daemon.name} ended" for daemon in dead)
            words = "\n\n".join(daemon.last_words() for daemon in dead or daemons)
            raise StepFailed(what, command, ended or f"not within {READY_SECONDS} s", words)
        time.sleep(0.1)


def run(daemon: Daemon, is_ready: Callable[[], bool]) -> None:
    """Starts it, unless it runs with the present configuration, and waits until it is ready."""
    if not daemon.is_current:
        daemon.stop()
        daemon.start()
        wait_for(daemon, is_ready)


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
