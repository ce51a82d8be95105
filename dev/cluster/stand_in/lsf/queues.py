"""bqueues."""

from __future__ import annotations

from collections.abc import Sequence

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
    rows = [queue_fields(name, jobs) for name in names or QUEUES]
    if "o" in options:
        asked, between = asked_fields(options["o"], QUEUE_FIELDS, "bqueues")
        if "json" in options:
            records = [{name.upper(): row[name] for name, _ in asked} for row in rows]
            return Answer(as_json("bqueues", "QUEUES", records))
        return Answer(custom_table(rows, asked, between, "noheader" in options))
    head = "QUEUE_NAME      PRIO STATUS          MAX JL/U JL/P JL/H NJOBS  PEND   RUN  SUSP \n"
    text = "" if "l" in options else head
    for row in rows:
        counts = " ".join(f"{row[name]:>5}" for name in ("njobs", "pend", "run", "susp"))
        line = f"{row['queue_name']:<15} {row['priority']:>3}  {row['status']:<14}"
        line += f" {'-':>4} {'-':>4} {'-':>4} {'-':>4} {counts}\n"
        if "l" in options:
            limit = f"RUNLIMIT\n {row['runlimit']} min\n\n" if row["runlimit"] else ""
            line = f"\nQUEUE: {row['queue_name']}\n\nPARAMETERS/STATISTICS\n{head}{line}\n{limit}"
        text += line
    return Answer(text)


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
