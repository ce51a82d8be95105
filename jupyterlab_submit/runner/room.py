"""How much the outputs of all cells may take together, in memory and in the notebook."""


class Room:
    """Counts what is shown; the sum is kept, so that each output costs the same."""

    def __init__(self, limit):
        self._limit = limit
        self._taken = 0

    def has(self, size):
        return self._taken + size <= self._limit

    def take(self, size):
        """Takes room; gives it back where `size` is below zero."""
        self._taken += size
