"""qstat and qselect of PBS Pro."""

from __future__ import annotations

import getopt
from collections.abc import Sequence
from typing import Any

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.attributes import attribute_text, clock, escaped, flat
from dev.cluster.stand_in.pbs.jobs import SERVER, number_of
from dev.cluster.stand_in.pbs.options import Refused, unknown_option
from dev.cluster.stand_in.pbspro.json_text import head, parsed, printed
from dev.cluster.stand_in.pbspro.queues import queues
from dev.cluster.stand_in.pbspro.record import LETTERS, attributes, comment, exec_host
from dev.cluster.stand_in.queue import OVER, Job

# The codes of pbs_error.h, with the words of pbs_messages.c.
UNKNOWN = ("Unknown Job Id", 15001)

FINISHED = ("Job has finished", 15139)

NO_HISTORY = "PBS is not configured to maintain job history"

# What another person's variables make of the answer of a version before 23 (openpbs#2541).
BROKEN = (
    '\t\t\t"Variable_List":\t{\n\t\t\t\t"BASH_FUNC_module%%":\t"() {  eval `/usr/bin/modulecmd'
    ' bash $* "quoted"`\n}"\n\t\t\t}\n'
)


def qstat(call: Call) -> Answer:
    try:
        options, operands = getopt.gnu_getopt(list(call.words), "ainpqrstwxu:fGHJMQEBW:T1F:D:")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("qstat", error), 2) from None
    chosen = dict(options)
    is_json = chosen.get("-F", "").lower() == "json"
    if is_json and "-f" not in chosen:
        raise Refused("qstat: conflicting options.", 2)
    told = call.ask({"do": "jobs"})
    jobs = [Job(**job) for job in told["jobs"]]
    if "-B" in chosen:
        return Answer(f"Server: {SERVER}\n    server_state = Active\n    default_queue = workq\n\n")
    if "-Q" in chosen:
        return queues(operands, jobs, "-f" in chosen, is_json, call)
    history = call.control("keeps") != "0"
    found, said = find(operands, jobs, "-x" in chosen or "-H" in chosen, history)
    if "-u" in chosen:
        found = [job for job in found if job.user in chosen["-u"].split(",")]
    if is_json:
        said.out = as_json(found, call, not operands)
    elif "-f" in chosen:
        said.out = "".join(as_text(job, call.now, "-w" in chosen) for job in found)
    elif chosen.keys() & {"-u", "-a", "-i", "-r", "-H", "-n", "-s"}:
        said.out = table(found, call.now, "-n" in chosen, "-s" in chosen)
    elif found:
        said.out = brief(found)
    return said


def find(
    operands: Sequence[str], jobs: Sequence[Job], past: bool, history: bool
) -> tuple[list[Job], Answer]:
    """The jobs that are meant; what is wrong with the others, of which the last gives the status (qstat.c, main)."""
    said = Answer()
    if past and not history:
        return [], Answer(err=f"qstat: {NO_HISTORY} \n")
    found = []
    for operand in operands:
        if not operand[0].isdigit():
            found += [job for job in jobs if job.queue == operand and (past or job.state != OVER)]
            continue
        job = next((job for job in jobs if job.number == number_of(operand)), None)
        ident = operand if "." in operand else f"{operand}.{SERVER}"
        if job is None:
            said.err += f"qstat: {UNKNOWN[0]} {ident}\n"
            said.status = UNKNOWN[1] % 256
        elif job.state == OVER and not past:
            hint = "use -x or -H to obtain historical job information"
            said.err += f"qstat: {ident} {FINISHED[0]}, {hint}\n"
            said.status = FINISHED[1] % 256
        else:
            found.append(job)
    if not operands:
        found = [job for job in jobs if past or job.state != OVER]
    return found, said


def as_text(job: Job, now: float, wide: bool) -> str:
    lines = [f"Job Id: {job.number}.{SERVER}\n"]
    for name, value in flat(attributes(job, now)):
        lines.append(f"    {name} = {value}\n" if wide else attribute_text(name, value))
    return "".join(lines) + "\n"


def as_json(jobs: Sequence[Job], call: Call, everybody: bool) -> str:
    """As cJSON prints it; a value that is JSON itself is taken as such (pbs_cjson.c), a name is not (qstat.c)."""
    body: dict[str, Any] = head(call)
    told: dict[str, Any] = {}
    for job in jobs:
        values: dict[str, Any] = {}
        for name, value in attributes(job, call.now):
            if name == "Variable_List":
                # Of what is escaped, the comma alone is as it was (qstat.c, prt_attr).
                shown = {each: escaped(text) for each, text in job.variables.items()}
                values[name] = {
                    each: parsed(text.replace("\\,", ",")) for each, text in shown.items()
                }
            elif isinstance(value, dict):
                values[name] = {each: parsed(text) for each, text in value.items()}
            else:
                words = ("Job_Name", "project", "Account_Name")
                values[name] = value if name in words else parsed(value)
        told[f"{job.number}.{SERVER}"] = values
    if told:
        body["Jobs"] = told
    text = printed(body)
    if everybody and call.control("others") is not None:
        other = f'\t"Jobs":\t{{\n\t\t"0.elsewhere":\t{{\n{BROKEN}\t\t}}'
        text = (
            text.replace('\t"Jobs":\t{', f"{other},")
            if told
            else text.replace("\n}\n", f",\n{other}\n\t}}\n}}\n")
        )
    return text


def brief(jobs: Sequence[Job]) -> str:
    """Without an option, with names cut (display_statjob)."""
    lines = ["Job id            Name             User              Time Use S Queue"]
    lines.append("----------------  ---------------- ----------------  -------- - -----")
    for job in jobs:
        name = job.name if len(job.name) < 16 else f"{job.name[:15]}*"
        ident = f"{job.number}.{SERVER}"
        row = f"{ident:<17} {name:<16} {job.user[:16]:<16}  {'0':>8} {LETTERS[job.state]}"
        lines.append(f"{row} {job.queue:<16}")
    return "".join(f"{line}\n" for line in lines)


def table(jobs: Sequence[Job], now: float, nodes: bool, comments: bool) -> str:
    """The other display (altdsp_statjob)."""
    if not jobs:
        return ""
    lines = [f"\n{SERVER}: ", f"{'':60}Req'd  Req'd   Elap"]
    lines.append("Job ID          Username Queue    Jobname    SessID NDS TSK Memory Time  S Time")
    lines.append("--------------- -------- -------- ---------- ------ --- --- ------ ----- - -----")
    for job in jobs:
        cpus = sum(cpus for cpus, _ in job.chunks)
        asked = "  -- " if job.seconds is None else clock(job.seconds)[:5]
        begun = "  -- " if job.started is None else clock((job.ended or now) - job.started)[:5]
        session = "  -- " if job.started is None else str(4000 + job.number)
        row = f"{f'{job.number}.{SERVER}':<15} {cut(job.user, 8):<8} {cut(job.queue, 8):<8}"
        row += f" {cut(job.name, 10):<10} {session:>6} {len(job.chunks):>3} {cpus:>3}   --  "
        lines.append(f"{row} {asked} {LETTERS[job.state]} {begun}")
        lines += [f"   {exec_host(job) or '--'}"] if nodes else []
        lines += [f"   {comment(job) or '--'}"] if comments else []
    return "".join(f"{line}\n" for line in lines)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}*"


def qselect(call: Call) -> Answer:
    try:
        options, _ = getopt.gnu_getopt(list(call.words), "a:A:c:h:HJl:N:p:q:r:s:t:Tu:xP:")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("qselect", error), 2) from None
    chosen = dict(options)
    if "-x" in chosen and call.control("keeps") == "0":
        return Answer(err=f"qselect: {NO_HISTORY}\n")
    said = Answer()
    for job in [Job(**job) for job in call.ask({"do": "jobs"})["jobs"]]:
        if (
            job.name == chosen.get("-N", job.name)
            and job.user in chosen.get("-u", job.user).split(",")
            and job.queue == chosen.get("-q", job.queue)
            and LETTERS[job.state] in chosen.get("-s", LETTERS[job.state])
            and (job.state != OVER or "-x" in chosen)
        ):
            said.out += f"{job.number}.{SERVER}\n"
    return said
