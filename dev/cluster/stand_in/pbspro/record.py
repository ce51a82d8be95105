"""What PBS Pro keeps of a job."""

from __future__ import annotations

import time

from dev.cluster.stand_in.face import SLOTS
from dev.cluster.stand_in.pbs.attributes import Attributes, clock, date
from dev.cluster.stand_in.pbs.jobs import SERVER, output
from dev.cluster.stand_in.queue import BY_LIMIT, BY_USER, HELD, OVER, QUEUED, RUNNING, Job

LETTERS = {QUEUED: "Q", HELD: "H", RUNNING: "R", OVER: "F"}


def attributes(job: Job, now: float) -> Attributes:
    """In the order of job_attr_def."""
    more = job.more
    found: list[tuple[str, str | dict[str, str] | None]] = [
        ("Job_Name", job.name),
        ("Job_Owner", f"{job.user}@{more['Submit_Host']}"),
    ]
    if job.started is not None:
        found.append(("resources_used", used(job, now)))
    found += [
        ("job_state", LETTERS[job.state]),
        ("queue", job.queue),
        ("server", SERVER),
        ("Account_Name", more["Account_Name"]),
        ("Checkpoint", "u"),
        ("ctime", date(job.queued)),
        ("Error_Path", output(job, "e")),
    ]
    if job.where:
        found += [("exec_host", exec_host(job)), ("exec_vnode", exec_vnode(job))]
    found += [
        ("Hold_Types", "u" if job.state == HELD else "n"),
        *((name, more[name]) for name in ("Join_Path", "Keep_Files", "Mail_Points")),
        ("mtime", date(job.changed)),
        ("Output_Path", output(job, "o")),
        ("Priority", "0"),
        ("qtime", date(job.queued)),
        ("Rerunable", more["Rerunable"]),
        ("Resource_List", more["Resource_List"]),
    ]
    if job.started is not None:
        found += [("stime", date(job.started)), ("session_id", str(4000 + job.number))]
        found.append(("Shell_Path_List", more["Shell_Path_List"]))
        found.append(("jobdir", job.variables.get("PBS_O_HOME")))
    found += [
        ("substate", substate(job)),
        ("Variable_List", job.variables),
        ("comment", comment(job)),
        ("etime", None if job.state == HELD else date(job.queued)),
        ("umask", more["umask"]),
        ("run_count", None if job.started is None else "1"),
        ("eligible_time", clock((job.started or job.ended or now) - job.queued)),
        ("Stageout_status", "1" if job.state == OVER and job.started else None),
        ("Exit_status", None if job.status is None else str(job.status)),
        ("Submit_arguments", more["Submit_arguments"]),
    ]
    if job.earliest is not None:
        found.append(("estimated", {"start_time": date(job.earliest)}))
    found += [
        ("history_timestamp", None if job.ended is None else str(int(job.ended))),
        ("project", more["project"]),
        ("Submit_Host", more["Submit_Host"]),
    ]
    return [(name, value) for name, value in found if value is not None]


def used(job: Job, now: float) -> dict[str, str]:
    slots = sum(slots for _, slots, _ in job.where)
    return {
        "cpupercent": "0",
        "cput": "00:00:00",
        "mem": "0kb",
        "ncpus": str(slots),
        "vmem": "0kb",
        "walltime": clock((job.ended or now) - (job.started or now)),
    }


def exec_host(job: Job) -> str:
    seen: list[str] = []
    parts = []
    for host, slots, _ in job.where:
        parts.append(f"{host}/{seen.count(host)}" + (f"*{slots}" if slots > 1 else ""))
        seen.append(host)
    return "+".join(parts)


def exec_vnode(job: Job) -> str:
    return "+".join(f"({host}:ncpus={slots})" for host, slots, _ in job.where)


def substate(job: Job) -> str:
    """job.h has them."""
    if job.state != OVER:
        return {QUEUED: "10", HELD: "20", RUNNING: "42"}[job.state]
    return "91" if job.ends == BY_USER else "93" if job.status else "92"


def comment(job: Job) -> str | None:
    """Of the scheduler (job_info.cpp, check.cpp) and of the server (form_attr_comment, update_job_finish_comment)."""
    if job.started is None:
        needed = max(cpus for cpus, _ in job.chunks)
        if job.never and needed > SLOTS:
            amounts = f"(R: {needed} A: {SLOTS} T: {SLOTS})"
            return f"Can Never Run: Insufficient amount of resource: ncpus {amounts}"
        if job.never:
            return "Can Never Run: Not enough total nodes available"
        return "Not Running: Not enough free nodes available" if job.state == QUEUED else None
    when = time.strftime("%a %b %d at %H:%M", time.localtime(job.started))
    said = f"Job run at {when} on {exec_vnode(job)}"
    ends = {"91": " and terminated", "92": " and finished", "93": " and failed"}
    if job.state == OVER and job.ends == BY_LIMIT:
        return f"{said} and exceeded resource walltime"
    return said + ends.get(substate(job), "")
