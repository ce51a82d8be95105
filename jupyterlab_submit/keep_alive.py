"""A server that has used the sidecar counts as its caller for as long as the server runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tornado.ioloop import PeriodicCallback

# Seconds; the sidecar leaves after 600 without a call (src/sidecar/idle.ts).
EVERY = 240.0


class KeepAlive:
    """Calls `ping` now and then, from `begin` to `end`."""

    def __init__(self, ping: Callable[[], Awaitable[None]], every: float = EVERY):
        # In milliseconds, as tornado wants it.
        self.timer = PeriodicCallback(ping, every * 1000)

    def begin(self) -> None:
        """In the server's own loop; again is the same as once."""
        if not self.timer.is_running():
            self.timer.start()

    def end(self) -> None:
        self.timer.stop()
