"""A home folder for one measurement: a sidecar of its own, and nothing of the person's."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from dev.place import ENVIRONMENT, variables
from dev.sealed import sealed

JUPYTER = str(ENVIRONMENT / "bin/jupyter")


class Home:
    """Made and removed with its sidecar by `with`."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
        self.path = Path(self._temporary.name)
        self.extra: dict[str, str] = {}
        """Further variables of all that is started here."""

    def __enter__(self) -> Home:
        for name in ("data", "runtime", "config"):
            (self.path / name).mkdir(mode=0o700)
        return self

    def __exit__(self, *_) -> None:
        self.end_sidecar()
        self._temporary.cleanup()

    @property
    def variables(self) -> Mapping[str, str]:
        places = {
            f"JUPYTER_{name.upper()}_DIR": str(self.path / name)
            for name in ("data", "runtime", "config")
        }
        return {**variables(), **sealed(str(self.path)), **places, **self.extra}

    def folder(self) -> Path:
        """A new one."""
        return Path(tempfile.mkdtemp(dir=self.path))

    @property
    def socket(self) -> Path:
        return next((self.path / "runtime").rglob("sidecar.sock"))

    def sidecar_log(self) -> list[str]:
        """Its lines."""
        log = next((self.path / "data").rglob("sidecar.log"))
        return log.read_text().splitlines()

    def sidecar(self) -> int | None:
        """The process id of the one that runs."""
        for lock in self.path.glob("*/**/sidecar.lock"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                pid = int(json.loads(lock.read_text())["pid"])
                if is_alive(pid):
                    return pid
        return None

    def end_sidecar(self) -> None:
        """As after ten quiet minutes; returns when it has gone."""
        pid = self.sidecar()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            for _ in moments(15):
                if not is_alive(pid):
                    return
            os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        # A zombie has ended.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def moments(seconds: float) -> Iterator[None]:
    """Comes round until the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.02)
