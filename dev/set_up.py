"""Everything that must be there before a command runs; at once, where it is there already."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from dev.javascript_packages import ensure_javascript_packages
from dev.place import ROOT
from dev.programs import ensure_programs
from dev.python_environment import ensure_python_environment


def set_up() -> None:
    """Makes the environment, the packages and the programs."""
    with alone():
        ensure_python_environment()
        ensure_javascript_packages()
        ensure_programs()


def set_up_tools() -> None:
    """Makes all but the programs, for commands that work on sources which do not build yet."""
    with alone():
        ensure_python_environment()
        ensure_javascript_packages()


@contextmanager
def alone() -> Iterator[None]:
    """Two commands started at once must not install into the same folders."""
    with open(ROOT / ".setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another run.py to finish its set-up", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
