"""What is left of a job: found, and ended."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import signal
import time
from collections.abc import Callable

from .job import JOB_VARIABLE


def sweep(
    find: Callable[[], list[int]],
    spared: Callable[[], set[int]],
    script_seconds: float = 5,
    term_seconds: float = 2,
    give_up_seconds: float = 60,
) -> None:
    """End the processes that `find()` names until it names none: by TERM, then by KILL.

    The `spared()` ones get five seconds to end by themselves: the job's script is still to write
    its last word. Twice none, because a process may fork while we look.
    """
    began = time.monotonic()
    told: dict[int, float] = {}
    clean = 0
    while clean < 2 and time.monotonic() - began < give_up_seconds:
        now = time.monotonic()
        found = find()
        clean = 0 if found else clean + 1
        left_alone = spared() if now - began < script_seconds else set()
        for process in found:
            if process in left_alone:
                continue
            since = told.setdefault(process, now)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if now - since >= term_seconds or now - began > script_seconds + term_seconds:
                    os.kill(process, signal.SIGKILL)
                elif since == now:
                    os.kill(process, signal.SIGTERM)
        time.sleep(0.1)


def carriers(job_id: str) -> list[int]:
    """The processes whose environment carries the job's id, but for this one."""
    mark = f"{JOB_VARIABLE}={job_id}".encode()
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        with contextlib.suppress(OSError), open(path, "rb") as file:  # gone, or another user's
            if mark in file.read().split(b"\0"):
                found.append(int(path.split("/")[2]))
    return [process for process in found if process != os.getpid()]


def script_family(script: int) -> set[int]:
    """The job's script and the commands that it runs now."""
    family = {script}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError), open(
            path, encoding="utf-8", errors="replace"
        ) as file:
            parent = (
                file.read().rpartition(")")[2].split()[1]
            )  # proc(5): after the name in brackets
            if int(parent) == script:
                family.add(int(path.split("/")[2]))
    return family


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return error.errno == errno.EPERM
    return True
