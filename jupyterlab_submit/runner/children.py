"""The processes that a job starts for its engines."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

POLITE_SECONDS = 0.7  # what processes get to end by themselves, once they are told to
# The same for what has started ranks on several hosts. One that is killed leaves some of them, and
# Open MPI's its files: named after a process alone, they fail another person's of that number.
LAUNCHER_POLITE_SECONDS = 5


@dataclass
class Child:
    """A process of ours: `name` for people, the engines that end with it, and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    engines: frozenset[int] = frozenset()
    begin: int = 0  # where its part of the log begins
    argv: list[str] = field(default_factory=list)

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    def says(self) -> str:
        with open(self.log, "rb") as file:
            file.seek(self.begin)
            return file.read().decode("utf-8", "replace")

    def how_it_ended(self) -> str:
        return how(self.process.returncode)


def how(code: int) -> str:
    """How a process ended, from its exit code as Popen tells it, for people."""
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def end_children(children: list[Child], polite_seconds: float = POLITE_SECONDS) -> None:
    """End them: politely, for at most that long, then for good."""
    for number, seconds in ((signal.SIGTERM, polite_seconds), (signal.SIGKILL, 0.3)):
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not all(child.is_dead for child in children):
            time.sleep(0.02)
