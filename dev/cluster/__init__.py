"""run.py cluster start|stop|status [--cpus N]: a real Slurm of four nodes on this machine, for tests.

Needs Debian's packages slurmctld, slurmd, slurm-client and munge; runs as whoever starts it.
"""

from __future__ import annotations

import argparse

from dev.cluster.configuration import ADDRESS, NODES, write_configuration
from dev.cluster.daemons import Daemon, missing_programs
from dev.cluster.folder import FOLDER, SLURM_CONF
from dev.cluster.readiness import idle_nodes, wait_until_ready
from dev.step import StepFailed

CPUS = 64


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py cluster", description=__doc__)
    parser.add_argument("what", choices=["start", "stop", "status"])
    parser.add_argument("--cpus", type=int, default=CPUS, help=f"declared, of all nodes ({CPUS})")
    asked = parser.parse_args(arguments)
    if asked.cpus < len(NODES) or asked.cpus % len(NODES):
        parser.error(
            f"--cpus: a multiple of {len(NODES)}, as each of {len(NODES)} nodes has as many"
        )
    return {"start": start, "stop": stop, "status": status}[asked.what](asked.cpus)


def daemons() -> list[Daemon]:
    """In the order in which they start."""
    slurm = {"SLURM_CONF": str(SLURM_CONF)}
    files = [f"--key-file={FOLDER}/munge.key", f"--seed-file={FOLDER}/munge.seed"]
    munge = ["munged", "--foreground", "--force", f"--socket={ADDRESS}", *files]
    munge += [f"--pid-file={FOLDER}/munged.pid", f"--log-file={FOLDER}/munged.log"]
    return [
        Daemon("munged", munge, {}),
        Daemon("slurmctld", ["slurmctld", "-D"], slurm),
        *[Daemon(f"slurmd-{node}", ["slurmd", "-D", "-N", node], slurm) for node in NODES],
    ]


def start(cpus: int) -> int:
    lacking = missing_programs()
    if lacking:
        raise StepFailed(
            "starting the cluster",
            ["apt-get", "install", "slurmctld", "slurmd", "slurm-client", "munge"],
            f"not installed: {', '.join(lacking)}",
            "The line above installs what is missing.",
        )
    started = not all(daemon.is_alive for daemon in daemons())
    if started:
        stop(cpus)
        write_configuration(cpus)
        for daemon in daemons():
            daemon.start()
    wait_until_ready(daemons())
    print(f"export SLURM_CONF={SLURM_CONF}")
    return 0


def stop(_cpus: int) -> int:
    for daemon in reversed(daemons()):
        daemon.stop()
    return 0


def status(_cpus: int) -> int:
    """Exit code 0 while all of it runs."""
    alive = {daemon.name: daemon.is_alive for daemon in daemons()}
    for name, is_alive in alive.items():
        print(f"{name:14}{'runs' if is_alive else 'does not run'}")
    if all(alive.values()):
        print(f"{idle_nodes()} of {len(NODES)} nodes idle\nexport SLURM_CONF={SLURM_CONF}")
    return 0 if all(alive.values()) else 3
