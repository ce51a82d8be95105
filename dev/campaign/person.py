"""The person of a campaign: a home, settings, and the commands that are typed there."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.campaign import place
from dev.cluster.processes import processes, title
from dev.place import ENVIRONMENT, PYTHON, variables
from dev.sealed import sealed

JUPYTER = str(ENVIRONMENT / "bin/jupyter")
COMMAND_SECONDS = 150
RUNTIME = place.FOLDER / "runtime"
OTHER_RUNTIME = place.FOLDER / "runtime-2"
CONFIG = place.FOLDER / "config"


class Person:
    """Types commands, unless the machine is asleep."""

    def __init__(self, ssh_config: Path, clusters: list[dict]) -> None:
        self._ssh_config = ssh_config
        self._awake = threading.Event()
        self._awake.set()
        self._lock = threading.Lock()
        self._started: set[subprocess.Popen] = set()
        settings = CONFIG / "lab/user-settings/jupyterlab-submit"
        settings.mkdir(parents=True)
        text = json.dumps({"clusters": clusters})
        (settings / "plugin.jupyterlab-settings").write_text(text)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            **variables(),
            **sealed(str(place.HOME)),
            place.VARIABLE: str(place.FOLDER),
            "JUPYTERLAB_SUBMIT_SSH_CONFIG": str(self._ssh_config),
            # Faults come closer together than anybody's links break.
            "JUPYTERLAB_SUBMIT_LOGIN_PAUSE_SECONDS": "5",
            "JUPYTER_DATA_DIR": str(place.RECORDS),
            "JUPYTER_CONFIG_DIR": str(CONFIG),
            "JUPYTER_RUNTIME_DIR": str(RUNTIME),
            "TMPDIR": str(place.TEMPORARY),
            **more,
        }

    def start(
        self,
        *words: str,
        output: Path,
        cwd: Path = place.HOME,
        more: Mapping[str, str] | None = None,
    ) -> subprocess.Popen:
        """`jupyter submit` with these words, in a terminal of its own; output goes to two files."""
        while True:
            self._awake.wait()
            with self._lock:
                if not self._awake.is_set():
                    continue
                with open(output, "ab") as said, open(f"{output}.error", "ab") as error:
                    process = subprocess.Popen(
                        [JUPYTER, "submit", *words],
                        cwd=cwd,
                        env=self.environment(more or {}),
                        stdin=subprocess.DEVNULL,
                        stdout=said,
                        stderr=error,
                        start_new_session=True,
                    )
                self._started = {one for one in self._started if one.poll() is None} | {process}
                return process

    def run(
        self,
        *words: str,
        output: Path = place.OUTPUT / "commands",
        more: Mapping[str, str] | None = None,
        seconds: float = COMMAND_SECONDS,
    ) -> int | None:
        """Types a command and waits for its end: its exit code, or None when it was ended for its time."""
        process = self.start(*words, output=output, more=more)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end(process)

    def start_under_clock(self) -> None:
        """Starts the service, where none runs, under the clock that can be turned."""
        code = "import os, sys; os.environ.update(eval(sys.argv[1])); "
        code += "from jupyterlab_submit.sidecar import ensure; ensure()"
        command = [str(PYTHON), "-c", code, repr(place.clock_variables())]
        with open(place.OUTPUT / "commands.error", "ab") as error:
            subprocess.run(
                command,
                cwd=place.HOME,
                env=self.environment({}),
                stderr=error,
                timeout=COMMAND_SECONDS,
            )

    def jobs(self) -> list[dict]:
        """All records, as `jupyter submit list` gives them."""
        for _ in range(3):
            output = place.OUTPUT / "list"
            output.write_bytes(b"")
            if self.run("list", "--all", "--json", output=output) == 0:
                return [json.loads(line) for line in output.read_text().splitlines()]
            time.sleep(1)
        raise RuntimeError("jupyter submit list: " + Path(f"{output}.error").read_text()[-2000:])

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """All of the person's programs stand still, and nothing is typed."""
        with self._lock:
            self._awake.clear()
            stopped = [*sidecars(), *(one.pid for one in self._started if one.poll() is None)]
            send(signal.SIGSTOP, stopped)
        try:
            yield
        finally:
            send(signal.SIGCONT, stopped)
            self._awake.set()

    def end(self) -> None:
        """Closes every terminal."""
        for process in list(self._started):
            end(process)


def sidecars(runtime: Path | None = None) -> list[int]:
    """The services over the person's records; of one runtime folder only, where it is named."""
    mark = f" --data {place.RECORDS}/"
    where = f" --socket {runtime}/" if runtime else " --socket "
    titles = {pid: title(pid).decode(errors="replace") for pid in processes()}
    return [
        pid
        for pid, text in titles.items()
        if mark in text and where in text and "sidecar.cjs" in text
    ]


def send(number: int, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end(process: subprocess.Popen) -> None:
    """At once, with all that is in its terminal."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
