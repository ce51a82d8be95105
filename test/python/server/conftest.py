"""Real Jupyter servers with the extension, and a sidecar of the test's own behind them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import httpx
import pytest

from jupyterlab_submit import sidecar
from jupyterlab_submit.folders import digest, host_label

TOKEN = "secret-of-the-test"
BASE = "/user/name@example.org/"
# Loaded or not whatever is installed beside: the ones that the extension works with, and no more.
EXTENSIONS = {
    "jupyterlab": True,
    "jupyterlab_submit": True,
    "ipyparallel": False,
    "jupyter_lsp": False,
    "jupyter_server_terminals": False,
    "notebook": False,
    "notebook_shim": False,
}
# As `python -m jupyter_server` does, but for a grammar that jsonschema would compile at each start, for formats that no
# notebook has: two of three seconds of processor time.
START = """
import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_server.serverapp import main
sys.argv[0] = "jupyter_server"
main()
"""
PARTS = 60
PART = b"x" * 500_000


class FakeSidecar(ThreadingUnixStreamServer):
    """Answers at the sidecar's socket, and notes what it is asked."""

    daemon_threads = True
    # Eight pages at once are more than the usual five.
    request_queue_size = 100

    def __init__(self, home: Path):
        name = f"{host_label()}-{digest(home / 'data')}"
        folder = home / "run/jupyterlab-submit" / name
        folder.mkdir(parents=True, mode=0o700)
        folder.parent.chmod(0o700)
        super().__init__(str(folder / "sidecar.sock"), Conversation)
        self.asked: list[str] = []
        # One more for each stream that the other side has left.
        self.left = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.flooded = 0
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.shutdown()
        self.server_close()
        Path(self.server_address).unlink()


class Conversation(BaseHTTPRequestHandler):
    server: FakeSidecar
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        known = {
            "/api/ping": self.ping,
            "/api/events": self.events,
            "/api/jobs/aslowjob": self.wait_until_left,
            "/api/jobs/alargejo": self.large,
            "/api/jobs/aflooded": self.flood,
            "/api/jobs/abrokenj": self.broken,
            "/api/jobs/arefused": self.refused,
            "/api/jobs/anothing": self.none,
        }
        known.get(path, lambda: self.echo(body))()

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def ping(self) -> None:
        version = sidecar.our_version()
        self.whole(
            200, {"name": "jupyterlab-submit", "version": version, "protocol": sidecar.PROTOCOL}
        )

    def echo(self, body: bytes) -> None:
        self.whole(
            201,
            {
                "asked": f"{self.command} {self.path}",
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "length": len(body),
                "digest": hashlib.sha256(body).hexdigest(),
                "body": body.decode() if len(body) < 100_000 else "",
            },
        )

    def refused(self) -> None:
        self.whole(409, {"code": "job-over"}, kind="application/problem+json")

    def none(self) -> None:
        self.send_response(204)
        self.end_headers()

    def events(self) -> None:
        """One event for each time that the test says so, until the other side leaves."""
        self.begin("text/event-stream")
        number = 0
        while not self.is_left():
            if self.server.go_on.acquire(timeout=0.01):
                number += 1
                self.chunk(b"data: %d\n\n" % number)
        self.server.left.release()
        self.close_connection = True

    def wait_until_left(self) -> None:
        while not self.is_left():
            time.sleep(0.01)
        self.server.left.release()
        self.close_connection = True

    def large(self) -> None:
        self.begin("application/octet-stream")
        for _ in range(PARTS):
            self.chunk(PART)
        self.chunk(b"")

    def flood(self) -> None:
        """Tells without an end, and counts what is taken from it."""
        self.begin("text/event-stream")
        self.server.flooded = 0
        with contextlib.suppress(OSError):
            while True:
                self.chunk(PART)
                self.server.flooded += len(PART)
        self.close_connection = True

    def broken(self) -> None:
        self.begin("application/json")
        self.chunk(b'{"half":')
        self.close_connection = True

    def whole(self, status: int, answer: object, kind: str = "application/json") -> None:
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(text)))
        self.send_header("x-of-the-sidecar", "not for pages")
        self.end_headers()
        self.wfile.write(text)

    def begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("cache-control", "no-store")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def is_left(self) -> bool:
        ready, _, _ = select.select([self.connection], [], [], 0)
        return bool(ready) and self.connection.recv(1, socket.MSG_PEEK) == b""

    def log_message(self, *arguments: object) -> None:
        # A test that fails shows what was asked; the rest is noise.
        return


def is_json(file: Path) -> bool:
    try:
        json.loads(file.read_text())
    except (OSError, ValueError):
        return False
    return True


class JupyterServer:
    """A Jupyter server of its own process, home and root, below a base URL."""

    def __init__(self, home: Path, **environment: str):
        self.home = home
        self.root = home / "notebooks"
        self.root.mkdir(exist_ok=True)
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "run"),
            "JUPYTER_PATH": str(home / "share"),
            **environment,
        }
        self.environment.pop("XDG_RUNTIME_DIR", None)
        (home / "config").mkdir(exist_ok=True)
        self.log = home / "server.log"

    def start(self, **traits: object) -> None:
        """Returns when it answers; `traits` go into the configuration as `LabApp__name=...`."""
        config: dict[str, dict[str, object]] = {
            "ServerApp": {
                "allow_root": True,
                "base_url": BASE,
                "jpserver_extensions": EXTENSIONS,
                "open_browser": False,
                # A free one, which it holds from when it finds it.
                "port": 0,
                "port_retries": 0,
                "root_dir": str(self.root),
            },
            "IdentityProvider": {"token": TOKEN},
        }
        for name, value in traits.items():
            part, trait = name.split("__")
            config.setdefault(part, {})[trait] = value
        (self.home / "config/jupyter_server_config.json").write_text(json.dumps(config))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        about = self.home / f"run/jpserver-{self.process.pid}.json"
        # It is there a moment before its content is.
        wait_for(
            lambda: is_json(about) or self.process.poll() is not None,
            seconds=60,
        )
        self.url = f"http://127.0.0.1:{json.loads(about.read_text())['port']}{BASE}"
        # Its token makes a request one of a program; pages have a cookie.
        self.program = httpx.Client(
            base_url=self.url, headers={"Authorization": f"token {TOKEN}"}, timeout=60
        )
        wait_for(lambda: self.answers(), seconds=60)

    def answers(self) -> bool:
        try:
            return self.program.get("api").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        return self.program.request(method, f"jupyterlab-submit/{path}", **more)

    def page(self) -> httpx.Client:
        """A browser that has logged in."""
        client = httpx.Client(base_url=self.url, timeout=60)
        client.get("login", params={"token": TOKEN}, follow_redirects=True)
        return client

    def last_activity(self) -> str:
        return self.program.get("api/status").json()["last_activity"]

    def stop(self) -> None:
        self.program.close()
        self.process.terminate()
        self.process.wait(30)


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited for long enough"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def wait() -> Callable[..., None]:
    return wait_for


def new_home() -> Path:
    """With a short path: a socket's has 107 bytes."""
    return Path(tempfile.mkdtemp(prefix="s", dir="/tmp"))


@pytest.fixture(scope="module")
def server_home() -> Iterator[Path]:
    home = new_home()
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def fake(server_home: Path) -> Iterator[FakeSidecar]:
    """Where `server` finds a sidecar already."""
    fake = FakeSidecar(server_home)
    with closing(fake.socket):
        yield fake
        fake.end()


@pytest.fixture(scope="module")
def server(server_home: Path, fake: FakeSidecar) -> Iterator[JupyterServer]:
    server = JupyterServer(
        server_home, JUPYTERHUB_API_TOKEN="of the hub", JUPYTERLAB_SUBMIT_JOB="abcdefgh"
    )
    server.start()
    yield server
    server.stop()
    # What Tornado says when a handler went wrong; each test would miss it.
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def own_server() -> Iterator[JupyterServer]:
    """One that the test starts, with the real sidecar if it needs one."""
    home = new_home()
    server = JupyterServer(home)
    yield server
    server.stop()
    for lock in home.rglob("sidecar.lock"):
        end_process(lock)
    shutil.rmtree(home)


@pytest.fixture
def fake_for() -> Iterator[Callable[[JupyterServer], FakeSidecar]]:
    """A sidecar of the test's own for a server of its own."""
    made: list[FakeSidecar] = []

    def make(server: JupyterServer) -> FakeSidecar:
        made.append(FakeSidecar(server.home))
        return made[-1]

    yield make
    for fake in made:
        fake.end()


def end_process(lock: Path) -> None:
    try:
        os.kill(json.loads(lock.read_text())["pid"], 9)
    except (ValueError, ProcessLookupError):
        # Nothing was started, or it is gone already.
        return
