"""Commands that make something for the test cluster and end by themselves."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence

from dev.cluster.folder import SLURM_CONF
from dev.cluster.processes import END_SECONDS, MARK, carries, end, mark, processes
from dev.cluster.programs import SEARCHED, find
from dev.step import StepFailed

NAME = "order"


def order(
    what: str, command: Sequence[str], is_fine: Callable[[int, str], bool] | None = None
) -> None:
    """Runs it; raises StepFailed when it fails, unless `is_fine` accepts exit code and output."""
    ended = subprocess.run(
        [find(command[0]), *command[1:]],
        cwd="/",
        env={
            "PATH": SEARCHED,
            "LANG": "C.UTF-8",
            "SLURM_CONF": str(SLURM_CONF),
            MARK: mark(NAME),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode != 0 and not (is_fine and is_fine(ended.returncode, ended.stdout)):
        raise StepFailed(what, command, f"exit code {ended.returncode}", ended.stdout)


def outlast_orders() -> None:
    """Waits for what a start that was killed has left at work, and ends what takes too long."""

    def at_work() -> list[int]:
        return [pid for pid in processes() if carries(pid, NAME)]

    deadline = time.monotonic() + END_SECONDS
    while at_work() and time.monotonic() < deadline:
        time.sleep(0.05)
    end(at_work)
