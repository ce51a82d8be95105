"""The hub, ipyparallel's part of the controller that knows the engines."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable

from .ipython_directory import IPythonDirectory


class Hub:
    """What the hub of this job knows, and what it has to be told."""

    def __init__(self, directory: IPythonDirectory) -> None:
        self._directory = directory
        self._engines: frozenset[int] = frozenset()
        self._state_version: tuple[int, int] | None = None

    def engines(self) -> frozenset[int]:
        """The ids of the registered engines, as the hub's state file tells."""
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half written
            stat = os.stat(self._directory.hub_state)
            version = (stat.st_mtime_ns, stat.st_size)  # two writes may fall into one clock tick
            if version != self._state_version:
                state = json.loads(self._directory.hub_state.read_text())
                self._engines = frozenset(int(i) for i in state["engines"])
                self._state_version = version
        return self._engines

    def unregister(self, gone: Iterable[int]) -> None:
        """Say what a nanny would: else the hub, and so the cell, would learn it only after 30 s."""
        import zmq
        from jupyter_client.session import Session

        with contextlib.suppress(OSError, ValueError, KeyError, zmq.ZMQError):
            info = json.loads((self._directory.security / "ipcontroller-engine.json").read_text())
            session = Session(key=info["key"].encode())
            with zmq.Context() as context, context.socket(zmq.DEALER) as hub:
                hub.linger = 300  # ms
                hub.curve_publickey, hub.curve_secretkey = zmq.curve_keypair()
                hub.curve_serverkey = info["curve_serverkey"].encode()
                hub.connect(f"{info['interface']}:{info['registration']}")
                for engine in gone:
                    session.send(hub, "unregistration_request", content={"id": engine})
