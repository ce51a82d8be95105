"""qsub of PBS Pro."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.attributes import clock, seconds_of
from dev.cluster.stand_in.pbs.jobs import SERVER
from dev.cluster.stand_in.pbs.options import Refused, output_paths, read_job, variables
from dev.cluster.stand_in.queue import HELD, QUEUED

# Of the first the rest have defaults; `others` refuses who is not on its list, `down` is not enabled.
QUEUES: dict[str, dict[str, str]] = {
    "workq": {"enabled": "True", "started": "True"},
    "short": {"enabled": "True", "started": "True", "resources_max.walltime": "00:05:00"},
    "down": {"enabled": "False", "started": "False"},
    "others": {"enabled": "True", "started": "True", "acl_user_enable": "True"},
}

RESOURCES = {"ncpus", "mpiprocs", "ompthreads", "mem", "ngpus", "host", "vnode", "arch"}

JOB_WIDE = {"select", "place", "walltime", "nodes", "cput", "pmem", "vmem", "software", "nodect"}

OPTIONS = "a:A:c:C:e:fhIj:J:k:l:m:M:N:o:p:q:r:R:S:u:v:VW:XzP:"

USAGE = """\
usage: qsub [-a date_time] [-A account_string] [-c interval]
\t[-C directive_prefix] [-e path] [-f ] [-h ] [-I [-X]] [-j oe|eo] [-J X-Y[:Z]]
\t[-k keep] [-l resource_list] [-m mail_options] [-M user_list]
\t[-N jobname] [-o path] [-p priority] [-P project] [-q queue] [-r y|n]
\t[-R o|e|oe] [-S path] [-u user_list] [-W otherattributes=value...]
\t[-v variable_list] [-V ] [-z] [script | -- command [arg1 ...]]
       qsub --version
"""


def qsub(call: Call) -> Answer:
    asked = read_job(call, OPTIONS, USAGE)
    for letter, allowed in (("r", "[yn]"), ("j", "oe|eo|n"), ("k", "[oed]+|n")):
        if not re.fullmatch(allowed, asked.options.get(letter, "n")):
            raise Refused(f"qsub: illegal -{letter} value\n{USAGE}", 2)
    if len(asked.name) > 230:
        raise Refused("qsub: Job name is too long ", 2)
    letter = "[A-Za-z]" if "N" in asked.options else ""
    if not re.fullmatch(rf"{letter}[A-Za-z0-9_+.-]*", asked.name):
        raise Refused(f"qsub: illegal -N value\n{USAGE}", 2)
    queue = asked.options.get("q", "workq")
    call.ask({"do": "jobs"})
    chunks, resources = chunks_of(asked.resources)
    seconds = refuse_queue(queue, asked.resources.get("walltime"))
    if seconds is not None:
        resources["walltime"] = clock(seconds)
    state = HELD if "h" in asked.options else QUEUED
    more = {
        **output_paths(asked, call),
        "Keep_Files": asked.options.get("k", "n"),
        "Join_Path": asked.options.get("j", "n"),
        "Rerunable": "False" if asked.options.get("r") == "n" else "True",
        "Account_Name": asked.options.get("A"),
        "project": asked.options.get("P", "_pbs_project_default"),
        "Mail_Points": asked.options.get("m", "a"),
        "Shell_Path_List": asked.options.get("S"),
        "umask": asked.attributes.get("umask"),
        "Resource_List": resources,
        "Submit_arguments": " ".join(call.words),
        "Submit_Host": call.host,
    }
    job = {
        "name": asked.name,
        "queue": queue,
        "script": asked.script,
        "chunks": chunks,
        "place": resources["place"].partition(":")[0],
        "seconds": seconds,
        "variables": variables(call, asked, queue),
        "directory": call.directory,
        "state": state,
        "more": more,
    }
    number = call.ask({"do": "submit", "job": job})["number"]
    return Answer("" if "z" in asked.options else f"{number}.{SERVER}\n")


def refuse_queue(queue: str, walltime: str | None) -> int | None:
    """The time limit; raises Refused where the queue does not take the job (svr_jobfunc.c, svr_chkque)."""
    found = QUEUES.get(queue)
    if found is None:
        raise Refused("qsub: Unknown queue", 15018)
    if found["enabled"] == "False":
        raise Refused("qsub: Queue is not enabled", 15021)
    if "acl_user_enable" in found:
        raise Refused("qsub: Unauthorized Request ", 15007)
    seconds = None if walltime is None else seconds_of(walltime)
    if walltime is not None and seconds is None:
        raise Refused("qsub: Illegal attribute or resource value Resource_List.walltime", 15014)
    most = seconds_of(found.get("resources_max.walltime", ""))
    if most is not None and seconds is not None and seconds > most:
        raise Refused("qsub: Job violates queue and/or server resource limits", 15036)
    return most if seconds is None else seconds


def chunks_of(asked: Mapping[str, str]) -> tuple[list[list[int]], dict[str, str]]:
    """The chunks, and Resource_List as the server completes it; raises Refused (req_quejob.c)."""
    for name in asked:
        if name not in RESOURCES | JOB_WIDE:
            raise Refused(f"qsub: Unknown resource Resource_List.{name}", 15035)
    place, select = asked.get("place"), asked.get("select")
    if select is None and place is not None and "nodes" not in asked:
        raise Refused('qsub: Cannot have "place" without "select"', 15111)
    if select is not None and "nodes" in asked:
        raise Refused("qsub: Cannot be used with select or place: nodes", 15110)
    in_chunks = [name for name in asked if name in RESOURCES]
    if select is not None and in_chunks:
        words = '"-lresource=" cannot be used with "select" or "place", resource is'
        raise Refused(f"qsub: {words}: {in_chunks[0]}", 15109)
    if select is None and "nodes" in asked:
        # The older spelling (svr_jobfunc.c, set_select_and_place).
        select, place = from_nodes(asked["nodes"]), place or "scatter"
    elif select is None:
        job = {"ncpus": "1", **{name: asked[name] for name in in_chunks}}
        select, place = "1:" + ":".join(f"{name}={value}" for name, value in job.items()), "pack"
    chunks: list[list[int]] = []
    for part in select.split("+"):
        count, each = chunk(part)
        chunks += [each] * count
    total = {"ncpus": sum(cpus for cpus, _ in chunks), "nodect": len(chunks)}
    if "mpiprocs" in select:
        total["mpiprocs"] = sum(processes for _, processes in chunks)
    listed = {name: str(value) for name, value in total.items()}
    wide = {name: value for name, value in asked.items() if name != "place"}
    return chunks, dict(
        sorted({**wide, **listed, "place": place or "free", "select": select}.items())
    )


def chunk(text: str) -> tuple[int, list[int]]:
    """How many, each of so many cpus and processes."""
    first, *rest = text.split(":")
    if not first.isdigit():
        first, rest = "1", [first, *rest]
    amounts = {}
    for part in rest:
        name, _, value = part.partition("=")
        if name not in RESOURCES:
            raise Refused(f"qsub: Unknown resource: {name}", 15035)
        if not value or (name in ("ncpus", "mpiprocs") and not value.isdigit()):
            raise Refused("qsub: Illegal attribute or resource value Resource_List.select", 15014)
        amounts[name] = value
    cpus = int(amounts.get("ncpus", "1"))
    return int(first), [cpus, int(amounts.get("mpiprocs", "1" if cpus else "0"))]


def from_nodes(text: str) -> str:
    """`2:ppn=4` as a select."""
    parts = []
    for part in text.split("+"):
        count, *rest = part.split(":")
        per = dict(each.partition("=")[::2] for each in rest).get("ppn", "1")
        parts.append(f"{count if count.isdigit() else 1}:ncpus={per}:mpiprocs={per}")
    return "+".join(parts)
