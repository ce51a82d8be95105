"""What a campaign does and when: all of it follows from the seed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

# How many of a hundred jobs are of a kind (notebooks.py).
KINDS = {"plain": 22, "files": 22, "error": 12, "prints": 10, "engines": 12, "long": 22}
# Where they run: the cluster, the same with job directories on a small disk, this machine.
CLUSTERS = {"slurm": 55, "small": 20, "local": 25}
# What happens to one job, by kind of fault; with engines, one of them may die.
TO_ONE = {None: 58, "cancelled": 18, "terminal-closed": 12, "kernel-killed": 12}
TO_ENGINES = {None: 40, "engine-killed": 40, "kernel-killed": 10, "cancelled": 10}
# Seconds in which processes of a job are killed, from its first cell on: as long as its cells take.
CELLS_SECONDS = {"long": 20, "engines": 7}
QUICK_SECONDS = 0.6
OTHER_SECONDS = 8

# What happens to everything, and for how many seconds at least and at most.
TO_ALL: Mapping[str, tuple[float, float]] = {
    "sidecar-killed": (0, 0),
    "sidecar-killed-at-effect": (1, 4),
    "link-cut": (0, 0),
    "link-silent": (0, 0),
    "link-down": (3, 12),
    "sshd-restarted": (1, 5),
    "slurmctld-stopped": (4, 15),
    "node-killed": (2, 25),
    "disk-full-here": (4, 12),
    "disk-full-records": (2, 6),
    "disk-full-cluster": (4, 12),
    "clock-jump": (3, 10),
    "runtime-removed": (2, 4),
    "second-service": (4, 10),
    "asleep": (8, 30),
}


@dataclass(frozen=True)
class PlannedJob:
    """One submission."""

    number: int
    at: float
    """Seconds after the start: not before."""
    kind: str
    cluster: str
    folder: int
    """The number of the job whose folder and notebook it shares: its own, mostly."""
    on_small_disk: bool
    """Whether that folder is on the disk that is filled."""
    plants: bool
    """Whether the person has files where the result would go."""
    elsewhere: bool
    """Whether it comes from a session with another runtime folder."""
    fault: str | None
    after: float
    """Seconds after the submission, or after its first cell has begun, until that."""


@dataclass(frozen=True)
class PlannedFault:
    """One fault that concerns everything."""

    number: int
    kind: str
    pause: float
    """Seconds after the end of the last one."""
    seconds: float
    pick: float
    """In [0, 1): chooses what is left to choose."""


def streams(seed: int) -> tuple[Iterator[PlannedJob], Iterator[PlannedFault]]:
    """All jobs and all faults of a seed, without end; neither depends on how far the other is."""
    both = Random(seed)
    return jobs(Random(both.random())), faults(Random(both.random()))


def jobs(random: Random) -> Iterator[PlannedJob]:
    earlier: list[PlannedJob] = []
    at = 0.0
    while True:
        number = len(earlier) + 1
        kind, cluster = choose(random, KINDS), choose(random, CLUSTERS)
        job = PlannedJob(
            number=number,
            at=at,
            kind=kind,
            cluster=cluster,
            folder=number,
            on_small_disk=random.random() < 0.3,
            plants=random.random() < 0.25,
            elsewhere=random.random() < 0.1,
            fault=choose(random, TO_ENGINES if kind == "engines" else TO_ONE),
            after=0,
        )
        share = random.random()
        again, pick = random.random() < 0.15, random.random()
        if again and earlier:
            job = once_more(job, earlier[int(pick * len(earlier))])
        job = replace(job, after=round(share * longest(job), 2))
        earlier.append(job)
        yield job
        at += random.uniform(0.5, 6)


def once_more(job: PlannedJob, other: PlannedJob) -> PlannedJob:
    """The notebook of another job, which has left a result beside it, or will."""
    shared = ("kind", "cluster", "folder", "on_small_disk")
    fits = job.fault != "engine-killed" or other.kind == "engines"
    changes = {name: getattr(other, name) for name in shared}
    return replace(job, **changes, fault=job.fault if fits else None)


def longest(job: PlannedJob) -> float:
    """Until its fault."""
    if job.fault in ("kernel-killed", "engine-killed"):
        return CELLS_SECONDS.get(job.kind, QUICK_SECONDS)
    return OTHER_SECONDS


def faults(random: Random) -> Iterator[PlannedFault]:
    """Each kind once before one comes again."""
    number = 0
    while True:
        deck = list(TO_ALL)
        random.shuffle(deck)
        for kind in deck:
            number += 1
            yield PlannedFault(
                number=number,
                kind=kind,
                pause=round(random.uniform(1, 6), 2),
                seconds=round(random.uniform(*TO_ALL[kind]), 2),
                pick=random.random(),
            )


def choose(random: Random, weights: Mapping) -> str | None:
    return random.choices(list(weights), list(weights.values()))[0]
