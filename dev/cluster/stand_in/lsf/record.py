"""What LSF keeps of a job."""

from __future__ import annotations

import time

from dev.cluster.stand_in.queue import BY_LIMIT, HELD, NO_FOLDER, OVER, QUEUED, RUNNING, Job

STATES = {QUEUED: "PEND", HELD: "PSUSP", RUNNING: "RUN"}


def stat(job: Job) -> str:
    if job.state != OVER:
        return STATES[job.state]
    return "DONE" if job.status == 0 and job.ends is None else "EXIT"


def reason(job: Job) -> str:
    """Why it has ended, in the words of termination_reasons_lsf."""
    if job.state != OVER or job.ends is None:
        return ""
    if job.ends == NO_FOLDER:
        where = "is not accessible or does not exist on the execution host"
        return f"TERM_CWD_NOTEXIST: current working directory {where}"
    if job.ends == BY_LIMIT:
        return "TERM_RUNLIMIT: job killed after reaching LSF run time limit"
    return "TERM_OWNER: job killed by owner"


def pending(job: Job, now: float) -> str:
    if job.state == HELD:
        return "Job was suspended by the user while pending;"
    if job.state != QUEUED:
        return ""
    return (
        "New job is waiting for scheduling;"
        if now - job.queued < 1
        else "Not enough job slot(s): 4 hosts;"
    )


def by_host(job: Job) -> dict[str, int]:
    counts: dict[str, int] = {}
    for host, slots, _ in job.where:
        counts[host] = counts.get(host, 0) + slots
    return counts


def fields(job: Job, now: float) -> dict[str, str]:
    """By the names of `bjobs -o`; empty where there is nothing to say."""
    hosts = by_host(job)
    ran = (job.ended or now) - job.started if job.started else 0
    ends = None if job.started is None or job.seconds is None else job.started + job.seconds
    left = (
        ""
        if ends is None or job.ended
        else f"{int((ends - now) // 3600)}:{int((ends - now) % 3600 // 60)} L"
    )
    return {
        "jobid": str(job.number),
        "stat": stat(job),
        "user": job.user,
        "user_group": "",
        "queue": job.queue,
        "job_name": job.name,
        "job_description": "",
        "proj_name": job.more["project"],
        "exit_code": "" if not job.status else str(job.status),
        "exit_reason": reason(job),
        "pend_reason": pending(job, now),
        "from_host": job.more["host"],
        "first_host": next(iter(hosts), ""),
        "exec_host": ":".join(f"{n}*{host}" if n > 1 else host for host, n in hosts.items()),
        "nexec_host": str(len(hosts)) if hosts else "",
        "slots": str(sum(hosts.values())) if hosts else "",
        "nreq_slot": str(sum(slots for slots, _ in job.chunks)),
        "submit_time": date(job.queued),
        "start_time": date(job.started),
        "finish_time": f"{date(job.ended)} L" if job.ended else f"{date(ends)} L" if ends else "",
        "estimated_start_time": date(job.earliest),
        "run_time": f"{int(ran)} second(s)",
        "runtimelimit": "" if job.seconds is None else f"{job.seconds / 60:.1f}",
        "time_left": left,
        "sub_cwd": job.directory,
        "exec_cwd": job.more["cwd"] if job.started else "",
        "output_file": job.more["output"] or "",
        "error_file": job.more["error"] or "",
        "memlimit": job.more["memory"] or "",
        "command": job.more["command"],
    }


def date(when: float | None) -> str:
    return "" if when is None else time.strftime("%b %e %H:%M", time.localtime(when))


def reason_of(ends: str) -> str:
    return reason(Job("", "", "", "", [], state=OVER, ends=ends))


def slots_of(job: Job) -> list[str]:
    """A host for each slot."""
    return [host for host, slots, _ in job.where for _ in range(slots)]
