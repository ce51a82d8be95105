"""How commands and daemons of a stand-in speak to each other: a line of JSON each way, through sockets of the file system.

The kernel says who asks. Who waits for the end of a task has its reply then.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# A client that says nothing.
PATIENCE_SECONDS = 5


class NotThere(Exception):
    """Nobody listens."""


def ask(place: Path, request: Mapping[str, Any], descriptors: Sequence[int] = ()) -> Any:
    """What it replies, however long that takes; raises NotThere."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(place))
            text = f"{json.dumps(request)}\n".encode()
            sent = socket.send_fds(connection, [text], list(descriptors)) if descriptors else 0
            connection.sendall(text[sent:])
            reply = b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError as error:
            raise NotThere(str(error)) from None
    if not reply:
        raise NotThere("closed without a word")
    return json.loads(reply)


class Request:
    """One that was heard, with who asks and the open files that came along."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        connection.settimeout(PATIENCE_SECONDS)
        format = "3i"
        size = struct.calcsize(format)
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        _, self.uid, _ = struct.unpack(format, credentials)
        text, self.descriptors, _, _ = socket.recv_fds(connection, 65536, 3)
        while text and not text.endswith(b"\n"):
            more = connection.recv(65536)
            text = text + more if more else b""
        self.asked: dict[str, Any] = json.loads(text)

    def reply(self, reply: Any) -> None:
        # Who asked may be gone.
        with contextlib.suppress(OSError):
            self.connection.sendall(json.dumps(reply).encode())
        self.close()

    @property
    def is_gone(self) -> bool:
        """Whether who asked waits no longer."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def close(self) -> None:
        self.connection.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors = []


class Listener:
    """Listens at a place that everybody may knock at; who was there before is gone."""

    def __init__(self, place: Path) -> None:
        place.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(str(place))
        place.chmod(0o666)
        self.socket.listen(100)

    def hear(self, seconds: float) -> Request | None:
        """The next request; none when there is none for so long, or one that is no request."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return None
        connection, _ = self.socket.accept()
        try:
            return Request(connection)
        except (OSError, ValueError):
            connection.close()
            return None
