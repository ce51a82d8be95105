"""The daemons of a stand-in, and the SSH server of the host where people log in."""

from __future__ import annotations

import sys

from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, MASTER, on, on_its_own
from dev.cluster.hosts.logins import sshd
from dev.cluster.processes import AT_ONCE
from dev.cluster.users import PLAIN_PROGRAMS

PLACE = FOLDER / "stand_in"
LIBRARY = PLACE / "library"
"""Our programs, where users may read them: the checkout may lie in a private home."""
# What jobs have of their daemon's environment: no program of a batch system.
VARIABLES = {"PATH": str(PLAIN_PROGRAMS), "PYTHONPATH": str(LIBRARY)}


def stand_in_daemons(face: str) -> list[Daemon]:
    """In the order in which they start."""
    return [*host_daemons(face), server(face), sshd()]


def server(face: str) -> Daemon:
    return Daemon("server", on(MASTER, program("server", face)), VARIABLES)


def host_daemons(face: str) -> list[Daemon]:
    """Each ends as if its host had lost power: with all jobs there, and without a word."""
    return [
        Daemon(
            f"host-{name}",
            on_its_own(name, program("host", face, name)),
            VARIABLES,
            signals=AT_ONCE,
        )
        for name in EXECUTION_HOSTS
    ]


def program(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", f"dev.cluster.stand_in.{name}", str(PLACE), *words]
