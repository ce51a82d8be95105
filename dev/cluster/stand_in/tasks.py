"""Processes that a job starts on its hosts, through the daemons there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from dev.cluster.stand_in.face import Call


def spawn(
    call: Call,
    number: int,
    hosts: Sequence[tuple[str, Mapping[str, str]]],
    words: Sequence[str],
    descriptors: Sequence[int] = (),
) -> list[int]:
    """The status of one process on each host, with variables of its own, all at once; with `descriptors` their output is ours."""

    def one(to: tuple[str, Mapping[str, str]]) -> int:
        host, variables = to
        asked = {"do": "task", "number": number, "argv": list(words), "variables": dict(variables)}
        return int(call.ask(asked, to=host, descriptors=descriptors).get("status", 255))

    with ThreadPoolExecutor(64) as pool:
        return list(pool.map(one, hosts))
