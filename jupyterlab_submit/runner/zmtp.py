"""ZeroMQ's wire protocol, as far as a kernel's client needs it: ZMTP 3.0 without security.

libzmq hands out messages in whole, and has them in memory by then; a kernel may send any size. Source:
https://rfc.zeromq.org/spec/23/
"""

from __future__ import annotations

import contextlib
import enum
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import TYPE_CHECKING, Any, Tuple, Union

from .log import log
from .pump import start_pump
from .stored import Stored

GREETING = b"\xff" + bytes(7) + b"\x01\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4  # flags of a frame
LARGE = 4_000_000  # bytes of a message that are held in memory; what is more of it goes into files
MOST_OF_A_COMMAND = 65_536
RETRY_SECONDS = 0.02  # until the kernel is there


class NoRoom(enum.Enum):
    """What stands for a frame that could not be kept."""

    NO_ROOM = 0


NO_ROOM = NoRoom.NO_ROOM

if TYPE_CHECKING:
    Frame = Union[bytes, Stored, NoRoom]
    Reader = BufferedReader[Any]
    # A path of a Unix socket, or host and port.
    Address = Union[str, Tuple[str, int]]


class Unsupported(Exception):
    """The other side speaks another version of the protocol, or wants security."""


class Connection:
    """A connection with one socket of a kernel: a thread reads, and passes on each message, a list of frames.

    With `program`, a pump of ours reads the socket. `kind` is the type of our socket: "SUB" or "DEALER".
    """

    def __init__(
        self,
        address: Address,
        kind: str,
        identity: bytes,
        folder: str,
        take: Callable[[list[Frame]], None],
        program: str | None = None,
    ) -> None:
        self.is_unsupported = False
        self.is_ready = False
        self._address = address
        self._kind = kind
        self._identity = identity
        self._folder = folder
        self._take = take
        self._program = program
        self._socket: socket.socket | None = None
        self._waiting: list[bytes] = []  # what is to be sent when the kernel is there
        self._lock = threading.Lock()
        self._is_closed = False

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name=f"kernel {self._kind}").start()

    def close(self) -> None:
        self._is_closed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def send(self, frames: list[bytes]) -> None:
        data = b"".join(
            framed(MORE if number < len(frames) else 0, frame)
            for number, frame in enumerate(frames, 1)
        )
        with self._lock:
            if not self.is_ready or self._socket is None:
                self._waiting.append(data)
                return
        self._write(self._socket, data)

    @staticmethod
    def _write(to: socket.socket, data: bytes) -> None:
        try:
            to.sendall(data)
        except OSError as error:
            log.info("The kernel does not take a message: %s", error)

    def _run(self) -> None:
        while not self._is_closed:
            try:
                with connected(self._address) as self._socket, self._reader(self._socket) as reader:
                    self._greet(self._socket, reader)
                    while True:
                        self._take(self._read_message(reader))
            except Unsupported as error:
                log.info("The kernel's protocol is read by libzmq: %s", error)
                self.is_unsupported = True
                return
            except OSError:
                self.is_ready = False
                time.sleep(RETRY_SECONDS)

    @contextlib.contextmanager
    def _reader(self, to: socket.socket) -> Iterator[Reader]:
        """What comes from the socket, read by a pump where one is wanted."""
        if self._program is None:
            with BufferedReader(to.makefile("rb", 0), 262_144) as reader:
                yield reader
            return
        pump = start_pump(to, self._program, self._folder)
        try:
            assert isinstance(pump.stdout, BufferedReader)
            with pump.stdout:
                yield pump.stdout
        finally:
            pump.kill()
            pump.wait()

    def _greet(self, to: socket.socket, reader: Reader) -> None:
        to.sendall(GREETING)
        greeting = exactly(reader, len(GREETING))
        if greeting[0] != 0xFF or greeting[9] != 0x7F or greeting[10] < 3:
            raise Unsupported("it is older")
        if greeting[12:32].rstrip(b"\0") != b"NULL":
            raise Unsupported("it is encrypted")
        about = [(b"Socket-Type", self._kind.encode())]
        if self._identity:
            about.append((b"Identity", self._identity))
        ready = b"\x05READY" + b"".join(
            bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
            for name, value in about
        )
        to.sendall(framed(COMMAND, ready))
        flags, size = self._read_head(reader)
        if not flags & COMMAND or not exactly(reader, size).startswith(b"\x05READY"):
            raise ConnectionError("not ready")
        if self._kind == "SUB":
            to.sendall(framed(0, b"\x01"))  # all messages
        with self._lock:
            for data in self._waiting:
                self._write(to, data)
            self._waiting = []
            self.is_ready = True

    def _read_message(self, reader: Reader) -> list[Frame]:
        frames: list[Frame] = []
        held = 0
        while True:
            flags, size = self._read_head(reader)
            if flags & COMMAND:
                exactly(reader, size)
                continue
            if held + size > LARGE:
                frames.append(self._store(reader, size))
            else:
                held += size
                frames.append(exactly(reader, size))
            if not flags & MORE:
                return frames

    @staticmethod
    def _read_head(reader: Reader) -> tuple[int, int]:
        flags = exactly(reader, 1)[0]
        size = struct.unpack(">Q", exactly(reader, 8))[0] if flags & LONG else exactly(reader, 1)[0]
        if flags & COMMAND and size > MOST_OF_A_COMMAND:
            raise ConnectionError("a command is too long")
        return flags, size

    def _store(self, reader: Reader, size: int) -> Frame:
        frame: Stored | None = None
        try:
            frame = Stored(self._folder)
        except OSError as error:
            log.warning("A message of the kernel could not be kept: %s", error)
        while size:
            data = reader.read1(min(size, 262_144))
            if not data:
                raise ConnectionError("the kernel has gone")
            size -= len(data)
            try:
                if frame is not None:
                    frame.add(data)
            except OSError as error:
                log.warning("A message of the kernel could not be kept: %s", error)
                frame = None
        return NO_ROOM if frame is None else frame


def connected(address: Address) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address)
    found = socket.socket(socket.AF_UNIX)
    try:
        found.connect(address)
    except OSError:
        found.close()
        raise
    return found


def framed(flags: int, data: bytes) -> bytes:
    if len(data) < 256:
        return bytes([flags, len(data)]) + data
    return bytes([flags | LONG]) + struct.pack(">Q", len(data)) + data


def exactly(reader: Reader, size: int) -> bytes:
    data = reader.read(size)
    if len(data) < size:
        raise ConnectionError("the kernel has gone")
    return data
