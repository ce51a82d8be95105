"""Messages that wait to be read, a few of them: whoever puts waits for whoever gets."""

import collections
import threading

HELD = 8_000_000  # bytes
FRAME = 100  # what a frame takes beside its bytes


class Backlog:
    """A queue between a thread that puts messages, lists of frames, and whoever gets them."""

    def __init__(self):
        self._messages = collections.deque()
        self._size = 0
        self._changed = threading.Condition()

    def put(self, frames):
        """Add a message; waits for room."""
        size = sum(FRAME + (len(frame) if isinstance(frame, bytes) else 0) for frame in frames)
        with self._changed:
            while self._messages and self._size + size > HELD:
                self._changed.wait()
            self._messages.append((size, frames))
            self._size += size

    def get(self):
        """The next message, or None."""
        with self._changed:
            if not self._messages:
                return None
            size, frames = self._messages.popleft()
            self._size -= size
            self._changed.notify()
            return frames
