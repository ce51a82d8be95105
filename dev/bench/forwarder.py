"""What the Jupyter server adds to a question that it hands over to the sidecar."""

from __future__ import annotations

import http.client
import socket
import statistics
import subprocess
import time
from collections.abc import Callable

from dev.bench.compare import figure, heading
from dev.bench.extension import fetch, free_port
from dev.bench.home import JUPYTER, Home, moments

QUESTIONS = 200
PATH = "/api/jobs"
TOKEN = "bench"


def measure(home: Home, _: int) -> None:
    port = free_port()
    command = [JUPYTER, "server", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={home.path}"]
    process = subprocess.Popen(
        command,
        cwd=home.path,
        env=home.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in moments(120):
            if fetch(f"http://127.0.0.1:{port}/api") is not None:
                break
        # The first question starts the sidecar.
        through = http.client.HTTPConnection("127.0.0.1", port)
        ask(through, f"/jupyterlab-submit{PATH}")
        direct = UnixConnection(str(home.socket))
        heading(f"a question for the list of jobs (median of {QUESTIONS})")
        straight = median(lambda: ask(direct, PATH))
        forwarded = median(lambda: ask(through, f"/jupyterlab-submit{PATH}"))
        figure("to the sidecar", straight * 1000, "ms")
        figure("through the Jupyter server", forwarded * 1000, "ms")
        own = median(lambda: ask(through, "/api/status"))
        figure("to the Jupyter server itself (api/status)", own * 1000, "ms")
    finally:
        process.terminate()
        process.wait()


def ask(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path, headers={"Authorization": f"token {TOKEN}"})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, (answer.status, text[:500])


def median(question: Callable[[], None]) -> float:
    return statistics.median(seconds(question) for _ in range(QUESTIONS))


def seconds(question: Callable[[], None]) -> float:
    began = time.perf_counter()
    question()
    return time.perf_counter() - began


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)
