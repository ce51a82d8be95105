"""`progress.json`: where the run is."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .atomic import write_atomically
from .log import log
from .notes import Notes


@dataclass(frozen=True)
class RunningCell:
    """The cell that runs: which of those that are to run, from 1, and since when."""

    index: int
    total: int
    started_at: float  # by the clock
    began: float  # monotonic


class Progress:
    """`progress.json`: written when something has changed, and every few seconds all the same."""

    MIN_SECONDS = 0.5
    MAX_SECONDS = 4

    def __init__(self, path: Path, started: float, wanted: int, notes: Notes) -> None:
        self.phase = "starting"
        self.ready = 0
        self.cell: RunningCell | None = None
        self._started = started
        self._wanted = wanted
        self._notes = notes
        self._path = path
        self._written: dict[str, Any] = {}
        self._time = float("-inf")

    def write_if_due(self) -> None:
        age = time.monotonic() - self._time
        if age > self.MAX_SECONDS or (age > self.MIN_SECONDS and self._now() != self._written):
            self.write()

    def write(self) -> None:
        self._written = self._now()
        self._time = time.monotonic()
        try:
            text = json.dumps({**self._written, **self._times()})
            write_atomically(self._path, text, is_lasting=False)
        except OSError as error:
            log.warning("The progress could not be written: %s", error)

    def finish(self) -> None:
        """Say at once that the run comes to its end; said once."""
        if self.phase != "finishing":
            self.phase = "finishing"
            self.write()

    def _times(self) -> dict[str, Any]:
        """When this is written, and how long the job and the cell have run, whatever becomes of the clock."""
        now = time.monotonic()
        times: dict[str, Any] = {"at": time.time(), "ranSeconds": now - self._started}
        if self.cell is not None:
            times["cell"] = {**told(self.cell), "ranSeconds": now - self.cell.began}
        return times

    def _now(self) -> dict[str, Any]:
        engines = {"ready": self.ready, "wanted": self._wanted}
        return {
            "phase": self.phase,
            "engines": engines,
            "cell": None if self.cell is None else told(self.cell),
            "notes": [*self._notes.all],
        }


def told(cell: RunningCell) -> dict[str, float]:
    return {"index": cell.index, "total": cell.total, "startedAt": cell.started_at}
