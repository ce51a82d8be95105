"""What Torque keeps of a job."""

from __future__ import annotations

import time

from dev.cluster.stand_in.pbs.attributes import (
    Attributes,
    clock,
    listed,
)
from dev.cluster.stand_in.pbs.jobs import SERVER, output
from dev.cluster.stand_in.queue import HELD, OVER, QUEUED, RUNNING, Job

LETTERS = {QUEUED: "Q", HELD: "H", RUNNING: "R", OVER: "C"}


def attributes(job: Job, now: float) -> Attributes:
    """In the order of job_attr_def.c; times are seconds here."""
    more = job.more
    found: list[tuple[str, str | dict[str, str] | None]] = [
        ("Job_Name", job.name),
        ("Job_Owner", f"{job.user}@{more['submit_host']}"),
    ]
    if job.started is not None:
        walltime = clock((job.ended or now) - job.started)
        used = {"cput": "00:00:00", "mem": "0kb", "vmem": "0kb", "walltime": walltime}
        found.append(("resources_used", used))
    found += [
        ("job_state", LETTERS[job.state]),
        ("queue", job.queue),
        ("server", SERVER),
        ("Account_Name", more["Account_Name"]),
        ("Checkpoint", "u"),
        ("ctime", str(int(job.queued))),
        ("Error_Path", output(job, "e")),
        ("exec_host", exec_host(job) or None),
        ("Hold_Types", "u" if job.state == HELD else "n"),
        *((name, more[name]) for name in ("Join_Path", "Keep_Files", "Mail_Points")),
        ("mtime", str(int(job.changed))),
        ("Output_Path", output(job, "o")),
        ("Priority", "0"),
        ("qtime", str(int(job.queued))),
        ("Rerunable", more["Rerunable"]),
        ("Resource_List", more["Resource_List"]),
        ("session_id", None if job.started is None else str(4000 + job.number)),
        ("Shell_Path_List", more["Shell_Path_List"]),
        ("Variable_List", listed(job.variables)),
        ("comment", started(job)),
        ("etime", None if job.state == HELD else str(int(job.queued))),
        ("exit_status", None if job.status is None else str(job.status)),
        ("submit_args", more["submit_args"]),
        ("umask", more["umask"]),
        ("start_time", None if job.started is None else str(int(job.started))),
    ]
    if job.state == RUNNING and job.seconds is not None and job.started is not None:
        left = int(job.started + job.seconds - now)
        found.append(("Walltime", {"Remaining": str(left)}))
    found += [
        ("start_count", None if job.started is None else "1"),
        ("fault_tolerant", "False"),
        ("comp_time", None if job.ended is None else str(int(job.ended))),
        ("job_radix", "0"),
    ]
    if job.started is not None and job.ended is not None:
        found.append(("total_runtime", f"{job.ended - job.started:.6f}"))
    found += [("submit_host", more["submit_host"]), ("init_work_dir", job.directory)]
    return [(name, value) for name, value in found if value is not None]


def started(job: Job) -> str | None:
    """As its scheduler comments on it."""
    if job.started is None:
        return None
    return time.strftime("Job started on %a %b %d at %H:%M", time.localtime(job.started))


def exec_host(job: Job) -> str:
    """`gx1/0-3+gx2/0-3`, as since 4.2."""
    return "+".join(f"{host}/0" + (f"-{n - 1}" if n > 1 else "") for host, n, _ in job.where)
