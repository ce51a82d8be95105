"""Locks that the kernel takes back whatever happens to whoever holds them, with a note of who that is.

https://man7.org/linux/man-pages/man2/flock.2.html: a lock belongs to the open file, so that a process is
born with it; and on NFS it counts on all machines.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyterlab_submit.ownership import open_own
from jupyterlab_submit.problem import Problem

# Bytes; a note has some hundred.
LONGEST_NOTE = 8_192


class CannotLock(Exception):
    """The disk of a file has no locks, or does not answer for them."""


class LockFile:
    """A file to lock; `close` gives the lock back, unless a process was born with it."""

    def __init__(self, file: Path):
        self.file = file
        self.descriptor = open_own(file, os.O_RDWR)
        self.held = False

    def take(self) -> bool:
        """Whether the lock is ours now; raises CannotLock, and Problem."""
        if self.held:
            return True
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise CannotLock(error.strerror or str(error)) from error
        if not self.is_in_place():
            # Somebody has removed it, and whoever comes next locks another one.
            self.close()
            self.descriptor = open_own(self.file, os.O_RDWR)
            return False
        self.held = True
        return True

    def is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.descriptor), self.file.stat())
        except OSError:
            return False

    def write(self, note: dict[str, Any]) -> None:
        """Says who has the lock. It counts without, as on a disk that is full."""
        try:
            os.ftruncate(self.descriptor, 0)
            os.pwrite(self.descriptor, json.dumps(note).encode(), 0)
        except OSError:
            return

    def read(self) -> dict[str, Any]:
        """What was written last; empty where that cannot be read."""
        try:
            note = json.loads(os.pread(self.descriptor, LONGEST_NOTE, 0))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@contextmanager
def lock_file(file: Path) -> Iterator[LockFile]:
    lock = LockFile(file)
    try:
        yield lock
    finally:
        lock.close()


def read_note(file: Path) -> dict[str, Any]:
    """What stands in a lock file; empty where there is none. Raises Problem for one that is not ours."""
    if not os.path.lexists(file):
        return {}
    with lock_file(file) as lock:
        return lock.read()


@contextmanager
def locked(files: list[Path], seconds: float) -> Iterator[None]:
    """Holds the first of these that can be locked; raises Problem when somebody else does for too long."""
    deadline = time.monotonic() + seconds
    for file in files:
        with lock_file(file) as lock:
            try:
                while not lock.take():
                    if time.monotonic() > deadline:
                        raise Problem(
                            f"Another command has been starting the sidecar for long ({file})."
                        )
                    time.sleep(0.02)
            except CannotLock:
                continue
            yield
            return
    raise no_locks(files[-1])


def no_locks(file: Path) -> Problem:
    return Problem(f"{file} cannot be locked. Set JUPYTER_RUNTIME_DIR to a folder on a local disk.")


def whereabouts() -> dict[str, str]:
    """What tells this set of processes from those of other machines and containers."""
    return {
        "host": socket.gethostname(),
        "boot": text_of("/proc/sys/kernel/random/boot_id"),
        "processes": link_of("/proc/self/ns/pid"),
    }


def text_of(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return ""


def link_of(file: str) -> str:
    try:
        return os.readlink(file)
    except OSError:
        return ""
