"""How much the outputs of all cells may take together, in memory and in the notebook."""

from __future__ import annotations


class Room:
    """Counts what is shown; the sum is kept, so that each output costs the same."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0

    def has(self, size: int) -> bool:
        return self._taken + size <= self._limit

    def take(self, size: int) -> None:
        """Takes room; gives it back where `size` is below zero."""
        self._taken += size
