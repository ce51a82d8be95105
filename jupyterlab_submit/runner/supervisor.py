"""What is looked at while kernel and engines start and the cells run, ten times a second."""

import asyncio

TICK_SECONDS = 0.1


class Supervisor:
    """Notices what ends a run from outside, and keeps its files fresh."""

    def __init__(self, signals, engines, execution, result, progress, ending):
        self._signals = signals
        self._engines = engines
        self._execution = execution
        self._result = result
        self._progress = progress
        self._ending = ending

    async def run(self):
        """Raises JobEnd when something other than the notebook ends the run."""
        while True:
            end = self._ending.begun()
            if end is not None:
                raise end
            self._look_after_files()
            await asyncio.sleep(TICK_SECONDS)

    def _look_after_files(self):
        self._progress.ready = self._engines.ready
        self._progress.cell = self._execution.cell
        self._progress.cell_began = self._execution.cell_began
        self._progress.write_if_due()
        if self._signals.save_asked:
            self._signals.save_asked = False
            self._result.save_soon()
        self._execution.settle()
        self._result.save_if_due()
