"""qstat -Q of PBS Pro."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.pbs.attributes import attribute_text
from dev.cluster.stand_in.pbspro.json_text import head, parsed, printed
from dev.cluster.stand_in.pbspro.submit import QUEUES
from dev.cluster.stand_in.queue import HELD, OVER, QUEUED, RUNNING, Job


def queues(
    names: Sequence[str], jobs: Sequence[Job], full: bool, is_json: bool, call: Call
) -> Answer:
    said = Answer()
    rows: dict[str, dict[str, str]] = {}
    for name in names or QUEUES:
        if name not in QUEUES:
            said.err += f"qstat: Unknown queue {name}\n"
            said.status = 15018 % 256
            continue
        here = [job.state for job in jobs if job.queue == name and job.state != OVER]
        counts = {"Queued": QUEUED, "Held": HELD, "Running": RUNNING}
        count = {word: here.count(state) for word, state in counts.items()}
        words = ("Transit", "Queued", "Held", "Waiting", "Running", "Exiting", "Begun")
        total = "".join(f"{word}:{count.get(word, 0)} " for word in words)
        rows[name] = {
            "queue_type": "Execution",
            "total_jobs": str(len(here)),
            "state_count": total,
            **{key: value for key, value in QUEUES[name].items() if key.startswith("res")},
            **{key: value for key, value in QUEUES[name].items() if not key.startswith("res")},
        }
    if is_json:
        told = {name: nested(row) for name, row in rows.items()}
        said.out = printed({**head(call), **({"Queue": told} if told else {})})
    elif full:
        for name, row in rows.items():
            values = "".join(attribute_text(key, value) for key, value in row.items())
            said.out += f"Queue: {name}\n{values}\n"
    elif rows:
        said.out = queue_table(rows)
    return said


def nested(row: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        first, _, second = name.partition(".")
        if second:
            found.setdefault(first, {})[second] = parsed(value)
        else:
            found[first] = parsed(value)
    return found


def queue_table(rows: Mapping[str, Mapping[str, str]]) -> str:
    text = "Queue              Max   Tot Ena Str   Que   Run   Hld   Wat   Trn   Ext Type\n"
    text += "---------------- ----- ----- --- --- ----- ----- ----- ----- ----- ----- ----\n"
    for name, row in rows.items():
        count = dict(each.split(":") for each in row["state_count"].split())
        yes = ["yes" if row[key] == "True" else "no" for key in ("enabled", "started")]
        numbers = [
            count[key] for key in ("Queued", "Running", "Held", "Waiting", "Transit", "Exiting")
        ]
        shown = " ".join(f"{number:>5}" for number in numbers)
        text += f"{name:<16} {'0':>5} {row['total_jobs']:>5} {yes[0]:>3} {yes[1]:>3} {shown} Exec\n"
    return text
