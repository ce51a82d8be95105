"""bjobs, and how commands of LSF print fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.lsf.record import fields, stat
from dev.cluster.stand_in.lsf.submit import Refused
from dev.cluster.stand_in.queue import OVER, Job


def bjobs(call: Call) -> Answer:
    options, numbers = shown_options(
        list(call.words), {"o", "u", "J", "q", "m", "P", "G", "g", "sla", "app"}
    )
    said, records = Answer(), []
    jobs = [Job(**job) for job in call.ask({"do": "jobs"})["jobs"]]
    user = options.get("u", call.user)
    wanted = [job for job in jobs if user in ("all", job.user)]
    wanted = [job for job in wanted if matches(job, options)]
    missing = []
    for word in numbers:
        if not word.isdigit():
            raise Refused(f"{word}: Illegal job ID.")
        if int(word) not in {job.number for job in wanted}:
            missing.append(word)
    if numbers:
        wanted = [job for job in wanted if str(job.number) in numbers]
    elif "a" not in options and "d" not in options:
        wanted = [job for job in wanted if job.state != OVER]
    elif "a" not in options:
        wanted = [job for job in wanted if job.state == OVER]
    if "json" in options and "o" in options:
        names = [name for name, _ in asked_fields(options["o"], fields, "bjobs")[0]]
        for job in wanted:
            values = fields(job, call.now)
            records.append({name.upper(): values[name] for name in names})
        lost = [{"JOBID": word, "ERROR": f"Job <{word}> is not found"} for word in missing]
        said.out = as_json("bjobs", "JOBS", [*records, *lost])
    else:
        said.err = "".join(f"Job <{word}> is not found\n" for word in missing)
        if wanted:
            said.out = job_table(wanted, call.now, options)
        elif not missing:
            said.err = "No job found\n" if "a" in options else "No unfinished job found\n"
    said.status = 255 if missing else 0
    return said


def matches(job: Job, options: Mapping[str, str]) -> bool:
    wanted = {"r": "RUN", "p": "PEND", "s": "PSUSP"}
    states = [state for letter, state in wanted.items() if letter in options]
    name = options.get("J", "*")
    return (
        re.fullmatch(".*".join(map(re.escape, name.split("*"))), job.name) is not None
        and job.queue == options.get("q", job.queue)
        and (not states or stat(job) in states)
    )


def shown_options(words: list[str], valued: set[str]) -> tuple[dict[str, str], list[str]]:
    options: dict[str, str] = {}
    numbers = []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            numbers.append(word)
        elif word[1:] in valued and words:
            options[word[1:]] = words.pop(0)
        else:
            options[word[1:]] = ""
    return options, numbers


SAMPLE = Job(
    "",
    "",
    "",
    "",
    [],
    more=dict.fromkeys(["project", "host", "cwd", "output", "error", "memory", "command"], ""),
)


def asked_fields(
    text: str, known: Callable[..., Mapping[str, str]] | set[str], command: str
) -> tuple[list[tuple[str, int]], str]:
    """Each field of -o with its width, 0 for none, and what stands between; raises Refused."""
    delimiter = re.search(r"delimiter=(['\"])(.)\1", text)
    text = re.sub(r"delimiter=(['\"]).\1", "", text)
    names = known if isinstance(known, set) else set(fields(SAMPLE, 0))
    found = []
    for word in text.split():
        name, _, width = word.partition(":")
        if name not in names:
            raise Refused(f"{command}: Illegal field name <{name}>.")
        found.append((name, int(re.sub(r"\D.*", "", width.lstrip("-")) or 0)))
    return found, delimiter[2] if delimiter else " "


def job_table(jobs: Sequence[Job], now: float, options: Mapping[str, str]) -> str:
    rows = [fields(job, now) for job in jobs]
    if "o" in options:
        asked, between = asked_fields(options["o"], fields, "bjobs")
        return custom_table(rows, asked, between, "noheader" in options)
    head = "JOBID   USER    STAT  QUEUE      FROM_HOST   EXEC_HOST   JOB_NAME   SUBMIT_TIME\n"
    text = "" if "noheader" in options else head
    for row in rows:
        hosts = row["exec_host"].split(":")
        name = row["job_name"] if len(row["job_name"]) <= 10 else f"*{row['job_name'][-9:]}"
        text += f"{row['jobid']:<7} {row['user'][:7]:<7} {row['stat']:<5} {row['queue'][:10]:<10}"
        text += f" {row['from_host'][:11]:<11} {hosts[0]:<11} {name:<10} {row['submit_time']}\n"
        text += "".join(f"{'':45}{host}\n" for host in hosts[1:])
    return text


def custom_table(
    rows: Sequence[Mapping[str, str]], asked: Sequence[tuple[str, int]], between: str, bare: bool
) -> str:
    lines = [] if bare else [[name.upper() for name, _ in asked]]
    lines += [[row[name] or "-" for name, _ in asked] for row in rows]
    text = ""
    for line in lines:
        cells = [
            f"{cell[:width]:<{width}}" if width else cell
            for cell, (_, width) in zip(line, asked, strict=True)
        ]
        text += f"{between.join(cells)}\n"
    return text


def as_json(command: str, kind: str, records: Sequence[Mapping[str, str]]) -> str:
    body = {"COMMAND": command, kind: len(records), "RECORDS": list(records)}
    return json.dumps(body, indent=2, separators=(",", ":")) + "\n"
