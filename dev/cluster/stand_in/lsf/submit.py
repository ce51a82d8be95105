"""bsub."""

from __future__ import annotations

import os
import re
import shlex

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.queue import HELD, QUEUED

QUEUES = {
    "normal": {"priority": 30, "status": "Open:Active", "minutes": None},
    "short": {"priority": 35, "status": "Open:Active", "minutes": 5},
    "down": {"priority": 20, "status": "Closed:Inact", "minutes": None},
    "others": {"priority": 20, "status": "Open:Active", "minutes": None},
}

# Options of bsub(1) by themselves; all others take a word.
FLAGS = {"B", "H", "I", "Ip", "Is", "K", "N", "r", "rn", "x", "XF", "ul", "nn"}

VALUED = {
    *("J", "n", "R", "W", "We", "M", "q", "P", "o", "oo", "e", "eo", "cwd", "L", "env", "gpu", "G"),
    *("U", "app", "sla", "m", "a", "wa", "wt", "w", "b", "t", "u", "i", "is", "E", "Ep", "C", "D"),
    *("F", "S", "T", "v", "c", "p", "sp", "Jd", "g", "f", "k", "nnodes", "alloc_flags", "network"),
}


class Refused(Exception):
    """An order that is not carried out: what is said, with status 255."""


def bsub(call: Call) -> Answer:
    options, command = options_of(list(call.words))
    # Directives count in a script that comes on standard input, and only there; words become a line for a shell.
    script = " ".join(command) + "\n" if command else call.read()
    if not command:
        for line in script.splitlines():
            if line.startswith("#BSUB"):
                of_line, _ = options_of(shlex.split(line.removeprefix("#BSUB"), comments=True))
                options = {**of_line, **options}
    if not script.strip():
        raise Refused("Empty job. Job not submitted.")
    queue = options.get("q", "normal").split()[0]
    call.ask({"do": "jobs"})
    seconds = refuse_queue(queue, options.get("W"))
    chunks, place = chunks_of(options.get("n", "1"), options.get("R", ""))
    environ = {} if options.get("env") == "none" else dict(call.environ)
    job = {
        "name": options.get("J") or first_line(script),
        "queue": queue,
        "script": script,
        "chunks": chunks,
        "place": place,
        "seconds": seconds,
        "variables": environ,
        "directory": call.directory,
        "state": HELD if "H" in options else QUEUED,
        "more": {
            "host": call.host,
            "project": options.get("P", "default"),
            "cwd": os.path.join(call.directory, options.get("cwd", "")).rstrip("/") or "/",
            "output": options.get("oo", options.get("o")),
            "error": options.get("eo", options.get("e")),
            "over": [letter for letter in ("oo", "eo") if letter in options],
            "shell": options.get("L"),
            "memory": options.get("M"),
            "command": first_line(script) if not command else script.strip(),
        },
    }
    number = call.ask({"do": "submit", "job": job})["number"]
    named = "queue" if "q" in options else "default queue"
    if "BSUB_QUIET" in call.environ:
        return Answer()
    return Answer(f"Job <{number}> is submitted to {named} <{queue}>.\n")


def first_line(script: str) -> str:
    """What a job is called that has no name: its first command."""
    lines = [line for line in script.splitlines() if line.strip() and not line.startswith("#")]
    return lines[0].strip()[:60] if lines else "#!"


def options_of(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The options, and the command behind them; raises Refused."""
    options: dict[str, str] = {}
    while words and words[0].startswith("-") and words[0] != "-":
        name = words.pop(0)[1:]
        if name in FLAGS:
            options[name] = ""
        elif name in VALUED and words:
            value = words.pop(0)
            # Several of -R are one after the other.
            options[name] = f"{options[name]} {value}" if name == "R" and name in options else value
        else:
            raise Refused(f"bsub: illegal option -- {name}\nJob not submitted.")
    return options, words


def refuse_queue(queue: str, limit: str | None) -> int | None:
    """The run limit, in seconds; raises Refused where the queue does not take the job."""
    found = QUEUES.get(queue)
    if found is None:
        raise Refused(f"{queue}: No such queue. Job not submitted.")
    if str(found["status"]).startswith("Closed"):
        raise Refused(f"{queue}: Queue has been closed. Job not submitted.")
    if queue == "others":
        raise Refused("User cannot use the queue. Job not submitted.")
    most = found["minutes"]
    if limit is None:
        return None if most is None else 60 * int(most)
    text = limit.partition("/")[0]
    if not re.fullmatch(r"(\d+:)?\d+", text):
        raise Refused(f"{limit}: Bad RUNLIMIT specification. Job not submitted.")
    hours, _, minutes = text.rpartition(":")
    asked = 60 * int(hours or 0) + int(minutes)
    if most is not None and asked > int(most):
        raise Refused("RUNLIMIT: Cannot exceed queue's hard limit(s). Job not submitted.")
    return 60 * asked


def chunks_of(count: str, requirement: str) -> tuple[list[list[int]], str]:
    """Slots by host, as -n and span[] say; raises Refused."""
    if not re.fullmatch(r"\d+(,\d+)?", count) or int(count.partition(",")[0]) < 1:
        raise Refused(f"{count}: Bad argument for option -n. Job not submitted.")
    slots = int(count.partition(",")[0])
    left = re.sub(r"(select|rusage|order|same|cu|affinity)\[[^\[\]]*\]", "", requirement)
    span = re.fullmatch(r"\s*(?:span\[(ptile|hosts|block)=(\d+)\])?\s*", left)
    if span is None and re.search(r"\[", left):
        raise Refused("Bad resource requirement syntax. Job not submitted.")
    if span is not None and span[1] == "hosts":
        return [[slots, slots]], "free"
    if span is not None and span[1] in ("ptile", "block"):
        per = int(span[2])
        parts = [per] * (slots // per) + ([slots % per] if slots % per else [])
        return [[part, part] for part in parts], "scatter" if span[1] == "ptile" else "free"
    return [[1, 1]] * slots, "free"
