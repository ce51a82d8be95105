"""The hosts of a job, where its scheduler lists them in a file, and how many engines each has."""

from __future__ import annotations

from collections.abc import Mapping


def engines_of_hosts(variable: str, env: Mapping[str, str], wanted: int) -> dict[str, int]:
    """How many of so many engines each host of the file has that this variable names, in their order; {} without."""
    path = env.get(variable)
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        slots = slots_of(file.read())
    return dict(zip(slots, spread(list(slots.values()), wanted)))


def slots_of(text: str) -> dict[str, int]:
    """The slots of each host, in their order: `gx2 4 all.q@gx2 UNDEFINED` a line (Grid Engine), or a line for each slot."""
    slots: dict[str, int] = {}
    for line in text.splitlines():
        host, *more = line.split() or [""]
        if host:
            slots[host] = slots.get(host, 0) + (int(more[0]) if more else 1)
    return slots


def spread(slots: list[int], wanted: int) -> list[int]:
    """So many engines over hosts: each as often as a host's slots have room for it, the rest where most is free."""
    size = max(1, sum(slots) // wanted)
    counts: list[int] = []
    for of_host in slots:
        counts.append(min(of_host // size, wanted - sum(counts)))
    for _ in range(wanted - sum(counts)):
        free = [of_host - size * count for of_host, count in zip(slots, counts)]
        counts[free.index(max(free))] += 1
    return counts
