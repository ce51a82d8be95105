"""A Grid Engine of four hosts on this machine, which only root can make."""

from __future__ import annotations

import subprocess

from dev.cluster.folder import FOLDER
from dev.cluster.grid_engine.configuration import (
    PROGRAMS,
    QUEUES,
    TEMPLATES,
    VARIABLES,
    WHAT,
    write_configuration,
)
from dev.cluster.grid_engine.daemons import execution_daemons, grid_engine_daemons, qmaster
from dev.cluster.grid_engine.logins import prepare_logins
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, MASTER, make_hosts, on
from dev.cluster.hosts.logins import start_sshd
from dev.cluster.orders import environment, order
from dev.cluster.programs import find
from dev.cluster.readiness import run, wait_until

MARKER = FOLDER / "grid_engine"
QSTAT = ["qstat", "-f", "-q", "all.q"]


def is_there() -> bool:
    """Whether it is one that was started, or was about to be."""
    return MARKER.exists()


def start_grid_engine() -> list[str]:
    """Starts what does not run; returns what to tell the person, a line each."""
    MARKER.touch()
    make_hosts()
    write_configuration()
    told = prepare_logins()
    run(qmaster(), lambda: ask("qconf", "-sh") is not None)
    make_queues()
    start_sshd()
    for daemon in execution_daemons():
        if not daemon.is_alive:
            daemon.start()
    wait_until_up()
    return told


def make_queues() -> None:
    """Makes those that are missing."""
    known = (ask("qconf", "-sql") or "").split()
    for name in QUEUES:
        if name not in known:
            add = [f"{PROGRAMS}/qconf", "-Aq", f"{TEMPLATES}/queues/{name}"]
            order(WHAT, on(MASTER, add), variables=VARIABLES)


def wait_until_up() -> None:
    """Returns when qmaster hears all hosts; raises StepFailed with the daemons' words."""
    # They come back to a qmaster that was away half a minute after it.
    all_up = len(EXECUTION_HOSTS)
    wait_until(lambda: up_hosts() == all_up, "waiting for the hosts", QSTAT, grid_engine_daemons())


def up_hosts() -> int:
    """How many hosts have a queue that qmaster hears of; 0 when nobody answers."""
    told = ask(*QSTAT) or ""
    # Queue instance, type, slots, load, architecture, and states, if there are any.
    rows = [line.split() for line in told.splitlines() if line.startswith("all.q@")]
    return sum(row[4] != "-NA-" and "u" not in "".join(row[5:]) for row in rows)


def ask(program: str, *arguments: str) -> str | None:
    """What one of its commands prints where people log in; None when it fails."""
    command = on(MASTER, [f"{PROGRAMS}/{program}", *arguments])
    ended = subprocess.run(
        [find(command[0]), *command[1:]],
        cwd="/",
        env=environment(VARIABLES),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return ended.stdout if ended.returncode == 0 else None
