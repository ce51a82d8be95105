"""qstat and qselect of Torque."""

from __future__ import annotations

import getopt
from collections.abc import Sequence
from xml.sax.saxutils import escape

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.attributes import (
    attribute_text,
    date,
    flat,
)
from dev.cluster.stand_in.pbs.jobs import SERVER, number_of
from dev.cluster.stand_in.pbs.options import Refused, unknown_option
from dev.cluster.stand_in.queue import Job
from dev.cluster.stand_in.torque.queues import queues
from dev.cluster.stand_in.torque.record import LETTERS, attributes

# The words and the order of pbs_error_db.h, which counts from 15000.
UNKNOWN = ("Unknown Job Id Error", 15001)


TIMES = {"ctime", "etime", "mtime", "qtime", "start_time", "comp_time"}


def qstat(call: Call) -> Answer:
    try:
        options, operands = getopt.gnu_getopt(list(call.words), "acCeE:filn1pqrstu:xGMQRBW:-:")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("qstat", error), 2) from None
    chosen = dict(options)
    jobs = [Job(**job) for job in call.ask({"do": "jobs"})["jobs"]]
    said = Answer()
    if "-B" in chosen:
        return Answer(f"Server: {SERVER}\n    server_state = Active\n    default_queue = batch\n\n")
    if "-Q" in chosen:
        return queues(operands, jobs, "-f" in chosen)
    found = [] if operands else jobs
    for operand in operands:
        if not operand[0].isdigit():
            found += [job for job in jobs if job.queue == operand]
            continue
        job = next((job for job in jobs if job.number == number_of(operand)), None)
        if job is None:
            ident = operand if "." in operand else f"{operand}.{SERVER}"
            said.err += f"qstat: {UNKNOWN[0]} {ident}\n"
            said.status = UNKNOWN[1] % 256
        else:
            found.append(job)
    if "-u" in chosen:
        found = [job for job in found if job.user in chosen["-u"].split(",")]
    if "-x" in chosen:
        # One document an operand, as each is asked for by itself (qstat.c, run_job_mode).
        groups = [[job] for job in found] if operands else [found] if found else []
        said.out = "".join(as_xml(group, call.now) for group in groups)
    elif "-f" in chosen:
        said.out = "".join(as_text(job, call.now, "-1" in chosen) for job in found)
    elif found:
        said.out = brief(found)
    return said


def as_text(job: Job, now: float, is_one_line: bool) -> str:
    """Of a time, the end of the line is ctime(3)'s own (qstat.c, display_full_job)."""
    text = f"Job Id: {job.number}.{SERVER}\n"
    for name, value in flat(attributes(job, now)):
        shown = date(int(value)) if name in TIMES else value
        text += f"    {name} = {shown}\n" if is_one_line else attribute_text(name, shown)
    return f"{text}\n"


def as_xml(jobs: Sequence[Job], now: float) -> str:
    """In one line; resources are inside of one element, times are numbers (qstat.c, create_full_job_xml)."""
    text = ""
    for job in jobs:
        text += f"<Job><Job_Id>{job.number}.{SERVER}</Job_Id>"
        for name, value in attributes(job, now):
            inner = (
                escape(value)
                if isinstance(value, str)
                else "".join(f"<{each}>{escape(of)}</{each}>" for each, of in value.items())
            )
            text += f"<{name}>{inner}</{name}>"
        text += "</Job>"
    return f'<?xml version="1.0"?>\n<Data>{text}</Data>\n'


def brief(jobs: Sequence[Job]) -> str:
    lines = ["Job ID                    Name             User            Time Use S Queue"]
    lines.append("------------------------- ---------------- --------------- -------- - -----")
    for job in jobs:
        name = job.name if len(job.name) <= 16 else f"...{job.name[-13:]}"
        used = "00:00:00" if job.started else "0"
        row = f"{f'{job.number}.{SERVER}':<25} {name:<16} {job.user[:15]:<15} {used:>8}"
        lines.append(f"{row} {LETTERS[job.state]} {job.queue:<15}")
    return "".join(f"{line}\n" for line in lines)


def qselect(call: Call) -> Answer:
    try:
        options, _ = getopt.gnu_getopt(list(call.words), "a:A:ec:h:l:N:p:q:r:s:u:")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("qselect", error), 2) from None
    chosen = dict(options)
    return Answer(
        "".join(
            f"{job.number}.{SERVER}\n"
            for job in [Job(**job) for job in call.ask({"do": "jobs"})["jobs"]]
            if job.name == chosen.get("-N", job.name)
            and job.user in chosen.get("-u", job.user).split(",")
            and job.queue == chosen.get("-q", job.queue)
            and LETTERS[job.state] in chosen.get("-s", LETTERS[job.state])
        )
    )
