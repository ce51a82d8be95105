"""How a scheduler starts engines: what job.json says of it."""

from __future__ import annotations

from typing import TypedDict


class MpiLaunch(TypedDict):
    """The same for engines that are ranks of one MPI world."""

    list: list[str]
    argv: list[str]


class Launch(TypedDict):
    """A Launch of src/schedulers/scheduler.ts, which says what its parts mean."""

    argv: list[str]
    rank: str | None
    mpi: MpiLaunch | None
