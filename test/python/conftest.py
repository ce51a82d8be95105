"""Homes of their own for the tests, so that none meets the person's own sidecar."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyterlab_submit import cli, folders, sidecar
from jupyterlab_submit.request import request

FAKE = Path(__file__).parent / "fakes/sidecar.cjs"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, with a short path: a socket's has 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="s", dir="/tmp"))
    for name, below in {
        "HOME": "",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
    }.items():
        monkeypatch.setenv(name, str(path / below))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def bundle(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build whose sidecar is the fake one, version 0.1.0; its processes end with the test."""
    path = home / "bundle"
    path.mkdir()
    shutil.copy(FAKE, path / "sidecar.cjs")
    (path / "version.txt").write_text("0.1.0\n")
    monkeypatch.setattr(sidecar, "BUNDLE", path)
    monkeypatch.setattr(cli, "BUNDLE", path)
    yield path
    for lock in home.rglob("sidecar.lock"):
        try:
            os.kill(json.loads(lock.read_text())["pid"], signal.SIGKILL)
        except (ValueError, ProcessLookupError):
            # Nothing was started, or it is gone already.
            continue


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says how fake sidecars that are started from now on behave."""
    return lambda **how: monkeypatch.setenv("FAKE_SIDECAR", json.dumps(how))


@pytest.fixture
def pong(home: Path) -> Callable[[], dict]:
    """Asks the sidecar that runs in this home."""

    def ask() -> dict:
        answer = request(folders.socket_folder() / folders.SOCKET, "GET", "/api/ping")
        assert answer is not None
        return answer

    return ask
