"""The hosts of a job, as its mpiexec is told them: which they are, how many ranks each has, and how to get there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from .hosts import engines_of_hosts
from .launch import Launch
from .nodes import launch_argv


def told_hosts(
    launch: Launch,
    library: str,
    family: str,
    *,
    wanted: int,
    env: Mapping[str, str],
    place: Path,
    directory: str,
) -> list[str]:
    """The options of an mpiexec of that family of MPI libraries; none where nobody lists the hosts.

    `place`: a folder for files of ours, whose path has neither spaces nor colons; `directory`: the job's.
    """
    nodes = launch["nodes"]
    hosts = engines_of_hosts(nodes["hosts"], env, wanted) if nodes and nodes["hosts"] else {}
    hosts = {host: ranks for host, ranks in hosts.items() if ranks}
    if not hosts:
        return []
    file = place / "hosts"
    agent = launch["mpi"]["agent"]
    program = None
    if agent and len(hosts) > 1:
        program = place / "agent"
        program.write_text(agent_script(launch_argv(agent["argv"], len(hosts), directory)))
        program.chmod(0o700)
    if family == "Open MPI":
        file.write_text("".join(f"{host} slots={ranks}\n" for host, ranks in hosts.items()))
        return ["--hostfile", str(file), "--map-by", "slot", *by_agent_open(library, program)]
    file.write_text("".join(f"{host}:{ranks}\n" for host, ranks in hosts.items()))
    options = ["-machinefile", str(file)]
    if agent and agent["hydra"] and program:
        options += ["-launcher", "rsh", "-launcher-exec", str(program)]
    return options


def agent_script(argv: list[str]) -> str:
    """A program that puts an argv before its own words: an mpiexec takes the name of one."""
    return f'#!/bin/sh\nexec {" ".join(map(shlex.quote, argv))} "$@"\n'


def by_agent_open(library: str, program: Path | None) -> list[str]:
    """What has Open MPI start its daemons by that program: from here alone, and so that it stays as long as they do."""
    if program is None:
        return []
    agent = f"sh {program}"  # its folder may be one from which nothing is executed
    version = re.search(r"Open MPI v?(\d+)", library)
    if version and int(version[1]) < 5:
        ours = {"plm_rsh_agent": agent, "plm_rsh_no_tree_spawn": "1"}
        ours["orte_leave_session_attached"] = "1"
        return [word for name, value in ours.items() for word in ("--mca", name, value)]
    ours = {"plm_ssh_agent": agent, "plm_ssh_no_tree_spawn": "1"}
    ours["prte_leave_session_attached"] = "1"
    return [word for name, value in ours.items() for word in ("--prtemca", name, value)]
