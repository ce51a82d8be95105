"""Ports that nobody else can take before those for whom they are meant."""

from __future__ import annotations

import socket


class HeldPorts:
    """TCP ports, held until `release`.

    Kernels and controllers are told their ports before they are there to take them; a port that is
    free by then is often somebody else's a second later. A socket that is bound but does not listen
    keeps a port from all who ask for any; who asks for this very port, with SO_REUSEADDR as ZeroMQ
    does, gets it (Linux, ip(7) and tcp(7)).
    """

    def __init__(self, count: int) -> None:
        self._sockets = [socket.socket() for _ in range(count)]
        for held in self._sockets:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("", 0))

    @property
    def numbers(self) -> list[int]:
        """The port numbers; empty after `release`."""
        return [held.getsockname()[1] for held in self._sockets]

    def release(self) -> None:
        """Let them go: they have been taken, or are no longer needed."""
        for held in self._sockets:
            held.close()
        self._sockets = []
