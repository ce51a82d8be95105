"""run.py cluster start|stop|status [daemon]... [--cpus N]: a real cluster on this machine, for tests.

A Slurm of four nodes and, when root starts it, an SSH server with users of its own. `start` starts
what does not run, and restarts what runs with another configuration. `stop` ends and removes
everything; with names of daemons it only ends these, and `start` goes on from there.
"""

from __future__ import annotations

import argparse
import shutil

from dev.cluster.configuration import NODES, write_configuration
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER, SLURM_CONF, alone
from dev.cluster.logins import prepare_logins, remove_logins, why_no_logins
from dev.cluster.processes import end, leftovers
from dev.cluster.programs import SLURM, SSH, demand
from dev.cluster.readiness import idle_nodes, wait_for_ssh, wait_until_ready
from dev.cluster.slurm import end_jobs, slurm_daemons
from dev.cluster.ssh import SSH_CONFIG, sshds
from dev.cluster.users import uids

CPUS = 64


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
    parser.add_argument("--cpus", type=int, default=CPUS, help=f"declared, of all nodes ({CPUS})")
    asked = parser.parse_args(arguments)
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
        return start(asked.cpus) if asked.what == "start" else stop(asked.daemon)


def daemons() -> list[Daemon]:
    """In the order in which they start."""
    return slurm_daemons() + ([] if why_no_logins() else sshds())


def start(cpus: int) -> int:
    no_logins = why_no_logins()
    demand(SLURM if no_logins else {**SLURM, **SSH})
    write_configuration(cpus)
    start_those(slurm_daemons())
    told = [f"No SSH server, and no users: {no_logins}."] if no_logins else prepare_logins()
    if not no_logins:
        start_those(sshds())
        wait_for_ssh()
    wait_until_ready(daemons())
    print(f"export SLURM_CONF={SLURM_CONF}", *told, sep="\n")
    return 0


def start_those(daemons: list[Daemon]) -> None:
    outdated = [daemon for daemon in daemons if not daemon.is_current]
    for daemon in reversed(outdated):
        daemon.stop()
    for daemon in outdated:
        daemon.start()


def stop(names: list[str]) -> int:
    """Ends these daemons; without names everything, and leaves nothing behind."""
    if not names and SLURM_CONF.exists():
        end_jobs()
    for daemon in reversed(daemons()):
        if not names or daemon.name in names:
            daemon.stop()
    if not names:
        end(lambda: leftovers(uids()))
        if not why_no_logins():
            remove_logins()
        shutil.rmtree(FOLDER)
    return 0


def status() -> int:
    """Exit code 0 while all of it runs."""
    alive = {daemon.name: daemon.is_alive for daemon in daemons()}
    for name, is_alive in alive.items():
        print(f"{name:14}{'runs' if is_alive else 'does not run'}")
    if all(alive.values()):
        print(f"{idle_nodes()} of {len(NODES)} nodes idle\nexport SLURM_CONF={SLURM_CONF}")
        if not why_no_logins():
            print(f"ssh -F {SSH_CONFIG} slurm")
    return 0 if all(alive.values()) else 3
