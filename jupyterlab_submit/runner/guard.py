"""The guard: a process of its own that ends what a job has left."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time

from .job import JOB_VARIABLE, Job
from .sweep import carriers, is_there, script_family, sweep


class Guard:
    """The runner's side: a pipe that the guard reads. Its end tells that the runner has ended."""

    def __init__(self, job: Job) -> None:
        env = {name: value for name, value in os.environ.items() if name != JOB_VARIABLE}
        kill_at = job.started + job.limit_seconds
        guard = subprocess.Popen(
            # -S: no site-packages, so that it is there at once
            [sys.executable, "-S", job.program, "guard"]
            + [job.id, str(os.getpid()), str(os.getppid()), str(kill_at)],
            env=env,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert guard.stdin is not None
        self._pipe = guard.stdin

    def watch(self, group: int) -> None:
        """Tell the guard of a process group: where there is no /proc, that is all it can end."""
        with contextlib.suppress(OSError):
            self._pipe.write(b"%d\n" % group)
            self._pipe.flush()


def guard(job_id: str, runner: int, script: int, kill_at: float) -> None:
    """The guard's side: wait for the runner's end, then end all that carries the job's id.

    A runner that is still there five seconds after the job's limit, `kill_at` in monotonic seconds, is
    stuck, and is killed.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    told = b""
    while True:
        seconds_left = kill_at + 5 - time.monotonic()
        if seconds_left <= 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(runner, signal.SIGKILL)
            break
        if select.select([0], [], [], min(seconds_left, 60))[0]:
            text = os.read(0, 65536)
            if not text:
                break
            told += text
    if os.path.isdir("/proc/self"):
        sweep(lambda: carriers(job_id), lambda: script_family(script))
    else:
        groups = [-int(group) for group in told.split()]
        sweep(lambda: [group for group in groups if is_there(group)], set)
