"""The daemons of Slurm."""

from __future__ import annotations

import os
import subprocess
import time

from dev.cluster.configuration import ADDRESS, NODES, has_far_node
from dev.cluster.daemons import Daemon
from dev.cluster.far_node import there
from dev.cluster.folder import FOLDER, SLURM_CONF

END_SECONDS = 8


def munged() -> Daemon:
    files = [f"--key-file={FOLDER}/munge.key", f"--seed-file={FOLDER}/munge.seed"]
    munge = ["munged", "--foreground", "--force", f"--socket={ADDRESS}", *files]
    munge += [f"--pid-file={FOLDER}/munged.pid", f"--log-file={FOLDER}/munged.log"]
    return Daemon("munged", munge)


def slurm_daemons() -> list[Daemon]:
    """In the order in which they start."""
    variables = {"SLURM_CONF": str(SLURM_CONF)}
    commands = {f"slurmd-{node}": ["slurmd", "-D", "-N", node] for node in NODES}
    if has_far_node():
        far = f"slurmd-{NODES[-1]}"
        commands[far] = there(commands[far])
    return [
        Daemon(name, command, variables, [SLURM_CONF])
        for name, command in {"slurmctld": ["slurmctld", "-D"], **commands}.items()
    ]


def end_jobs() -> None:
    """Cancels everybody's jobs and waits a while until their processes are gone."""
    deadline = time.monotonic() + END_SECONDS
    while (jobs := answer("squeue", "--noheader", "--format=%A")) and time.monotonic() < deadline:
        answer("scancel", "--quiet", *set(jobs))
        time.sleep(0.3)


def answer(*command: str) -> list[str]:
    """The words of an answer; none when there is no answer."""
    try:
        ended = subprocess.run(
            command,
            env={**os.environ, "SLURM_CONF": str(SLURM_CONF)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=END_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return ended.stdout.split() if ended.returncode == 0 else []
