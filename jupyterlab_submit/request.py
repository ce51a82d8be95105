"""HTTP over a Unix socket, for the few questions that Python itself has for the sidecar."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any


def request(
    path: Path, method: str, target: str, body: object = None, timeout: float = 5.0
) -> dict[str, Any] | None:
    """The JSON object of a good answer, or None when there is none.

    `timeout` is in seconds, for each single wait.
    """
    connection = UnixConnection(path, timeout)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, target, content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if response.status < 300 and isinstance(answer, dict) else None


class UnixConnection(HTTPConnection):
    def __init__(self, path: Path, timeout: float):
        # The name goes into the Host header, and nowhere else.
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))
