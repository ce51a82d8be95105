"""The hub, ipyparallel's part of the controller that knows the engines."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterable

from .ipython_directory import IPythonDirectory


class Hub:
    """What the hub of this job knows, and what it has to be told."""

    def __init__(self, directory: IPythonDirectory) -> None:
        self._directory = directory
        self._engines: dict[int, str] = {}  # how messages are addressed to each
        self._state_version: tuple[int, int] | None = None

    def engines(self) -> frozenset[int]:
        """The ids of the registered engines, as the hub's state file tells."""
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half written
            stat = os.stat(self._directory.hub_state)
            version = (stat.st_mtime_ns, stat.st_size)  # two writes may fall into one clock tick
            if version != self._state_version:
                state = json.loads(self._directory.hub_state.read_text())
                self._engines = {int(i): address for i, address in state["engines"].items()}
                self._state_version = version
        return frozenset(self._engines)

    def unregister(self, gone: Iterable[int]) -> None:
        """Say what a nanny would: else the hub, and so the cell, would learn it only after 30 s."""
        self._send(
            "registration", [("unregistration_request", {"id": engine}, None) for engine in gone]
        )

    def kill(self) -> None:
        """Have the registered engines end themselves, whatever they compute (engine_signals.py)."""
        kill = {"sig": int(signal.SIGKILL)}
        engines = [address.encode() for address in self._engines.values()]
        self._send("control", [("signal_request", kill, engine) for engine in engines])

    def _send(self, port: str, messages: list[tuple[str, dict[str, int], bytes | None]]) -> None:
        """Send messages (type, content, engine that gets it) to that port of the controller, as a client."""
        import zmq
        from jupyter_client.session import Session

        with contextlib.suppress(OSError, ValueError, KeyError, zmq.ZMQError):
            info = json.loads((self._directory.security / "ipcontroller-client.json").read_text())
            session = Session(key=info["key"].encode())
            with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
                socket.linger = 300  # ms
                socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
                socket.curve_serverkey = info["curve_serverkey"].encode()
                socket.connect(f"{info['interface']}:{info[port]}")
                for kind, content, engine in messages:
                    session.send(socket, kind, content=content, ident=engine)
