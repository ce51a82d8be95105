"""Ensures that the sidecar runs: one process per user and machine, that everybody shares.

Two locks, in the folder of the data and in the socket's, both released by the kernel whatever
happens: `start.lock` is held by whoever looks after the sidecar right now, so that two callers never
start two; `sidecar.lock` is held by the sidecar itself for as long as it lives, and says where it
listens. Node.js cannot take such a lock, so it is born with it: Python locks the file and hands the
open file down. docs/decisions/0025-the-lock-is-where-the-data-is.md says why there are two folders.
"""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyterlab_submit.folders import (
    NAME,
    SOCKET,
    data_folder,
    is_private_socket,
    socket_folder,
)
from jupyterlab_submit.lock_owner import is_here, lives, why_it_stays
from jupyterlab_submit.locks import (
    CannotLock,
    LockFile,
    lock_file,
    locked,
    no_locks,
    read_note,
    whereabouts,
)
from jupyterlab_submit.node import find_node
from jupyterlab_submit.ownership import FULL, disk_full
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.request import request
from jupyterlab_submit.start_sidecar import start

PACKAGE = Path(__file__).resolve().parent
BUNDLE = PACKAGE / "bundle"
RUNNER = BUNDLE / "run_notebook.pyz"
# As in src/api/routes.ts: sidecar and client understand each other while it is the same.
PROTOCOL = 2
# Seconds: 0.2 is usual; a busy login node or a cold network disk takes its time.
START_SECONDS = 30.0
QUIT_SECONDS = 30.0
# For one that only its lock tells of; it leaves within ten (src/sidecar/sidecar.ts).
AWAY_SECONDS = 15.0


@dataclass(frozen=True)
class Home:
    """Where a sidecar keeps its data, and where it listens when it is started from here."""

    data: Path = field(default_factory=lambda: data_folder())
    folder: Path = field(default_factory=lambda: socket_folder())

    @property
    def socket(self) -> Path:
        return self.folder / SOCKET

    def told(self) -> dict[str, Any]:
        """What the sidecar that has, or had, the data says of itself."""
        return read_note(self.data / "sidecar.lock")

    def sockets(self) -> list[Path]:
        """Where one may listen: here, and where one says that was started with other folders."""
        told = Path(str(self.told().get("socket", "")))
        is_other = told.is_absolute() and told != self.socket and is_private_socket(told)
        return [self.socket, told] if is_other else [self.socket]


def ensure(node: Path | None = None) -> Path:
    """The socket of a sidecar that answers, started or replaced where that is needed.

    Raises Problem when it cannot be had.
    """
    try:
        home = Home()
        socket = answering(home)
        if socket is not None:
            return socket
        starts = [home.data / "start.lock", home.folder / "start.lock"]
        with locked(starts, START_SECONDS + QUIT_SECONDS):
            return replace(home, node or find_node())
    except OSError as error:
        if error.errno in FULL and error.filename:
            raise disk_full(Path(error.filename).parent) from error
        raise Problem(f"The sidecar cannot be started: {error}.") from error


def answering(home: Home) -> Path | None:
    """Where one answers that is to be used."""
    for socket in home.sockets():
        if is_ours(ping(socket), home, socket):
            return socket
    return None


def replace(home: Home, node: Path) -> Path:
    """Waits until a good sidecar answers or none is left, and then starts ours; its socket."""
    asked: set[Path] = set()
    began = time.monotonic()
    with (
        lock_file(home.data / "sidecar.lock") as of_data,
        lock_file(home.folder / "sidecar.lock") as of_folder,
    ):
        while True:
            # Somebody else may have started it by now, or it was only slow.
            socket = answering(home)
            if socket is not None:
                return socket
            for old in home.sockets():
                if old not in asked and ping(old) is not None:
                    request(old, "POST", "/api/quit", {"replacedBy": our_version()})
                    asked.add(old)
            is_free, unlocked = take(of_data, of_folder)
            if is_free:
                return start_here(home, node, [of_data, of_folder], unlocked)
            if time.monotonic() - began > patience(of_data, of_folder):
                raise why_it_stays(home.data, of_data, of_folder)
            time.sleep(0.05)


def take(of_data: LockFile, of_folder: LockFile) -> tuple[bool, str]:
    """Whether both locks are ours, and why the data's is not where its disk has none.

    There the note of the last one must do: while that process lives, it has the data.
    """
    unlocked = ""
    try:
        if not of_data.take():
            return False, ""
    except CannotLock as error:
        unlocked = str(error)
        if lives(of_data.read()):
            return False, ""
    try:
        return of_folder.take(), unlocked
    except CannotLock as error:
        raise no_locks(of_folder.file) from error


def patience(of_data: LockFile, of_folder: LockFile) -> float:
    """Seconds to wait for one that does not answer."""
    is_away = not of_data.held and not is_here(of_data.read())
    return min(AWAY_SECONDS, QUIT_SECONDS) if is_away else QUIT_SECONDS


def ping(socket: Path) -> dict[str, Any] | None:
    return request(socket, "GET", "/api/ping")


def is_ours(pong: dict[str, Any] | None, home: Home, socket: Path) -> bool:
    """Whether the sidecar that gave this answer is one to use; False when it is to be replaced.

    Raises Problem where it can be neither used nor replaced.
    """
    ours = our_version()
    if pong is None:
        return False
    if pong.get("name") != NAME:
        raise Problem(f"Something else answers at {socket}. Remove that file.")
    theirs = str(pong.get("version"))
    if theirs == ours:
        return not was_built_again(home)
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


def was_built_again(home: Home) -> bool:
    """Whether the running sidecar's own program was built or installed anew since it started."""
    try:
        note = home.told()
        program = Path(note["program"])
        return program == BUNDLE / "sidecar.cjs" and note["modified"] != modified(program)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def modified(program: Path) -> int:
    return program.stat().st_mtime_ns


def start_here(home: Home, node: Path, locks: list[LockFile], unlocked: str) -> Path:
    """Starts the sidecar, which is born with the locks; raises Problem.

    `unlocked` is why the lock of the data is none, for its log.
    """
    socket = home.socket
    program = BUNDLE / "sidecar.cjs"
    # The owner of what is there is gone: it would have the lock.
    socket.unlink(missing_ok=True)
    command: list[str | Path] = [node, program, "--socket", socket, "--data", home.data]
    command += ["--runner", RUNNER]
    if unlocked:
        command += ["--unlocked", unlocked]

    def answers() -> bool:
        return ping(socket) is not None

    about = {
        **whereabouts(),
        "socket": str(socket),
        "program": str(program),
        "modified": modified(program),
    }

    def note(pid: int) -> None:
        for lock in locks:
            lock.write({**about, "pid": pid})

    start(command, home.data, [lock.descriptor for lock in locks], answers, START_SECONDS, note)
    return socket


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
