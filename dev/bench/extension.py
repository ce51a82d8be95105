"""The extension: what a browser loads, and JupyterLab's start with and without it."""

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

EXTENSION_NAME = "jupyterlab-submit"


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
    """Seconds from the command to the page, with the server's and the browser's part or with neither."""
    port = free_port()
    folder = home.folder()
    config = home.path / "config"
    run_labextension(home, "enable" if with_extension else "disable")
    command = [JUPYTER, "lab", "--no-browser", "--allow-root", f"--ServerApp.root_dir={folder}"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", "--log-level=ERROR", f"--config={config}/none.py"]
    switch = f"--ServerApp.jpserver_extensions={{'jupyterlab_submit': {with_extension}}}"
    (config / "none.py").write_text("c = get_config()\n")
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, switch],
        cwd=folder,
        env=home.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in moments(120):
            page = fetch(f"http://127.0.0.1:{port}/lab")
            if page is not None:
                took = time.monotonic() - began
                # The page names each extension's script.
                assert (f"{EXTENSION_NAME}/static" in page) == with_extension
                return took
        raise TimeoutError("JupyterLab does not start")
    finally:
        process.terminate()
        process.wait()


def run_labextension(home: Home, what: str) -> None:
    command = [JUPYTER, "labextension", what, "--level=user", EXTENSION_NAME]
    subprocess.run(command, env=home.variables, check=True, capture_output=True)


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
