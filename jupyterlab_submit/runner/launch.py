"""How a scheduler starts engines: what job.json says of it."""

from __future__ import annotations

from typing import TypedDict


class Plugins(TypedDict):
    """MPI as plugins of the scheduler."""

    list: list[str]
    argv: list[str]


class Agent(TypedDict):
    """How an mpiexec reaches other hosts, where it does not know the scheduler."""

    argv: list[str]
    hydra: bool


class MpiLaunch(TypedDict):
    """For engines that are ranks of one MPI world."""

    plugins: Plugins | None
    mpiexec: bool
    agent: Agent | None
    own: list[str] | None


class AsOne(TypedDict):
    """Variables that an engine would have, had the scheduler started it by itself."""

    rank: list[str]
    local: list[str]
    all: list[str]
    job: list[str]


class NodeLaunch(TypedDict):
    """For one process a node, which starts the engines of that node."""

    argv: list[str]
    name: str
    engines: str | None
    hosts: str | None
    cpus: str | None
    bound: dict[str, str]
    each: AsOne


class Launch(TypedDict):
    """A Launch of src/schedulers/scheduler.ts, which says what its parts mean."""

    argv: list[str]
    rank: str | None
    nodes: NodeLaunch | None
    mpi: MpiLaunch


class Plan(TypedDict):
    """What the process of a node is told (node.py)."""

    profile: str  # an argument of each engine
    logs: str
    fork: bool
    counts: list[int]  # how many engines are on each node
    rank: str | None  # the variable with this node's index; None: there is only one
    launch: NodeLaunch | None  # None: on this machine, where nothing is allocated
    job: dict[str, str | None]  # what the job has in the variables that `launch` names
