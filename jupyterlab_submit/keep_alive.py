"""A server that has used the sidecar counts as its caller for as long as the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# Seconds; the sidecar leaves after 600 without a call (src/sidecar/lifecycle/idle.ts).
EVERY = 240.0


class KeepAlive:
    """Calls `ping` now and then, from `begin` to `end`; `ping` raises nothing."""

    def __init__(self, ping: Callable[[], Awaitable[None]], every: float = EVERY):
        self.ping = ping
        self.every = every
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """In the server's own loop; again is the same as once."""
        if self.task is None:
            self.task = asyncio.ensure_future(self.go_on())

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            await self.ping()

    def end(self) -> None:
        """A call that is under way is dropped."""
        if self.task is not None:
            self.task.cancel()
            self.task = None
