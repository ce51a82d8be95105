"""What reaches the runner from outside: only noted here, acted on by the supervisor."""

from __future__ import annotations

import os
import signal
import time

# Where a scheduler sends all processes what is for the job's script, the script has all others ignore it (job/script.ts). It
# passes its warning on as one that does no harm to whoever does not wait for it.
FOR_THE_SCRIPT = (signal.SIGUSR1, signal.SIGUSR2)


def reach_all() -> bool:
    """Whether all processes get what is for the job's script."""
    return signal.getsignal(signal.SIGUSR2) == signal.SIG_IGN


def deaf() -> str:
    """A statement of the shell by which what is started after it ignores these signals, where it has to."""
    return "trap '' USR1 USR2; " if reach_all() else ""


class Signals:
    """What the scheduler, and the end of the job's script, have told us so far."""

    def __init__(self) -> None:
        self.ended_at: float | None = None  # monotonic time of the first TERM
        self.save_asked = False
        self._script = os.getppid()

    def install(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        if reach_all():
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        signal.signal(signal.SIGURG if reach_all() else signal.SIGUSR1, self._save)

    @property
    def script_has_ended(self) -> bool:
        return os.getppid() != self._script

    def _end(self, number: int, frame: object) -> None:
        if self.ended_at is None:
            self.ended_at = time.monotonic()

    def _save(self, number: int, frame: object) -> None:
        self.save_asked = True
