"""The daemons of the Grid Engine, and the SSH server of the host where people log in."""

from __future__ import annotations

import sys
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER
from dev.cluster.grid_engine.configuration import PROGRAMS, VARIABLES
from dev.cluster.grid_engine.hosts import EXECUTION_HOSTS, MASTER, on, on_its_own
from dev.cluster.processes import AT_ONCE
from dev.cluster.programs import find

SSHD = "sshd"
INETD = Path(__file__).with_name("inetd.py")
# ND: stay in the foreground.
DAEMON_VARIABLES = {**VARIABLES, "SGE_ND": "1"}


def grid_engine_daemons() -> list[Daemon]:
    """In the order in which they start."""
    return [qmaster(), sshd(), *execution_daemons()]


def qmaster() -> Daemon:
    return Daemon("qmaster", on(MASTER, [f"{PROGRAMS}/sge_qmaster"]), DAEMON_VARIABLES)


def execution_daemons() -> list[Daemon]:
    """Each ends as if its host had lost power: with all jobs there, and without a word."""
    command = [f"{PROGRAMS}/sge_execd"]
    return [
        Daemon(f"execd-{host}", on_its_own(host, command), DAEMON_VARIABLES, signals=AT_ONCE)
        for host in EXECUTION_HOSTS
    ]


def sshd() -> Daemon:
    file = FOLDER / f"{SSHD}.conf"
    server = [find("sshd"), "-i", "-f", str(file), "-E", f"{FOLDER}/{SSHD}.log"]
    serve = [find("ip"), *on(MASTER, server)[1:]]
    return Daemon(SSHD, [sys.executable, str(INETD), str(port(SSHD)), *serve])
