"""Logging in to the test cluster: keys, users, their Python, the SSH servers."""

from __future__ import annotations

import os
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.doors.catalogue import wanted_doors
from dev.cluster.doors.servers import (
    client_variables,
    door_daemons,
    door_hosts,
    door_known_hosts,
    get_tickets,
    prepare_doors,
)
from dev.cluster.jobs_python import PLACE, make_jobs_python
from dev.cluster.keys import authorized_keys, make_keys
from dev.cluster.privilege_separation import make_privilege_separation, remove_privilege_separation
from dev.cluster.programs import find
from dev.cluster.readiness import answers, run
from dev.cluster.ssh import SSH_CONFIG, sshds, write_ssh_configuration
from dev.cluster.users import PLAIN_PROGRAMS, USERS, make_users, remove_users

# What Slurm's client programs are called in one release or another.
SLURMS = {
    *("sacct", "sacctmgr", "salloc", "sattach", "sbatch", "sbcast", "scancel", "scontrol"),
    *("scrontab", "sdiag", "sinfo", "sprio", "squeue", "sreport", "srun", "sshare", "sstat"),
    *("strigger", "smd", "sview", "sjobexitmod", "sjstat", "sh5util", "scrun"),
}
# What the programs of Debian's Grid Engine are links to.
GRID_ENGINES = "gridengine-wrapper"


def why_no_logins() -> str | None:
    """None when users can be made."""
    return None if os.geteuid() == 0 else "only root can make the users that log in"


def prepare_logins() -> list[str]:
    """Makes all that the SSH servers need; returns what to tell the person, a line each."""
    make_keys()
    make_users([*USERS, *(door.user for door in wanted_doors())], authorized_keys())
    link_programs(Path(find("sbatch")).parent)
    make_privilege_separation()
    if wanted_doors():
        prepare_doors()
    write_ssh_configuration(door_hosts(), door_known_hosts())
    return [
        f"ssh -F {SSH_CONFIG} slurm",
        make_jobs_python(USERS[0]) or f"Python for their jobs: {PLACE}/bin/python",
        *([f"export {' '.join(client_variables())}"] if wanted_doors() else []),
        *(f"ssh -F {SSH_CONFIG} {door.name}" for door in wanted_doors()),
    ]


def start_logins() -> None:
    """Starts the SSH servers that do not run; returns when they answer."""
    for daemon in [*sshds(), *door_daemons()]:
        run(daemon, lambda daemon=daemon: answers(port(daemon.name)))
    get_tickets()


def remove_logins() -> None:
    remove_users()
    remove_privilege_separation()


def link_programs(*more: Path) -> None:
    """Links the system's programs, and those of more folders, without those of batch systems."""
    PLAIN_PROGRAMS.mkdir(exist_ok=True)
    # The first two are one in most systems.
    places = [Path("/usr/bin"), Path("/bin"), *more]
    there = set(os.listdir(PLAIN_PROGRAMS))
    for folder in {place.resolve() for place in places}:
        # There are thousands, which a Path each would make a matter of seconds.
        with os.scandir(folder) as programs:
            for program in programs:
                if program.name not in there and is_plain(program):
                    os.symlink(program.path, PLAIN_PROGRAMS / program.name)
                    there.add(program.name)


def is_plain(program: os.DirEntry[str]) -> bool:
    """Whether it is of no batch system."""
    wraps = program.is_symlink() and Path(program.path).resolve().name == GRID_ENGINES
    return program.name not in SLURMS and not wraps
