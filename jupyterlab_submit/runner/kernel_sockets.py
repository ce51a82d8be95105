"""Where the kernel and the runner meet, so that nobody else on the node listens to what they say."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from .log import log
from .ports import HeldPorts

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
LONGEST_PATH = 107  # bytes of a socket's path (Linux, unix(7))
NAME = "k"


class KernelSockets:
    """The kernel's channels: Unix sockets in a folder of mode 0700.

    Over TCP everybody on the node could read code and output. The folder is the job's own, or a temporary
    one where that has too long a path, or is on a file system without sockets. Kernels of other
    languages know TCP only, as do those that are told so; their ports are held until they have them.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self._ports = HeldPorts(0)
        self._temporary: str | None = None
        place = self._place(folder) if language.lower() in ("python", "ipython") else None
        if place is not None:
            self.options: dict[str, Any] = {"transport": "ipc", "ip": os.path.join(place, NAME)}
            return
        log.info("The kernel is reached over TCP")
        self._ports = HeldPorts(len(CHANNELS))
        self.options = {f"{name}_port": port for name, port in zip(CHANNELS, self._ports.numbers)}

    def release(self) -> None:
        """The kernel has taken what was held for it."""
        self._ports.release()

    def remove(self) -> None:
        """The kernel has ended."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _place(self, folder: Path) -> str | None:
        if takes_sockets(folder):
            return str(folder)
        with contextlib.suppress(OSError):
            self._temporary = tempfile.mkdtemp(prefix="kernel-")
            if takes_sockets(self._temporary):
                return self._temporary
        return None


def takes_sockets(folder: Path | str) -> bool:
    """Whether Unix sockets can be made in a folder."""
    path = os.path.join(os.fsencode(folder), f"{NAME}-{len(CHANNELS)}".encode())
    if len(path) > LONGEST_PATH:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(path)
        os.unlink(path)
        return True
    except OSError:
        return False
