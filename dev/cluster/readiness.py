"""Whether the test cluster takes jobs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence

from dev.cluster.configuration import NODES
from dev.cluster.daemons import Daemon
from dev.cluster.folder import SLURM_CONF
from dev.step import StepFailed

READY_SECONDS = 30
SINFO = ["sinfo", "--noheader", "--Node", "--partition=main", "--states=idle", "--format=%N"]


def wait_until_ready(daemons: Sequence[Daemon]) -> None:
    """Returns when every node is known and free or at work; raises StepFailed with the daemons' words."""
    deadline = time.monotonic() + READY_SECONDS
    while up_nodes() < len(NODES):
        dead = [daemon for daemon in daemons if not daemon.is_alive]
        if dead or time.monotonic() > deadline:
            said = [daemon.output.read_text(errors="replace")[-2000:] for daemon in dead or daemons]
            names = ", ".join(daemon.name for daemon in dead) or "nodes are not up"
            raise StepFailed("starting the cluster", SINFO, names, "\n".join(said))
        time.sleep(0.2)


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
