"""qsub of Torque."""

from __future__ import annotations

import re

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.attributes import clock, seconds_of
from dev.cluster.stand_in.pbs.jobs import SERVER
from dev.cluster.stand_in.pbs.options import Refused, output_paths, read_job, variables
from dev.cluster.stand_in.queue import HELD, QUEUED

QUEUES: dict[str, dict[str, str]] = {
    "batch": {"enabled": "True", "started": "True"},
    "short": {"enabled": "True", "started": "True", "resources_max.walltime": "00:05:00"},
    "down": {"enabled": "False", "started": "False"},
    "others": {"enabled": "True", "started": "True", "acl_user_enable": "True"},
}

RESOURCES = {"nodes", "walltime", "procs", "mem", "pmem", "vmem", "pvmem", "ncpus", "cput", "nice"}

OPTIONS = "a:A:b:c:C:d:D:e:EfF:hi:Ij:J:k:K:l:L:m:M:nN:o:p:P:q:r:S:t:T:u:v:Vw:W:Xxz-:"

USAGE = """\

usage: qsub [-a date_time] [-A account_string] [-b secs]
    [-c [ none | { enabled | periodic | shutdown |
    depth=<int> | dir=<path> | interval=<minutes>}... ]
    [-C directive_prefix] [-d path] [-D path]
    [-e path] [-h] [-I] [-j oe|eo|n] [-k {oe}] [-K <kill delay seconds>] 
    [-l resource_list] [-m n|{abe}] [-M user_list] [-N jobname] [-o path] 
    [-p priority] [-P proxy_user [-J <jobid]] [-q queue] [-r y|n] 
    [-S path] [-t number_to_submit] [-T type]  [-u user_list] [-w] path
    [-W additional_attributes] [-v variable_list] [-V ] [-x] [-X] [-z] [script]
"""


def qsub(call: Call) -> Answer:
    asked = read_job(call, OPTIONS, USAGE)
    for letter, allowed in (("j", "oe|eo|n"), ("k", "[oe]+|n")):
        if not re.fullmatch(allowed, asked.options.get(letter, "n")):
            raise Refused(f"[qsub: illegal -{letter} value]\n{USAGE}", 2)
    if not re.fullmatch("[A-Za-z][!-~]*", asked.options.get("N", "n")):
        raise Refused(f"[qsub: illegal -N value]\n{USAGE}", 2)
    queue = asked.options.get("q", "batch")
    call.ask({"do": "jobs"})
    for name in asked.resources:
        if name not in RESOURCES:
            raise refused(f"Unknown resource type  Resource_List.{name}", 15037)
    seconds = refuse_queue(queue, asked.resources.get("walltime"), f"{call.user}@{call.host}")
    nodes = asked.resources.get("nodes", asked.resources.get("procs", "1"))
    chunks = chunks_of(nodes if "nodes" in asked.resources else "+".join(["1"] * int(nodes)))
    listed = {"nodect": str(len(chunks)), "nodes": nodes, **asked.resources}
    if seconds is not None:
        listed["walltime"] = clock(seconds)
    if "procs" not in asked.resources:
        asked.resources["nodes"] = nodes
    more = {
        **output_paths(asked, call),
        "Keep_Files": asked.options.get("k", "n"),
        "Join_Path": asked.options.get("j", "n"),
        "Rerunable": "False" if asked.options.get("r") == "n" else "True",
        "Account_Name": asked.options.get("A"),
        "Mail_Points": asked.options.get("m", "a"),
        "Shell_Path_List": asked.options.get("S"),
        "umask": asked.attributes.get("umask"),
        "Resource_List": dict(sorted(listed.items())),
        "submit_args": " ".join(call.words),
        "submit_host": call.host,
    }
    environ = variables(call, asked, queue)
    if "d" in asked.options:
        environ["PBS_O_INITDIR"] = asked.options["d"]
    job = {
        "name": asked.name,
        "queue": queue,
        "script": asked.script,
        "chunks": chunks,
        "place": "scatter" if "nodes" in asked.resources else "free",
        "seconds": seconds,
        "variables": environ,
        "directory": call.directory,
        "state": HELD if "h" in asked.options else QUEUED,
        "more": more,
    }
    number = call.ask({"do": "submit", "job": job})["number"]
    return Answer("" if "z" in asked.options else f"{number}.{SERVER}\n")


def refused(text: str, status: int) -> Refused:
    """Of the server (qsub_functions.c, main_func)."""
    return Refused(f"qsub: submit error ({text})", status)


def refuse_queue(queue: str, walltime: str | None, owner: str) -> int | None:
    """The time limit; raises Refused where the queue does not take the job (svr_jobfunc.c, svr_chkque)."""
    found = QUEUES.get(queue)
    if found is None:
        raise refused("Unknown queue MSG=requested queue not found", 15020)
    if found["enabled"] == "False":
        raise refused("Queue is not enabled", 15023)
    if "acl_user_enable" in found:
        words = f"user ACL rejected the submitting user: user {owner}, queue {queue}"
        raise refused(f"Unauthorized Request  MSG={words}", 15007)
    seconds = None if walltime is None else seconds_of(walltime)
    if walltime is not None and seconds is None:
        raise Refused(f"[qsub: illegal -l value]\n{USAGE}", 2)
    most = seconds_of(found.get("resources_max.walltime", ""))
    if most is not None and seconds is not None and seconds > most:
        words = "cannot satisfy queue max walltime requirement"
        raise refused(f"Job exceeds queue resource limits MSG={words}", 15038)
    return most if seconds is None else seconds


def chunks_of(nodes: str) -> list[list[int]]:
    """`2:ppn=4+1`; a name of a host or a property is left out of account."""
    chunks: list[list[int]] = []
    for part in nodes.split("+"):
        count, *rest = part.split(":")
        per = int(dict(each.partition("=")[::2] for each in rest).get("ppn", "1") or 1)
        chunks += [[per, per]] * (int(count) if count.isdigit() else 1)
    return chunks
