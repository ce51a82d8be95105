"""bqueues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.lsf.record import stat
from dev.cluster.stand_in.lsf.show import as_json, asked_fields, custom_table, shown_options
from dev.cluster.stand_in.lsf.submit import QUEUES, Refused
from dev.cluster.stand_in.queue import OVER, Job

QUEUE_FIELDS = {
    *("queue_name", "description", "priority", "status", "max", "jl_u", "jl_p", "jl_h", "njobs"),
    *("pend", "run", "susp", "runlimit"),
}


def bqueues(call: Call) -> Answer:
    options, names = shown_options(list(call.words), {"o", "m", "u"})
    for name in names:
        if name not in QUEUES:
            raise Refused(f"{name}: No such queue")
    jobs = [Job(**job) for job in call.ask({"do": "jobs"})["jobs"]]
    # Those that a person may use, where -u names one.
    hidden = {"others"} if options.get("u", "root") not in ("root", "all") else set()
    rows = [queue_fields(name, jobs) for name in names or QUEUES if name not in hidden]
    if "o" in options:
        asked, between = asked_fields(options["o"], QUEUE_FIELDS, "bqueues")
        if "json" in options:
            records = [{name.upper(): row[name] for name, _ in asked} for row in rows]
            return Answer(as_json("bqueues", "QUEUES", records))
        return Answer(custom_table(rows, asked, between, "noheader" in options))
    if "l" in options:
        return Answer(f"{'-' * 79}\n".join(long_text(row) for row in rows))
    text = "QUEUE_NAME      PRIO STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN  SUSP \n"
    for row in rows:
        counts = " ".join(f"{row[name]:>5}" for name in ("njobs", "pend", "run", "susp"))
        line = f"{row['queue_name']:<15} {row['priority']:>3}  {row['status']:<14}"
        text += f"{line} {'-':>4} {'-':>4} {'-':>4} {'-':>4} {counts}\n"
    return Answer(text)


def long_text(row: Mapping[str, str]) -> str:
    """As OpenLava's prtQueuesLong has it, which LSF has changed little."""
    head = "PRIO NICE STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN SSUSP USUSP  RSV PJOBS"
    counts = " ".join(f"{row[name]:>5}" for name in ("njobs", "pend", "run", "susp"))
    line = f"{row['priority']:>3} {'0':>4}  {row['status']:<14} {'-':>4} {'-':>4} {'-':>4} {'-':>4}"
    limit = f" RUNLIMIT\n {row['runlimit']} min of gx1\n\n" if row["runlimit"] else ""
    default = "  This is the default queue." if row["queue_name"] == "normal" else ""
    return (
        f"\nQUEUE: {row['queue_name']}\n  -- For tests.{default}\n\n"
        f"PARAMETERS/STATISTICS\n{head}\n{line} {counts}     0    0     0\n"
        f"Interval for a host to accept two jobs is 0 seconds\n\n{limit}"
        f"USERS: {'root' if row['queue_name'] == 'others' else 'all'}\nHOSTS:  all\n\n"
    )


def queue_fields(name: str, jobs: Sequence[Job]) -> dict[str, str]:
    """Jobs are counted by their slots."""
    slots = {state: 0 for state in ("PEND", "RUN", "PSUSP")}
    for job in jobs:
        if job.queue == name and job.state != OVER:
            slots[stat(job)] += sum(each for each, _ in job.chunks)
    minutes = QUEUES[name]["minutes"]
    return {
        "queue_name": name,
        "description": "",
        "priority": str(QUEUES[name]["priority"]),
        "status": str(QUEUES[name]["status"]),
        **dict.fromkeys(["max", "jl_u", "jl_p", "jl_h"], ""),
        "njobs": str(sum(slots.values())),
        "pend": str(slots["PEND"]),
        "run": str(slots["RUN"]),
        "susp": str(slots["PSUSP"]),
        "runlimit": "" if minutes is None else f"{float(minutes):.1f}",
    }
