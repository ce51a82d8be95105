"""What is looked at while kernel and engines start and the cells run, ten times a second."""

import asyncio
import time

from .verdict import JobEnd

TICK_SECONDS = 0.1


class Supervisor:
    """Notices what ends a run from outside, and keeps its files fresh."""

    def __init__(self, job, signals, engines, execution, result, progress, ending):
        self._job = job
        self._signals = signals
        self._engines = engines
        self._execution = execution
        self._result = result
        self._progress = progress
        self._ending = ending

    async def run(self):
        """Raises JobEnd when something other than the notebook ends the run."""
        while True:
            if self._signals.ended_at is not None:
                raise self._ending.by_signal()
            if time.time() >= self._job.ends_at:
                if self._is_waiting_for_engines():
                    raise self._engines.why_they_do_not_come()
                raise JobEnd("timed-out", "time-limit", cell=self._execution.cell_number)
            if self._signals.script_has_ended:
                raise JobEnd("failed", "killed", signal=None)
            if self._progress.phase == "running":
                lost = self._engines.lost()
                if lost is not None:
                    raise lost
            self._look_after_files()
            await asyncio.sleep(TICK_SECONDS)

    def _look_after_files(self):
        self._progress.ready = self._engines.ready
        self._progress.cell = self._execution.cell
        self._progress.write_if_due()
        if self._signals.save_asked:
            self._signals.save_asked = False
            self._result.save_soon()
        self._execution.settle()
        self._result.save_if_due()

    def _is_waiting_for_engines(self):
        is_starting = self._progress.phase == "starting"
        return is_starting and self._engines.ready < self._engines.wanted
