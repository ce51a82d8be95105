"""run.py cluster start|stop|status [daemon]... [--cpus N] [--accounting] [--far-node] [--gpus] [--doors]: a real cluster on this machine, for tests.

A Slurm of four nodes and, when root starts it, an SSH server with users of its own. `start` starts
what does not run, and restarts what runs with another configuration. `stop` ends and removes
everything; with names of daemons it only ends these, and `start` goes on from there.

With --scheduler sge it is a Grid Engine of four hosts, and with pbspro what stands for PBS Pro, for
root alone.
"""

from __future__ import annotations

import argparse
import os
import shutil

from dev.cluster.accounting import accounting_daemons, start_accounting
from dev.cluster.claims import claim, lost, port
from dev.cluster.configuration import NODES, has_accounting, write_configuration
from dev.cluster.daemons import Daemon
from dev.cluster.doors.servers import door_daemons, door_listeners, want_doors
from dev.cluster.far_node import make_far_node, remove_far_node
from dev.cluster.folder import FOLDER, SLURM_CONF, alone
from dev.cluster.grid_engine import cluster as grid_engine
from dev.cluster.grid_engine.daemons import grid_engine_daemons
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, remove_hosts
from dev.cluster.logins import prepare_logins, remove_logins, start_logins, why_no_logins
from dev.cluster.orders import outlast_orders
from dev.cluster.processes import AT_ONCE, end, leftovers
from dev.cluster.programs import (
    ACCOUNTING,
    DOORS,
    FAR_NODE,
    GRID_ENGINE,
    LOGINS,
    SLURM,
    SSH,
    demand,
)
from dev.cluster.readiness import answers, idle_nodes, run, wait_until_ready
from dev.cluster.slurm import end_jobs, munged, slurm_daemons
from dev.cluster.ssh import SSH_CONFIG, sshds
from dev.cluster.stand_in import cluster as stand_in
from dev.cluster.stand_in.daemons import stand_in_daemons
from dev.cluster.stand_in.faces import FACES
from dev.cluster.users import uids
from dev.step import StepFailed

CPUS = 64
# Those that listen, whether or not they are wanted this time.
LISTENERS = [
    *("slurmctld", "slurmdbd", *(f"slurmd-{node}" for node in NODES)),
    *("sshd", "sshd-no-sftp", "sshd-transfer", *door_listeners()),
]
MOST_ATTEMPTS = 5


def main(arguments: list[str]) -> int:
    names = [daemon.name for daemon in daemons()]
    parser = argparse.ArgumentParser(
        prog="run.py cluster",
        description=__doc__,
        epilog=f"daemons: {' '.join(names)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["start", "stop", "status"])
    parser.add_argument("daemon", nargs="*", help="for stop: only these")
    parser.add_argument(
        "--scheduler", choices=["slurm", "sge", *FACES], default="slurm", help="(slurm)"
    )
    parser.add_argument("--cpus", type=int, default=CPUS, help=f"declared, of all nodes ({CPUS})")
    parser.add_argument(
        "--accounting", action="store_true", help="with a database, accounts, limits"
    )
    parser.add_argument(
        "--far-node", action="store_true", help=f"{NODES[-1]} has a network and a name of its own"
    )
    parser.add_argument("--gpus", action="store_true", help="with what Slurm takes for GPUs")
    parser.add_argument(
        "--doors", action="store_true", help="with SSH servers that ask as centres do"
    )
    asked = parser.parse_args(arguments)
    if asked.doors and asked.accounting:
        parser.error("--doors: their users have no accounts that --accounting would ask for")
    slurms = [asked.cpus != CPUS, asked.accounting, asked.far_node, asked.gpus, asked.doors]
    if asked.scheduler != "slurm" and any(slurms):
        parser.error(f"--scheduler {asked.scheduler}: it takes no other options, which are Slurm's")
    if asked.cpus < len(NODES) or asked.cpus % len(NODES):
        parser.error(
            f"--cpus: a multiple of {len(NODES)}, as each of {len(NODES)} nodes has as many"
        )
    unknown = [name for name in asked.daemon if name not in names]
    if unknown or (asked.daemon and asked.what != "stop"):
        parser.error(f"only stop takes names of daemons, which are {', '.join(names)}")
    if asked.what == "status":
        return status()
    with alone():
        return start(asked) if asked.what == "start" else stop(asked.daemon)


def daemons() -> list[Daemon]:
    """Those of the configuration in force, in the order in which they start."""
    there = scheduler()
    if there == "sge":
        return grid_engine_daemons()
    if there in FACES:
        return stand_in_daemons(there)
    accounting = accounting_daemons() if has_accounting() else []
    logins = [] if why_no_logins() else [*sshds(), *door_daemons()]
    return [munged(), *accounting, *slurm_daemons(), *logins]


def scheduler() -> str | None:
    """Which one was started here, or was about to be."""
    if grid_engine.is_there():
        return "sge"
    return stand_in.face() or ("slurm" if SLURM_CONF.exists() else None)


def start(asked: argparse.Namespace) -> int:
    if scheduler() not in (None, asked.scheduler):
        what = f"another scheduler has {FOLDER}"
        command = ["--scheduler", asked.scheduler]
        raise StepFailed("starting the cluster", command, what, "run.py cluster stop ends it.")
    demand_all(asked)
    outlast_orders()
    for attempt in range(MOST_ATTEMPTS):
        claim(LISTENERS, alive())
        try:
            told = start_those_of(asked)
            break
        except StepFailed:
            if attempt + 1 == MOST_ATTEMPTS or not lost(LISTENERS, alive()):
                raise
    print(*told, sep="\n")
    return 0


def start_those_of(asked: argparse.Namespace) -> list[str]:
    """Starts what does not run; returns what to tell the person, a line each."""
    if asked.scheduler == "sge":
        return grid_engine.start_grid_engine()
    return (
        start_slurm(asked)
        if asked.scheduler == "slurm"
        else stand_in.start_stand_in(asked.scheduler)
    )


def demand_all(asked: argparse.Namespace) -> None:
    """Raises StepFailed where what is asked for cannot be had on this machine, or by this person."""
    no_logins = why_no_logins()
    if asked.scheduler != "slurm":
        if no_logins:
            what = ["--scheduler", asked.scheduler]
            raise StepFailed("starting the cluster", what, no_logins, "")
        demand(GRID_ENGINE if asked.scheduler == "sge" else {**LOGINS, **FAR_NODE})
        return
    if asked.far_node and no_logins:
        raise StepFailed("starting the cluster", ["--far-node"], "only root can make networks", "")
    if asked.doors and no_logins:
        raise StepFailed("starting the cluster", ["--doors"], no_logins, "")
    if asked.gpus and os.geteuid() != 0:
        raise StepFailed("starting the cluster", ["--gpus"], "only root can make devices", "")
    needed = {**SLURM, **({} if no_logins else SSH), **(ACCOUNTING if asked.accounting else {})}
    demand({**needed, **(FAR_NODE if asked.far_node else {}), **(DOORS if asked.doors else {})})


def start_slurm(asked: argparse.Namespace) -> list[str]:
    no_logins = why_no_logins()
    before = daemons()
    write_configuration(asked.cpus, asked.accounting, asked.far_node, asked.gpus)
    want_doors(asked.doors)
    wanted = [daemon.name for daemon in daemons()]
    for daemon in reversed(before):
        if daemon.name not in wanted or not daemon.is_current:
            daemon.stop()
    start_those([munged()])
    told = [f"No SSH server, and no users: {no_logins}."] if no_logins else prepare_logins()
    if asked.far_node:
        make_far_node()
    if asked.accounting:
        start_accounting()
    controller, *nodes = slurm_daemons()
    # A node that comes before it tries again only after seconds.
    run(controller, lambda: answers(port("slurmctld")))
    start_those(nodes)
    if not no_logins:
        start_logins()
    wait_until_ready(daemons())
    return [f"export SLURM_CONF={SLURM_CONF}", *told]


def alive() -> list[str]:
    return [daemon.name for daemon in daemons() if daemon.is_alive]


def start_those(daemons: list[Daemon]) -> None:
    for daemon in daemons:
        if not daemon.is_alive:
            daemon.start()


def stop(names: list[str]) -> int:
    """Ends these daemons; without names everything, and leaves nothing behind."""
    for daemon in reversed(daemons()):
        if daemon.name in names:
            daemon.stop()
    if not names:
        remove()
    return 0


def remove() -> None:
    if any(daemon.name == "slurmctld" and daemon.is_alive for daemon in daemons()):
        end_jobs()
    outlast_orders()
    # Nothing of what they could still write will be kept.
    end(lambda: leftovers(uids()), AT_ONCE)
    if not why_no_logins():
        remove_logins()
        remove_far_node()
        remove_hosts()
    shutil.rmtree(FOLDER)


def status() -> int:
    """Exit code 0 while all of it runs."""
    runs = {daemon.name: daemon.is_alive for daemon in daemons()}
    for name, is_alive in runs.items():
        print(f"{name:18}{'runs' if is_alive else 'does not run'}")
    there = scheduler()
    if all(runs.values()) and there not in (None, "slurm"):
        up = grid_engine.up_hosts() if there == "sge" else stand_in.up_hosts()
        print(f"{up} of {len(EXECUTION_HOSTS)} hosts up\nssh -F {SSH_CONFIG} {there}")
    elif all(runs.values()):
        print(f"{idle_nodes()} of {len(NODES)} nodes idle\nexport SLURM_CONF={SLURM_CONF}")
        if not why_no_logins():
            print(f"ssh -F {SSH_CONFIG} slurm")
    return 0 if all(runs.values()) else 3
