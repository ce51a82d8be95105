"""A way to the cluster's SSH server that can be cut, closed and silenced. (test/cluster/link.ts is the tests' own.)"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading

MOST_BYTES = 65536


class Link:
    """Listens on a port of this machine and passes bytes on to another one, both ways."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        # Each end and its other one; those that are silent pass nothing on and tell nobody.
        self._others: dict[socket.socket, socket.socket] = {}
        self._silent: set[socket.socket] = set()
        self._is_down = False
        self._is_over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    @property
    def connections(self) -> int:
        with self._lock:
            return len(self._others) // 2

    def cut(self) -> None:
        """Ends all connections; new ones can be made."""
        with self._lock:
            ends = list(self._others)
            self._others.clear()
            self._silent.clear()
        for end in ends:
            close(end)

    def down(self) -> None:
        """Ends all connections, and makes none until `restore`."""
        self._is_down = True
        self.cut()

    def restore(self) -> None:
        self._is_down = False

    def silence(self) -> None:
        """The connections that there are pass nothing on any more, not even that they end."""
        with self._lock:
            self._silent.update(self._others)

    def close(self) -> None:
        self._is_over.set()
        self.down()
        close(self._listener)

    def _accept(self) -> None:
        while not self._is_over.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self._is_down:
                    raise ConnectionError("down")
                far = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            except OSError:
                close(near)
                continue
            for end in (near, far):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._others.update({near: far, far: near})
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        try:
            with selectors.DefaultSelector() as ready:
                for end in (near, far):
                    ready.register(end, selectors.EVENT_READ)
                while True:
                    for key, _ in ready.select():
                        self._pass_on(key.fileobj)
        except (OSError, ValueError):
            self._drop(near, far)

    def _pass_on(self, end: socket.socket) -> None:
        """Raises OSError when the connection is over."""
        data = end.recv(MOST_BYTES)
        with self._lock:
            other, is_silent = self._others.get(end), end in self._silent
        if other is None or (not data and not is_silent):
            raise ConnectionError("over")
        if is_silent:
            if not data:
                # The other end must not hear of it; `cut` ends it.
                raise ConnectionError("over, and nobody is told")
            return
        other.sendall(data)

    def _drop(self, near: socket.socket, far: socket.socket) -> None:
        with self._lock:
            is_silent = near in self._silent
            if is_silent:
                return
            self._others.pop(near, None)
            self._others.pop(far, None)
        close(near)
        close(far)


def close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
