"""What a batch system is to its stand-in, which its three faces fill in."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dev.cluster.stand_in.queue import Job

HOSTS = ["gx1", "gx2", "gx3", "gx4"]
SLOTS = 4
"""Of each host."""


@dataclass
class Answer:
    """What a command says and ends with."""

    out: str = ""
    err: str = ""
    status: int = 0


@dataclass(frozen=True)
class Call:
    """A call of a command, with all that it may know."""

    words: Sequence[str]
    environ: Mapping[str, str]
    user: str
    directory: str
    host: str
    now: float
    read: Callable[[], str]
    """Standard input."""
    ask: Callable[..., Any]
    """Of the server, or of the host that is named (`to`), with open files along (`descriptors`). Raises NotThere."""
    control: Callable[[str], str | None]
    """What a test has written into a file of the control folder; none where there is no such file."""


@dataclass
class Plan:
    """How a process of a job starts; its files are opened by the user."""

    argv: Sequence[str]
    variables: Mapping[str, str]
    directory: str
    output: str
    error: str
    program: str | None = None
    """Where it is not the first word."""
    stdin: str = ""
    umask: int = 0o077
    files: Mapping[str, str] = field(default_factory=dict)
    """What is written for it, by path."""
    copies: Sequence[tuple[str, str, bool]] = ()
    """Its files, where they go when all is over, and whether behind what is there."""


class Face(Protocol):
    """One batch system: its commands, and what its jobs see."""

    first: int
    """The number of its first job."""
    keeps: float
    """How many seconds it knows a job that is over."""
    failed: int
    """The status of a job whose script could not be started."""
    no_folder: str
    """What stands in its errors when it finds no folder to start in, with `{}` for that."""
    lost: int
    """The status of a job whose host was lost."""
    ties_tasks: bool
    """Whether a task ends with the process that waits for it."""
    configuration: Mapping[str, str]
    """Files of its own, below the stand-in's folder."""
    waits_for_others: bool
    """Whether what is left of a script that is made to end has its time when the first shell has gone."""
    commands: Mapping[str, Callable[[Call], Answer]]

    def login_variables(self, place: str) -> Mapping[str, str]:
        """What the shells of its users have."""
        ...

    def start(self, job: Job, home: str, shell: str, folder: str) -> Plan:
        """The script, on the first of the job's hosts."""
        ...

    def task(self, job: Job, host: str, home: str, asked: Mapping[str, Any], folder: str) -> Plan:
        """A process that the job starts on one of its hosts."""
        ...

    def temporary(self, job: Job, folder: str) -> str:
        """A folder of the job's own on each host."""
        ...

    def signals(self, job: Job, ends: str) -> Sequence[tuple[float, signal.Signals]]:
        """Which signals a job is sent, each so many seconds after it was to end; the last one is KILL."""
        ...

    def signal_of_others(self, number: signal.Signals) -> signal.Signals | None:
        """What processes on the job's other hosts get when those of the first get this; all are killed when all is over."""
        ...

    def last_word(self, job: Job, ends: str, seconds: float) -> str:
        """What is written into a job's errors then."""
        ...

    def status(self, waited: int, ends: str | None) -> int:
        """The number that it keeps of a script's end, whose status by wait(2) this is."""
        ...

    def report(self, job: Job, status: int) -> str:
        """What is written above a job's output."""
        ...
