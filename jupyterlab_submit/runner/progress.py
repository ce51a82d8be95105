"""`progress.json`: where the run is."""

import json
import time

from .atomic import write_atomically
from .log import log


class Progress:
    """`progress.json`: written when something has changed, and every few seconds all the same."""

    MIN_SECONDS = 0.5
    MAX_SECONDS = 4

    def __init__(self, path, wanted, notes):
        self.phase = "starting"
        self.ready = 0
        self.cell = None
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
            text = json.dumps({"at": time.time(), **self._written})
            write_atomically(self._path, text, is_lasting=False)
        except OSError as error:
            log.warning("The progress could not be written: %s", error)

    def _now(self):
        engines = {"ready": self.ready, "wanted": self._wanted}
        return {
            "phase": self.phase,
            "engines": engines,
            "cell": self.cell and dict(self.cell),
            "notes": [*self._notes.all],
        }
