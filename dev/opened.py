"""Which files are opened while something runs, as the kernel tells it."""

from __future__ import annotations

import ctypes
import os
import select
import struct
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

# Of <sys/inotify.h>.
IN_OPEN, IN_CREATE, IN_ISDIR = 0x20, 0x100, 0x40000000
HEADER = struct.Struct("iIII")


class Opened:
    """Between `with` and its end, notes what is opened or made in some folders."""

    def __init__(self, folders: Sequence[Path]):
        self.files: list[str] = []
        self._over = Event()
        libc = ctypes.CDLL(None, use_errno=True)
        self._events = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self._folders = {}
        for folder in folders:
            watch = libc.inotify_add_watch(self._events, os.fsencode(folder), IN_OPEN | IN_CREATE)
            if watch < 0:
                raise OSError(ctypes.get_errno(), f"{folder} cannot be watched")
            self._folders[watch] = folder
        self._thread = Thread(target=self._read)

    def __enter__(self) -> Opened:
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._events)

    def _read(self) -> None:
        while True:
            is_last = self._over.is_set()
            while select.select([self._events], [], [], 0.1)[0]:
                self._note(os.read(self._events, 65536))
            if is_last:
                return

    def _note(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            watch, mask, _, length = HEADER.unpack_from(data, at)
            at += HEADER.size
            name = os.fsdecode(data[at : at + length].rstrip(b"\0"))
            at += length
            # A folder that is opened tells of itself where it is watched.
            if not (mask & IN_ISDIR and name):
                self.files.append(f"{self._folders[watch] / name}")
