"""The extension: what a browser loads, and the start of JupyterLab's server with and without it."""

from __future__ import annotations

import gzip
import socket
import subprocess
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from dev.bench.compare import compare, figure, heading
from dev.bench.home import JUPYTER, Home, moments
from dev.place import EXTENSION


def measure(home: Home, rounds: int) -> None:
    scripts = sorted((EXTENSION / "static").glob("*.js"))
    heading("the extension's scripts")
    figure("as they are", sum(len(script.read_bytes()) for script in scripts) / 1000, "kB")
    figure("compressed (gzip)", sum(map(compressed, scripts)) / 1000, "kB")
    compare(
        "JupyterLab's server, until it has sent its page",
        {
            "without the extension": partial(start_lab, home, False),
            "with it": partial(start_lab, home, True),
        },
        rounds,
    )


def compressed(script: Path) -> int:
    return len(gzip.compress(script.read_bytes(), 9))


def start_lab(home: Home, with_extension: bool) -> float:
    """Seconds from the command until the page is here."""
    port = free_port()
    folder = home.folder()
    process = subprocess.Popen(
        [
            *(JUPYTER, "lab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"),
            *(f"--ServerApp.port={port}", "--IdentityProvider.token=", "--log-level=ERROR"),
            f"--ServerApp.jpserver_extensions={{'jupyterlab_submit': {with_extension}}}",
        ],
        cwd=folder,
        env=home.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    began = time.monotonic()
    try:
        for _ in moments(120):
            if fetch(f"http://127.0.0.1:{port}/lab") is not None:
                took = time.monotonic() - began
                ours = fetch(f"http://127.0.0.1:{port}/jupyterlab-submit/api/ping")
                assert (ours is not None) == with_extension, ours
                return took
        raise TimeoutError("JupyterLab does not start")
    finally:
        process.terminate()
        process.wait()
        home.end_sidecar()


def fetch(url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return None


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
