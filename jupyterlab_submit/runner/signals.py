"""What reaches the runner from outside: only noted here, acted on by the supervisor."""

import os
import signal
import time


class Signals:
    """What the scheduler, and the end of the job's script, have told us so far."""

    def __init__(self):
        self.ended_at = None  # monotonic time of the first TERM
        self.save_asked = False
        self._script = os.getppid()

    def install(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGUSR1, self._save)

    @property
    def script_has_ended(self):
        return os.getppid() != self._script

    def _end(self, number, frame):
        if self.ended_at is None:
            self.ended_at = time.monotonic()

    def _save(self, number, frame):
        self.save_asked = True
