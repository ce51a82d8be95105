"""How a run ends: the cause behind what was noticed first, and the last seconds of a cell."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NoReturn

from .engines import Engines
from .execution import Execution
from .job import END_EARLY_SECONDS, Job
from .signals import Signals
from .verdict import JobEnd

if TYPE_CHECKING:
    from .verdict import CauseCode

LOOK_SECONDS = 0.05  # how often it is looked whether a wait is over
INTERRUPT_SECONDS = 3  # what an interrupted cell gets to come to its end
LOST_GRACE_SECONDS = 3  # what a cell gets to show by itself that an engine died
TOGETHER_SECONDS = 0.5  # what ends one engine, as the end of its step, ends others within this time
SIGNAL_GRACE_SECONDS = 0.5  # a TERM that killed a child first reaches us within this time

# Causes that a TERM, which reaches everybody, may have brought about.
SYMPTOMS: tuple[CauseCode, ...] = (
    "cell-error",
    "kernel-died",
    "engines-lost",
    "engines-never-came",
    "mpi",
    "killed",
)

# What the cell shows that was running when the job ended by something other than its own error.
EXPLANATIONS: dict[CauseCode, tuple[str, str]] = {
    "time-limit": ("TimeLimit", "the job's time limit was reached in this cell"),
    "cancelled": ("Cancelled", "the job was cancelled in this cell"),
    "engines-lost": ("EnginesLost", "engines of the job died in this cell: {engines}"),
    "kernel-died": ("KernelDied", "the kernel died in this cell"),
    "killed": ("Killed", "the job's script was killed in this cell"),
}


class Ending:
    """Brings a run that was started to its end."""

    def __init__(self, job: Job, signals: Signals, engines: Engines, execution: Execution) -> None:
        self._job = job
        self._signals = signals
        self._engines = engines
        self._execution = execution
        self._begun: JobEnd | None = None

    def begun(self) -> JobEnd | None:
        """The JobEnd that has come from outside, or None; it stays, and nothing runs after it."""
        if self._begun is None:
            self._begun = self._look()
        return self._begun

    def _look(self) -> JobEnd | None:
        cell = self._execution.cell_number
        if self._signals.ended_at is not None:
            return self.by_signal()
        if time.monotonic() >= self._job.ends_at:
            if cell is None and self._engines.ready < self._engines.wanted:
                return self._engines.why_they_do_not_come()
            return JobEnd("timed-out", "time-limit", cell=cell)
        if self._signals.script_has_ended:
            return JobEnd("failed", "killed", signal=None)
        return None if cell is None else self._engines.lost(cell, wait=TOGETHER_SECONDS)

    def by_signal(self) -> JobEnd:
        """A TERM when the time has all but come is the scheduler's time limit."""
        if time.monotonic() >= self._job.ends_at - END_EARLY_SECONDS / 2:
            return JobEnd("timed-out", "time-limit", cell=self._execution.cell_number)
        return JobEnd("cancelled", "cancelled", by="unknown")

    async def true_cause(self, end: JobEnd) -> JobEnd:
        """What may be only the consequence of a TERM, or of a dead engine, waits for its cause."""
        if end.code not in SYMPTOMS:
            return end
        await self.wait_for_signal()
        if self._signals.ended_at is not None:
            return self.by_signal()
        if end.code != "cell-error":
            return end
        return self._engines.lost(self._execution.cell_number) or end

    async def wait_for_signal(self) -> None:
        """Return when a TERM whose consequence an error may be would have come."""
        deadline = time.monotonic() + SIGNAL_GRACE_SECONDS
        while time.monotonic() < deadline and self._signals.ended_at is None:
            await asyncio.sleep(LOOK_SECONDS)

    async def end_cells(self, cells: asyncio.Future[NoReturn], end: JobEnd) -> JobEnd:
        """Bring the running cell to its end, in the way that the verdict asks for."""
        if end.code == "engines-lost":
            await self._wait(cells, LOST_GRACE_SECONDS)
        if end.code in ("engines-lost", "time-limit") and self._signals.ended_at is None:
            await self._execution.interrupt()
            await self._wait(cells, INTERRUPT_SECONDS)
        end = await self.true_cause(end)
        for _ in range(2):  # the second ends the reading of what a cell goes on to print
            cells.cancel()
            await asyncio.wait({cells}, timeout=1)
        return end

    def explain(self, end: JobEnd) -> None:
        """Say in the cell that was running why it did not go on."""
        why = None if end.code is None else EXPLANATIONS.get(end.code)
        if why is not None and end.cause is not None and self._execution.cell is not None:
            ename, text = why
            self._execution.explain(ename, text.format(**end.cause))

    async def _wait(self, cells: asyncio.Future[NoReturn], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._signals.ended_at is None and not cells.done():
            await asyncio.sleep(LOOK_SECONDS)
