"""`progress.json`: where the run is."""

import json
import time

from .atomic import write_atomically
from .log import log


class Progress:
    """`progress.json`: written when something has changed, and every few seconds all the same."""

    MIN_SECONDS = 0.5
    MAX_SECONDS = 4

    def __init__(self, path, started, wanted, notes):
        self.phase = "starting"
        self.ready = 0
        self.cell = None
        self.cell_began = None  # monotonic
        self._started = started
        self._wanted = wanted
        self._notes = notes
        self._path = path
        self._written = None
        self._time = float("-inf")

    def write_if_due(self):
        age = time.monotonic() - self._time
        if age > self.MAX_SECONDS or (age > self.MIN_SECONDS and self._now() != self._written):
            self.write()

    def write(self):
        self._written = self._now()
        self._time = time.monotonic()
        try:
            text = json.dumps({**self._written, **self._times()})
            write_atomically(self._path, text, is_lasting=False)
        except OSError as error:
            log.warning("The progress could not be written: %s", error)

    def _times(self):
        """When this is written, and how long the job and the cell have run, whatever becomes of the clock."""
        now = time.monotonic()
        times = {"at": time.time(), "ranSeconds": now - self._started}
        if self.cell is not None:
            cell = {**self.cell, "ranSeconds": now - self.cell_began}
            times["cell"] = cell
        return times

    def _now(self):
        engines = {"ready": self.ready, "wanted": self._wanted}
        return {
            "phase": self.phase,
            "engines": engines,
            "cell": self.cell and dict(self.cell),
            "notes": [*self._notes.all],
        }
