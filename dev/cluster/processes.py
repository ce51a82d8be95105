"""The processes of this test cluster among all of the machine; others are never ended."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from dev.cluster.folder import FOLDER, SLURM_CONF

# Every daemon carries this variable, and so does what Slurm starts for a job's sake.
MARK = "JUPYTERLAB_SUBMIT_DAEMON"
END_SECONDS = 10
POLITELY = (signal.SIGTERM, signal.SIGKILL)
AT_ONCE = (signal.SIGKILL,)


def mark(daemon: str) -> str:
    return f"{FOLDER}/{daemon}"


def carries(pid: int, daemon: str) -> bool:
    """Whether it runs and was started as this daemon: a process's number may have a new owner."""
    # sshd writes over its environment; its configuration's path stays in what it calls itself.
    return f"{MARK}={mark(daemon)}".encode() in variables(pid) or (
        daemon.startswith("sshd") and f" {FOLDER}/{daemon}.conf ".encode() in title(pid)
    )


def leftovers(uids: Collection[int]) -> list[int]:
    """All processes of our daemons, of our jobs and of our users."""
    return [pid for pid in processes() if pid != os.getpid() and is_ours(pid, uids)]


def processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def is_ours(pid: int, uids: Collection[int]) -> bool:
    with contextlib.suppress(OSError):
        if os.stat(f"/proc/{pid}").st_uid in uids:
            return True
    environment = variables(pid)
    if any(entry.startswith(f"{MARK}={FOLDER}/".encode()) for entry in environment):
        return True
    in_job = any(entry.startswith(b"SLURM_JOB_ID=") for entry in environment)
    return (in_job and f"SLURM_CONF={SLURM_CONF}".encode() in environment) or (
        f" {FOLDER}/sshd".encode() in title(pid) and title(pid).startswith(b"sshd:")
    )


def variables(pid: int) -> list[bytes]:
    found = b""
    # Where it has a title, it has become another program between the two looks, or was given no variables.
    for _ in range(9):
        found = told(pid, "environ")
        if found or not title(pid):
            break
    return found.split(b"\0")


def title(pid: int) -> bytes:
    """It shows none, and no variables, for the moment in which it becomes another program: that is waited for."""
    deadline = time.monotonic() + 1
    while not (found := told(pid, "cmdline")) and has_program(pid) and time.monotonic() < deadline:
        time.sleep(0.001)
    return found.replace(b"\0", b" ")


def has_program(pid: int) -> bool:
    """False where it has ended, or is the kernel's own, or somebody else's."""
    try:
        return bool(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return False


def told(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def name(pid: int) -> str:
    """As ps(1) shows it; a process may choose it."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace")
    except OSError:
        return ""


def end(alive: Callable[[], Collection[int]], signals: Sequence[int] = POLITELY) -> None:
    """Ends these processes, one signal after the other; returns when they are gone."""
    for number in signals:
        deadline = time.monotonic() + END_SECONDS
        while (pids := alive()) and time.monotonic() < deadline:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(0.05)
