"""What a campaign's jobs and services have left behind when all is over."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from pathlib import Path

from dev.bench.forwarder import UnixConnection
from dev.campaign import place
from dev.campaign.bed import BASES, USER, Bed
from dev.campaign.faults import squeue
from dev.campaign.person import OTHER_RUNTIME, RUNTIME, send, sidecars
from dev.campaign.work import until
from dev.cluster.processes import processes, title, variables

# Seconds in which everything must have gone by itself.
JOBS_SECONDS = 30
LEAVE_SECONDS = 30
# What a service that ended well leaves in its runtime folder.
LOCKS = {"start.lock", "sidecar.lock"}


def left_of_jobs(ids: Iterable[str]) -> list[str]:
    """Processes of jobs, and jobs in the queue."""
    marks = {f"JUPYTERLAB_SUBMIT_JOB={id}".encode() for id in ids}

    def of_jobs() -> list[int]:
        return [pid for pid in processes() if not marks.isdisjoint(variables(pid))]

    until(lambda: not of_jobs() and not squeue("--format=%j"), JOBS_SECONDS)
    queue = [f"in Slurm's queue: {word}" for word in squeue("--format=%j:%T")]
    return [f"of a job: {name(pid)}" for pid in of_jobs()] + queue


def remove_all(bed: Bed, records: Iterable[str]) -> list[str]:
    """Has the service forget every job; says which directories it could not remove."""
    bed.person.run("list")
    # The one service of these records is where the session is that needed one first.
    runtime = next(runtime for runtime in (RUNTIME, OTHER_RUNTIME) if sidecars(runtime))
    socket = next(runtime.rglob("sidecar.sock"))
    failed = []
    for id in records:
        connection = UnixConnection(str(socket))
        connection.request("DELETE", f"/api/jobs/{id}?result=too")
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        if answer.status >= 300:
            failed.append(f"job {id} could not be removed: {text[:500]}")
        connection.close()
    return failed


def left_of_services(bed: Bed) -> list[str]:
    """Ends the service as a person would, and says what goes on."""
    several = [f"more than one service: {name(pid)}" for pid in sidecars()[1:]]
    send(signal.SIGTERM, sidecars())
    bed.person.end()
    until(lambda: not place.ours(), LEAVE_SECONDS)
    here = [f"here: {name(pid)}" for pid in place.ours()]
    bed.link.close()
    until(lambda: not of_user(), LEAVE_SECONDS)
    return [*several, *here, *(f"on the cluster: {name(pid)}" for pid in of_user())]


def left_folders() -> list[str]:
    """What is still there of job directories, downloads, sockets and temporary files."""
    uid = USER.account.pw_uid
    found: list[Path] = []
    for base in BASES.values():
        found += base.glob("*")
    for folder in (place.HOME / "work", place.SOURCES):
        found += folder.rglob(".*")
    found += place.TEMPORARY.iterdir()
    found += [file for file in Path("/tmp").iterdir() if owner(file) == uid]
    found += [file for file in RUNTIME.rglob("*") if file.is_file() or file.is_socket()]
    found += place.RECORDS.rglob("*.part")
    return sorted({str(file) for file in found if file.name not in LOCKS})


def owner(file: Path) -> int | None:
    try:
        return file.lstat().st_uid
    except OSError:
        return None


def of_user() -> list[int]:
    """Processes of the cluster's user."""
    uid = USER.account.pw_uid
    return [pid for pid in processes() if owner(Path(f"/proc/{pid}")) == uid]


def name(pid: int) -> str:
    return f"{pid} {title(pid).decode(errors='replace')[:200]}".strip()
