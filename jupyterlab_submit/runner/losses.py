"""Engines that a job goes on without, where it was asked to."""

from __future__ import annotations

from collections.abc import Mapping

from .engine_errors import ranges
from .ipython_directory import IPythonDirectory
from .log import log
from .nodes import EngineEnd
from .notes import Notes

MOST_NOTES = 8  # of which each tells of engines that ended alike; what comes later is told together, at the end


class Losses:
    """The engines that a job has lost, out of so many."""

    def __init__(
        self, wanted: int, is_allowed: bool, directory: IPythonDirectory, notes: Notes
    ) -> None:
        self.engines: dict[int, EngineEnd] = {}
        self._wanted = wanted
        self._is_allowed = is_allowed
        self._directory = directory
        self._notes = notes
        self._told = 0
        self._untold: dict[int, EngineEnd] = {}

    @property
    def left(self) -> list[int]:
        """The engines that the job still has."""
        return [engine for engine in range(self._wanted) if engine not in self.engines]

    def go_on_without(self, gone: Mapping[int, EngineEnd]) -> bool:
        """Whether the job goes on without these, which is noted then; some have to be left."""
        if not self._is_allowed or not set(self.left) - gone.keys():
            return False
        self.engines.update(gone)
        self._directory.tell_left(len(self.left))
        for end, engines in alike(gone).items():
            if self._told < MOST_NOTES:
                self._note(end, engines)
            else:
                self._untold.update(dict.fromkeys(engines, end))
        log.info("The job goes on with %d engines", len(self.left))
        return True

    def tell_rest(self) -> None:
        """At the end of the run: note what had no note of its own."""
        rest = {
            engine: EngineEnd("", end.signal, end.status) for engine, end in self._untold.items()
        }
        self._untold = {}
        for end, engines in alike(rest).items():
            self._note(end, engines)

    def _note(self, end: EngineEnd, engines: list[int]) -> None:
        self._told += 1
        self._notes.add(
            "engines-lost",
            engines=ranges(engines),
            lost=len(engines),
            left=len(self.left),
            node=end.node,
            signal=end.signal,
            status=end.status,
        )


def alike(ends: Mapping[int, EngineEnd]) -> dict[EngineEnd, list[int]]:
    """The engines of each end."""
    found: dict[EngineEnd, list[int]] = {}
    for engine, end in sorted(ends.items()):
        found.setdefault(end, []).append(engine)
    return found
