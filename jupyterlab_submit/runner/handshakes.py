"""Inside kernel and engines: what is sent over connections that are still being made, ZeroMQ drops without a word.

A router knows its peers, and a publisher who subscribes, once they have shaken hands (zmq_socket(3)); a socket
that connects is usable at once. On a busy machine a first cell was lost in between, and waited for ever.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from typing import Any

CLIENT_SECONDS = 10  # what connections of a client get: its hub has answered already


class Handshakes:
    """Those of sockets that are going to connect."""

    def __init__(self) -> None:
        self._missing: dict[Any, int] = {}

    def expect(self, socket: Any) -> None:
        """One more of this socket, which connects next."""
        import zmq

        if zmq.zmq_version_info() < (4, 3):  # where it does not tell
            return
        if socket not in self._missing:
            self._missing[socket] = 0
            socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED)
        self._missing[socket] += 1

    def wait(self, seconds: float) -> None:
        """Return when there are all of them, or after that time."""
        deadline = time.monotonic() + seconds
        while self._missing:
            socket, missing = self._missing.popitem()
            # It is the one that there is already.
            monitor = socket.get_monitor_socket()
            while missing and monitor.poll(max(0.0, deadline - time.monotonic()) * 1000):
                monitor.recv_multipart()
                missing -= 1
            socket.disable_monitor()
            monitor.close()


def connect_engine(seconds: float) -> None:
    """In an engine: its heart, by which the hub knows it, beats when all else is connected; or after that time."""
    from ipyparallel.engine import app

    changed: Any = app.IPEngine
    complete, beat = changed.complete_registration, changed.start_heartbeat
    handshakes = Handshakes()

    @functools.wraps(complete)
    def complete_registration(own: Any, message: Any, connect: Any, *args: Any) -> Any:
        def expect_and_connect(socket: Any, *to: Any, **how: Any) -> Any:
            handshakes.expect(
                getattr(socket, "socket", socket)
            )  # before ipyparallel 9, it is a stream
            return connect(socket, *to, **how)

        return complete(own, message, expect_and_connect, *args)

    @functools.wraps(beat)
    def start_heartbeat(own: Any, *args: Any) -> None:
        handshakes.wait(seconds)
        beat(own, *args)

    changed.complete_registration, changed.start_heartbeat = complete_registration, start_heartbeat


def connect_clients(module: Any) -> None:
    """A Client is there when it would hear what engines say. `module`: ipyparallel.client.client."""
    stock = module.Client
    open_all, connect = stock._connect, module.util.connect
    here = threading.local()

    @functools.wraps(connect)
    def expect_and_connect(socket: Any, *args: Any, **kwargs: Any) -> Any:
        import zmq

        handshakes = getattr(here, "handshakes", None)
        # What it says waits for the connection, in sockets of the other types.
        if handshakes is not None and socket.type == zmq.SUB:
            handshakes.expect(socket)
        return connect(socket, *args, **kwargs)

    @functools.wraps(open_all)
    def connect_and_wait(client: Any, *args: Any, **kwargs: Any) -> Any:
        here.handshakes = Handshakes()
        try:
            open_all(client, *args, **kwargs)
            here.handshakes.wait(CLIENT_SECONDS)
        finally:
            with contextlib.suppress(AttributeError):
                del here.handshakes

    module.util.connect, stock._connect = expect_and_connect, connect_and_wait
