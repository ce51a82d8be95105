"""What reaches the runner from outside: only noted here, acted on by the supervisor."""

from __future__ import annotations

import os
import signal
import time


class Signals:
    """What the scheduler, and the end of the job's script, have told us so far."""

    def __init__(self) -> None:
        self.ended_at: float | None = None  # monotonic time of the first TERM
        self.save_asked = False
        self._script = os.getppid()

    def install(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGUSR1, self._save)

    @property
    def script_has_ended(self) -> bool:
        return os.getppid() != self._script

    def _end(self, number: int, frame: object) -> None:
        if self.ended_at is None:
            self.ended_at = time.monotonic()

    def _save(self, number: int, frame: object) -> None:
        self.save_asked = True
