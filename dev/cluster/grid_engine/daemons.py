"""The daemons of the Grid Engine, and the SSH server of the host where people log in."""

from __future__ import annotations

from dev.cluster.daemons import Daemon
from dev.cluster.grid_engine.configuration import PROGRAMS, SPOOL, VARIABLES
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, MASTER, on, on_its_own
from dev.cluster.hosts.logins import sshd
from dev.cluster.processes import AT_ONCE

# ND: stay in the foreground.
DAEMON_VARIABLES = {**VARIABLES, "SGE_ND": "1"}


def grid_engine_daemons() -> list[Daemon]:
    """In the order in which they start."""
    return [qmaster(), sshd(), *execution_daemons()]


def qmaster() -> Daemon:
    command = on(MASTER, [f"{PROGRAMS}/sge_qmaster"])
    return Daemon("qmaster", command, DAEMON_VARIABLES, log=SPOOL / "qmaster/messages")


def execution_daemons() -> list[Daemon]:
    """Each ends as if its host had lost power: with all jobs there, and without a word."""
    command = [f"{PROGRAMS}/sge_execd"]
    return [
        Daemon(
            f"execd-{host}",
            on_its_own(host, command),
            DAEMON_VARIABLES,
            signals=AT_ONCE,
            log=SPOOL / host / "messages",
        )
        for host in EXECUTION_HOSTS
    ]
