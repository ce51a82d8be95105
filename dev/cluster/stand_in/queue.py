"""The queue of a stand-in: jobs, the slots of hosts, and what becomes of which job when. Pure: the time is given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

QUEUED, HELD, RUNNING, OVER = "queued", "held", "running", "over"
BY_LIMIT, BY_USER, NO_FOLDER = "limit", "user", "folder"
"""Why a job is made to end; the last one never began, as there is no folder for it on its host."""


@dataclass
class Job:
    """What one of the faces was asked for, and what came of it. Times are seconds since 1970."""

    name: str
    user: str
    queue: str
    script: str
    chunks: list[list[int]]
    """For each part that has to be on one host: slots and processes."""
    place: str = "free"
    """`scatter`: each part on a host of its own; `pack`: all on one."""
    seconds: int | None = None
    """How long it may run."""
    variables: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    """Where it was submitted."""
    state: str = QUEUED
    more: dict[str, Any] = field(default_factory=dict)
    """What its face alone understands."""
    number: int = 0
    queued: float = 0
    changed: float = 0
    started: float | None = None
    ended: float | None = None
    where: list[list[Any]] = field(default_factory=list)
    """For each part: host, slots, processes."""
    ends: str | None = None
    status: int | None = None
    """As this system writes it; none when it did not run."""
    never: bool = False
    """Whether no time will come when it fits."""
    earliest: float | None = None
    """When it starts at the latest, if it is the next and that is known."""

    @property
    def hosts(self) -> list[str]:
        """The first is where the script runs."""
        return list(dict.fromkeys(host for host, *_ in self.where))


class Queue:
    """All jobs, oldest first. It starts one as soon as it fits, also before older ones that do not."""

    def __init__(
        self, slots: Mapping[str, int], first: int = 1, kept: Mapping[str, Any] | None = None
    ) -> None:
        self.slots = dict(slots)
        kept = kept or {"next": first, "jobs": []}
        self.next: int = kept["next"]
        self.jobs: dict[int, Job] = {job["number"]: Job(**job) for job in kept["jobs"]}

    def keep(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {"next": self.next, "jobs": [asdict(job) for job in self.jobs.values()]}

    def submit(self, job: Job, now: float) -> Job:
        job.number, job.queued, job.changed = self.next, now, now
        self.jobs[job.number] = job
        self.next += 1
        return job

    def start(self, now: float) -> list[Job]:
        """The jobs that begin now, with the places that they have from now on."""
        begun = []
        free = self.free()
        for job in self.waiting():
            where = placed(job.chunks, job.place, free)
            if where is None:
                job.never = placed(job.chunks, job.place, self.slots) is None
                continue
            job.state, job.where, job.started, job.changed = RUNNING, where, now, now
            take(free, where)
            begun.append(job)
        for job in self.jobs.values():
            job.earliest = None
        for job in [job for job in self.waiting() if not job.never][:1]:
            job.earliest = self.known_start(job)
        return begun

    def known_start(self, job: Job) -> float | None:
        """When enough of the jobs that run have come to their limits; none where one of these has no limit."""
        free = self.free()
        ends = {other.number: end(other) for other in self.running()}
        for number, when in sorted(ends.items(), key=lambda item: item[1]):
            take(free, [[host, -slots, more] for host, slots, more in self.jobs[number].where])
            if placed(job.chunks, job.place, free) is not None:
                return None if when == math.inf else when
        return None

    def waiting(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.state == QUEUED]

    def running(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.state == RUNNING]

    def free(self) -> dict[str, int]:
        free = dict(self.slots)
        for job in self.running():
            take(free, job.where)
        return free

    def back(self, job: Job) -> None:
        """It could not be started."""
        job.state, job.where, job.started = QUEUED, [], None

    def hold(self, job: Job, now: float) -> bool:
        return self.turn(job, QUEUED, HELD, now)

    def release(self, job: Job, now: float) -> bool:
        return self.turn(job, HELD, QUEUED, now)

    def turn(self, job: Job, old: str, new: str, now: float) -> bool:
        """Whether its state was the old one."""
        if job.state != old:
            return False
        job.state, job.changed = new, now
        return True

    def delete(self, job: Job, now: float) -> bool:
        """Whether it has processes, which have to be ended first."""
        if job.ends is None:
            job.ends = BY_USER
        if job.state in (QUEUED, HELD):
            self.end(job, None, None, now)
        return job.state == RUNNING

    def end(self, job: Job, status: int | None, ends: str | None, now: float) -> None:
        job.state, job.status, job.ended, job.changed = OVER, status, now, now
        job.ends = ends or job.ends

    def forget(self, seconds: float, now: float) -> None:
        """Forgets the jobs that are over for longer than that."""
        for job in list(self.jobs.values()):
            if job.ended is not None and now - job.ended >= seconds:
                del self.jobs[job.number]


def end(job: Job) -> float:
    """When its time is over."""
    return math.inf if job.seconds is None else (job.started or 0) + job.seconds


def placed(
    chunks: Sequence[Sequence[int]], place: str, free: Mapping[str, int]
) -> list[list[Any]] | None:
    """Where the parts of a job are, on hosts that have so many slots free; none if they do not fit."""
    left = dict(free)
    if place == "pack":
        needed = sum(slots for slots, _ in chunks)
        left = dict([(host, has) for host, has in free.items() if has >= needed][:1])
    where: list[list[Any]] = []
    for slots, processes in chunks:
        used = {host for host, *_ in where} if place == "scatter" else set()
        host = next((one for one, has in left.items() if has >= slots and one not in used), None)
        if host is None:
            return None
        left[host] -= slots
        where.append([host, slots, processes])
    return where


def take(free: dict[str, int], where: Sequence[Sequence[Any]]) -> None:
    for host, slots, _ in where:
        free[host] -= slots
