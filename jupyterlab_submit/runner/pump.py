"""The pump: a process of its own that reads what the kernel prints, however busy the runner is.

ZeroMQ throws messages away that nobody takes in time.
"""

from __future__ import annotations

import collections
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from io import FileIO

HELD = 8_000_000  # bytes in memory; what is more waits in a file
MOST = 10_000_000_000  # bytes in that file; then the kernel's messages are no longer read
PIECE = 262_144


def start_pump(source: socket.socket, program: str, folder: str) -> subprocess.Popen[bytes]:
    """Start the pump of a socket; returns the pipe that it fills."""
    return subprocess.Popen(
        # -S: no site-packages, so that it is there at once
        [sys.executable, "-S", program, "pump", folder],
        stdin=source.fileno(),
        stdout=subprocess.PIPE,
        bufsize=PIECE,
    )


def pump(folder: str) -> None:
    """The pump's side: from the socket at standard input to standard output, until either has an end."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    source = socket.socket(fileno=0)
    os.set_blocking(1, False)
    waiting = Waiting(folder)
    is_open = True
    while is_open or waiting.size:
        reads = [source] if is_open and waiting.takes_more else []
        readable, writable, _ = select.select(reads, [1] if waiting.size else [], [])
        if readable:
            data = received(source)
            is_open = bool(data)
            waiting.add(data)
        if writable:
            try:
                waiting.drop(os.write(1, waiting.first()))
            except BlockingIOError:
                pass
            except OSError:
                return  # the runner has ended


def received(source: socket.socket) -> bytes:
    try:
        return source.recv(PIECE)
    except OSError:
        return b""


class Waiting:
    """Bytes that wait: the first ones in memory, and, when they are many, the others in a file."""

    def __init__(self, folder: str) -> None:
        self.size = 0
        self._folder = folder
        self._pieces: collections.deque[bytes] = collections.deque()
        self._held = 0
        self._file: FileIO | None = None
        self._from = self._to = 0  # what is in the file
        self._late = b""  # what the disk had no room for

    @property
    def takes_more(self) -> bool:
        return self.size < MOST and not self._late

    def add(self, data: bytes) -> None:
        self.size += len(data)
        if self._held + len(data) <= HELD and self._from == self._to:
            self._hold(data)
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)
            while data:
                written = os.pwrite(self._file.fileno(), data, self._to)
                self._to += written
                data = data[written:]
        except OSError:
            self._late = data

    def first(self) -> bytes:
        if self._pieces:
            return self._pieces[0]
        if self._file is None or self._from == self._to:
            self._hold(self._late)
            self._late = b""
        else:
            piece = os.pread(self._file.fileno(), min(PIECE, self._to - self._from), self._from)
            self._from += len(piece)
            if self._from == self._to:
                os.ftruncate(self._file.fileno(), 0)
                self._from = self._to = 0
            self._hold(piece)
        return self._pieces[0]

    def drop(self, count: int) -> None:
        """So many of the first bytes have gone."""
        piece = self._pieces.popleft()
        if count < len(piece):
            self._pieces.appendleft(piece[count:])
        self._held -= count
        self.size -= count

    def _hold(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self._held += len(piece)
