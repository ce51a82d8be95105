"""What grows with the number of engines: how often hearts beat, and how many files the controller has open."""

from __future__ import annotations

import resource

# An engine is registered at a heartbeat, so a short period starts it sooner; one process takes the beats of all.
SHORTEST_PERIOD = 200  # ms
BEATS_A_SECOND = 500  # of all engines together
# How long an engine may be silent: a machine may pause, and many engines on few cores wait for each other.
SILENT = 30_000  # ms
SILENT_EACH = 60  # ms for each engine, where that is more

# In one process of the controller, for itself and for each engine, with something to spare: 58 and 2.2 were seen.
OWN_FILES = 200
FILES_EACH = 3


def heartbeats(engines: int) -> tuple[int, int]:
    """The period in ms, and how many may be missed."""
    period = max(SHORTEST_PERIOD, 1000 * engines // BEATS_A_SECOND)
    return period, max(SILENT, SILENT_EACH * engines) // period


def files_of(engines: int) -> int:
    return OWN_FILES + FILES_EACH * engines


def make_room_for_files(engines: int) -> None:
    """In the controller, before it has any part: raise the limit of open files to what it needs, as far as that may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = files_of(engines)
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def too_few_files(engines: int) -> str:
    """What to say where fewer may be open than so many engines need; else nothing."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= files_of(engines):
        return ""
    return (
        f"At most {hard} files may be open here (ulimit -Hn), and the controller of {engines} engines has up to "
        f"{files_of(engines)}: ask for fewer engines, or the administrators for more files\n"
    )
