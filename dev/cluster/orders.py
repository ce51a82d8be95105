"""Commands that make something for the test cluster and end by themselves."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from dev.cluster.folder import SLURM_CONF
from dev.cluster.processes import END_SECONDS, MARK, carries, end, mark, processes
from dev.cluster.programs import SEARCHED, find
from dev.step import StepFailed

NAME = "order"
SLURM = {"SLURM_CONF": str(SLURM_CONF)}


def order(
    what: str,
    command: Sequence[str],
    is_fine: Callable[[int, str], bool] | None = None,
    variables: Mapping[str, str] = SLURM,
) -> None:
    """Runs it; raises StepFailed when it fails, unless `is_fine` accepts exit code and output."""
    ended = subprocess.run(
        [find(command[0]), *command[1:]],
        cwd="/",
        env=environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode != 0 and not (is_fine and is_fine(ended.returncode, ended.stdout)):
        raise StepFailed(what, command, f"exit code {ended.returncode}", ended.stdout)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What such a command has, beside variables of its own."""
    return {"PATH": SEARCHED, "LANG": "C.UTF-8", **variables, MARK: mark(NAME)}


def outlast_orders() -> None:
    """Waits for what a start that was killed has left at work, and ends what takes too long."""

    def at_work() -> list[int]:
        return [pid for pid in processes() if carries(pid, NAME)]

    deadline = time.monotonic() + END_SECONDS
    while at_work() and time.monotonic() < deadline:
        time.sleep(0.05)
    end(at_work)
