"""A job's id, its files, and the processes that it starts on its hosts."""

from __future__ import annotations

import re

from dev.cluster.stand_in.face import Call
from dev.cluster.stand_in.queue import Job

SERVER = "gxm"

# A job's default output is beside where it was submitted, and called after it.
KINDS = {"o": "Output_Path", "e": "Error_Path"}


def number_of(identifier: str) -> int:
    """Of a job's id; -1 where it is none."""
    found = re.fullmatch(rf"(\d+)(\.{SERVER})?(@\S+)?", identifier)
    return int(found[1]) if found else -1


def node_lines(job: Job) -> list[str]:
    """Each process's host, as PBS_NODEFILE has it."""
    return [host for host, _, processes in job.where for _ in range(processes)]


def output(job: Job, letter: str) -> str:
    path = str(job.more[KINDS[letter]])
    return f"{path}{job.name}.{letter}{job.number}" if path.endswith("/") else path


def job_files(
    job: Job, ident: str, home: str, folder: str
) -> tuple[str, str, list[tuple[str, str, bool]]]:
    """Where output and errors are written, and where they are copied to in the end."""
    number = job.number
    copies: dict[str, str] = {}
    written: dict[str, str] = {}
    keep, join = job.more["Keep_Files"], job.more["Join_Path"]
    for letter, name in KINDS.items():
        target = job.more[name].partition(":")[2]
        if target.endswith("/"):
            target += f"{job.name}.{letter}{number}"
        if letter in keep and "d" in keep:
            written[letter] = target
        elif letter in keep:
            written[letter] = f"{home}/{job.name}.{letter}{number}"
        else:
            written[letter] = (
                f"{folder}/spool/{ident}.{letter.upper()}{'U' if letter == 'o' else 'R'}"
            )
            copies[written[letter]] = target
    if join in ("oe", "eo"):
        other = "e" if join == "oe" else "o"
        copies.pop(written[other], None)
        written[other] = written[join[0]]
    return written["o"], written["e"], [(file, to, False) for file, to in copies.items()]


def nodes(call: Call) -> list[str]:
    with open(call.environ["PBS_NODEFILE"]) as file:
        return file.read().split()
