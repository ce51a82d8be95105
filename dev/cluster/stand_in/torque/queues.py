"""qstat -Q of Torque."""

from __future__ import annotations

from collections.abc import Sequence

from dev.cluster.stand_in.face import Answer
from dev.cluster.stand_in.pbs.attributes import attribute_text
from dev.cluster.stand_in.queue import HELD, OVER, QUEUED, RUNNING, Job
from dev.cluster.stand_in.torque.record import LETTERS
from dev.cluster.stand_in.torque.submit import QUEUES


def queues(names: Sequence[str], jobs: Sequence[Job], full: bool) -> Answer:
    said = Answer()
    rows = []
    for name in names or QUEUES:
        if name not in QUEUES:
            said.err += f"qstat: Unknown queue {name}\n"
            said.status = 15020 % 256
            continue
        counts = {state: 0 for state in LETTERS}
        for job in jobs:
            counts[job.state] += job.queue == name
        rows.append((name, counts))
    if full:
        for name, counts in rows:
            said.out += f"Queue: {name}\n" + "".join(
                attribute_text(key, value)
                for key, value in {
                    "queue_type": "Execution",
                    "total_jobs": str(sum(counts.values())),
                    "state_count": f"Transit:0 Queued:{counts[QUEUED]} Held:{counts[HELD]} Waiting:0"
                    f" Running:{counts[RUNNING]} Exiting:0 Complete:{counts[OVER]} ",
                    **QUEUES[name],
                }.items()
            )
            said.out += "\n"
    elif rows:
        head = [
            "Queue",
            "Max",
            "Tot",
            "Ena",
            "Str",
            "Que",
            "Run",
            "Hld",
            "Wat",
            "Trn",
            "Ext",
            "T",
            "Cpt",
        ]
        line = ["-" * 16, "---", "----", "--", "--", *["---"] * 6, "-", "---"]
        table = [head, line]
        for name, counts in rows:
            yes = ["yes" if QUEUES[name][key] == "True" else "no" for key in ("enabled", "started")]
            shown = [counts[QUEUED], counts[RUNNING], counts[HELD], 0, 0, 0]
            total = sum(counts.values())
            table.append([name, "0", str(total), *yes, *map(str, shown), "E", str(counts[OVER])])
        for row in table:
            first, most, total, *rest, kind, last = row
            cells = " ".join(f"{cell:>5}" for cell in rest)
            said.out += f"{first:<16} {most:>5} {total:>6} {cells} {kind} {last:>5}\n"
    return said
