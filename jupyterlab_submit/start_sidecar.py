"""Starts the sidecar as a process of its own, and waits until it answers or has said why it cannot."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from jupyterlab_submit.environment import for_node, without_secrets
from jupyterlab_submit.ownership import expect_own_files, open_own
from jupyterlab_submit.problem import Problem

# Bytes.
LONGEST_LOG = 1_000_000
LONGEST_TAIL = 2_000


def start(
    command: list[str | Path],
    data: Path,
    inherited: list[int],
    answers: Callable[[], bool],
    seconds: float,
    born: Callable[[int], None],
) -> None:
    """Starts `command`, which keeps what is `inherited`, and waits until it `answers`.

    `born` is told its process id, as soon as it has one. Raises Problem, and then no process is left.
    """
    expect_own_files(data)
    # Words of its own for why it cannot start: a log on a full disk has none.
    said, says = os.pipe()
    try:
        with open_log(data / "sidecar-output.log") as log:
            begin = log.tell()
            try:
                process = subprocess.Popen(
                    [*command, "--words", str(says)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # No folder is kept busy, and no Ctrl-C or closed terminal reaches it.
                    cwd="/",
                    start_new_session=True,
                    pass_fds=[*inherited, says],
                    env=without_job(),
                )
            except OSError as error:
                raise Problem(f"The sidecar could not be started: {error}.") from error
            finally:
                os.close(says)
            born(process.pid)
            what = wait_for_answer(process, answers, seconds)
            if what is not None:
                log.seek(begin)
                raise why_not(what, said, log)
    finally:
        os.close(said)


def without_job() -> dict[str, str]:
    """The caller's environment; a job's guard ends whatever carries the id of the job."""
    kept = for_node(without_secrets(os.environ))
    return {name: value for name, value in kept.items() if name != "JUPYTERLAB_SUBMIT_JOB"}


def wait_for_answer(
    process: subprocess.Popen[bytes], answers: Callable[[], bool], seconds: float
) -> str | None:
    """None when it answers; else what it did instead, and it is gone."""
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None:
            return f"ended at once with code {process.returncode}"
        if time.monotonic() >= deadline:
            process.kill()
            process.wait()
            return f"did not answer within {seconds:.0f} seconds"
        time.sleep(0.01)
    return None


def why_not(what: str, said: int, log: IO[bytes]) -> Problem:
    os.set_blocking(said, False)
    try:
        words = os.read(said, LONGEST_TAIL).decode(errors="replace").strip()
    except BlockingIOError:
        words = ""
    if words:
        return Problem(f"The sidecar cannot start. {words}")
    tail = log.read()[-LONGEST_TAIL:].decode(errors="replace").strip()
    return Problem(f"The sidecar {what}. It said ({log.name}):\n{tail or '(nothing)'}")


def open_log(file: Path) -> IO[bytes]:
    """For what Node.js itself prints; the sidecar's own log is another file, which rotates."""
    log = open(file, "ab+", opener=lambda _, flags: open_own(file, flags))
    if log.tell() > LONGEST_LOG:
        log.truncate(0)
    return log
