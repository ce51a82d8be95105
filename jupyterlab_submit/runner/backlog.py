"""Messages that wait to be read, a few of them: whoever puts waits for whoever gets."""

from __future__ import annotations

import collections
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .zmtp import Frame

HELD = 8_000_000  # bytes
FRAME = 100  # what a frame takes beside its bytes


class Backlog:
    """A queue between a thread that puts messages, lists of frames, and whoever gets them."""

    def __init__(self) -> None:
        self._messages: collections.deque[tuple[int, list[Frame]]] = collections.deque()
        self._size = 0
        self._changed = threading.Condition()

    def put(self, frames: list[Frame]) -> None:
        """Add a message; waits for room."""
        size = sum(FRAME + (len(frame) if isinstance(frame, bytes) else 0) for frame in frames)
        with self._changed:
            while self._messages and self._size + size > HELD:
                self._changed.wait()
            self._messages.append((size, frames))
            self._size += size

    def get(self) -> list[Frame] | None:
        """The next message, or None."""
        with self._changed:
            if not self._messages:
                return None
            size, frames = self._messages.popleft()
            self._size -= size
            self._changed.notify()
            return frames
