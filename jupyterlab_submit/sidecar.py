"""Ensures that the sidecar runs: one process per user and machine, that everybody shares.

Two locks, both in the socket's folder, both released by the kernel whatever happens:
`start.lock` is held by whoever looks after the sidecar right now, so that two callers never start
two; `sidecar.lock` is held by the sidecar itself for as long as it lives. Node.js cannot take such
a lock, so it is born with it: Python locks the file and hands the open file down.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jupyterlab_submit.environment import for_node, without_secrets
from jupyterlab_submit.folders import NAME, SOCKET, data_folder, socket_folder
from jupyterlab_submit.node import find_node
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.request import request

PACKAGE = Path(__file__).resolve().parent
BUNDLE = PACKAGE / "bundle"
RUNNER = BUNDLE / "run_notebook.pyz"
# As in src/api/routes.ts: sidecar and client understand each other while it is the same.
PROTOCOL = 2
# Seconds: 0.2 is usual; a busy login node or a cold network disk takes its time.
START_SECONDS = 30.0
QUIT_SECONDS = 30.0
# Bytes.
LONGEST_LOG = 1_000_000
LONGEST_TAIL = 2_000


def ensure(node: Path | None = None) -> Path:
    """The socket of a sidecar that answers, started or replaced where that is needed.

    Raises Problem when it cannot be had.
    """
    folder = socket_folder()
    socket = folder / SOCKET
    if is_ours(ping(socket), folder):
        return socket
    with locked(folder / "start.lock"):
        replace(folder, node or find_node())
    return socket


def replace(folder: Path, node: Path) -> None:
    """Waits until a good sidecar answers or none is left, and then starts ours."""
    socket = folder / SOCKET
    asked = False
    deadline = time.monotonic() + QUIT_SECONDS
    with open(folder / "sidecar.lock", "a") as lock:
        # Somebody else may have started it by now, or it was only slow.
        while not is_ours(pong := ping(socket), folder):
            if pong is not None and not asked:
                request(socket, "POST", "/api/quit", {"replacedBy": our_version()})
                asked = True
            if try_lock(lock):
                lock.truncate(0)
                # Its owner is gone: it would have the lock.
                socket.unlink(missing_ok=True)
                return start(node, socket, lock)
            if time.monotonic() > deadline:
                raise Problem(
                    "The sidecar that runs on this machine neither answers nor ends. "
                    f"{how_to_end(folder)} Jobs go on, and are found again."
                )
            time.sleep(0.05)


def ping(socket: Path) -> dict[str, Any] | None:
    return request(socket, "GET", "/api/ping")


def is_ours(pong: dict[str, Any] | None, folder: Path) -> bool:
    """Whether the sidecar that gave this answer is one to use; False when it is to be replaced.

    Raises Problem where it can be neither used nor replaced.
    """
    ours = our_version()
    if pong is None:
        return False
    if pong.get("name") != NAME:
        raise Problem(f"Something else answers at {folder / SOCKET}. Remove that file.")
    theirs = str(pong.get("version"))
    if theirs == ours:
        return not was_built_again(folder)
    if order(theirs) < order(ours):
        return False
    if pong.get("protocol") != PROTOCOL:
        raise Problem(
            f"The newer {NAME} {theirs} runs for you on this machine, and this is {ours}. "
            f"Update this one: {sys.executable} -m pip install --upgrade {NAME}"
        )
    return True


def our_version() -> str:
    try:
        return (BUNDLE / "version.txt").read_text().strip()
    except OSError as error:
        raise Problem(
            f"{NAME} is not built: {error.filename} is missing. "
            "In a checkout of its source, run: python3 run.py build"
        ) from error


def order(version: str) -> tuple[object, ...]:
    """Sorts versions as npm (1.2.0-rc.1) or Python (1.2.0rc1) write them; nonsense comes first."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)(?:[-.]?([a-z])[a-z]*\.?(\d*))?", version)
    if not match:
        return ()
    major, minor, patch, stage, number = match.groups()
    # A release comes after its own previews: "~" sorts after every letter.
    return int(major), int(minor), int(patch), stage or "~", int(number or 0)


def was_built_again(folder: Path) -> bool:
    """Whether the running sidecar's own program was built or installed anew since it started."""
    try:
        started = read_started(folder)
        program = Path(started["program"])
        return program == BUNDLE / "sidecar.cjs" and started["modified"] != modified(program)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read_started(folder: Path) -> dict[str, Any]:
    """What `start` wrote into the lock of the sidecar."""
    return json.loads((folder / "sidecar.lock").read_text())


def modified(program: Path) -> int:
    return program.stat().st_mtime_ns


def start(node: Path, socket: Path, lock: IO[str]) -> None:
    """Starts the sidecar, holding `lock`, and waits until it answers; raises Problem."""
    data = data_folder()
    program = BUNDLE / "sidecar.cjs"
    command = [node, program, "--socket", socket, "--data", data]
    command += ["--runner", RUNNER]
    with open_log(data / "sidecar-output.log") as log:
        begin = log.tell()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # No folder is kept busy, and no Ctrl-C or closed terminal reaches it.
                cwd="/",
                start_new_session=True,
                pass_fds=[lock.fileno()],
                env=without_job(),
            )
        except OSError as error:
            raise Problem(f"The sidecar could not be started: {error}.") from error
        about = {"pid": process.pid, "program": str(program), "modified": modified(program)}
        lock.write(json.dumps(about))
        lock.flush()
        wait_for_answer(process, socket, log, begin)


def without_job() -> dict[str, str]:
    """The caller's environment; a job's guard ends whatever carries the id of the job."""
    kept = for_node(without_secrets(os.environ))
    return {name: value for name, value in kept.items() if name != "JUPYTERLAB_SUBMIT_JOB"}


def wait_for_answer(process: subprocess.Popen, socket: Path, log: IO[bytes], begin: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while ping(socket) is None:
        ended = process.poll()
        if ended is None and time.monotonic() < deadline:
            time.sleep(0.01)
            continue
        if ended is None:
            process.kill()
            process.wait()
            what = f"did not answer within {START_SECONDS:.0f} seconds"
        else:
            what = f"ended at once with code {ended}"
        log.seek(begin)
        said = log.read()[-LONGEST_TAIL:].decode(errors="replace").strip()
        raise Problem(f"The sidecar {what}. It said ({log.name}):\n{said or '(nothing)'}")


def open_log(file: Path) -> IO[bytes]:
    """For what Node.js itself prints; the sidecar's own log is another file, which rotates."""
    log = open(file, "ab+")
    if log.tell() > LONGEST_LOG:
        log.truncate(0)
    return log


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds the lock; raises Problem when somebody else keeps it for longer than a start takes."""
    deadline = time.monotonic() + START_SECONDS + QUIT_SECONDS
    with open(file, "a") as lock:
        while not try_lock(lock):
            if time.monotonic() > deadline:
                raise Problem(f"Another command has been starting the sidecar for long ({file}).")
            time.sleep(0.02)
        yield


def try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise Problem(
            f"{lock.name} cannot be locked: {error.strerror}. "
            "Set JUPYTER_RUNTIME_DIR to a folder on a local disk."
        ) from error
    return True


def how_to_end(folder: Path) -> str:
    try:
        return f"End it: kill {int(read_started(folder)['pid'])}."
    except (OSError, ValueError, KeyError, TypeError):
        return "End the process `node … sidecar.cjs`."


def main() -> int:
    """`python -m jupyterlab_submit.sidecar`: prints the socket, or why there is none."""
    try:
        print(ensure())
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
