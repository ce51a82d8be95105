"""Processes that a job starts on its hosts, through the daemons there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from dev.cluster.stand_in.face import Call


def spawn(
    call: Call,
    number: int,
    hosts: Sequence[str],
    words: Sequence[str],
    variables: Mapping[str, str] | None = None,
    descriptors: Sequence[int] = (),
) -> list[int]:
    """The status of one process on each host, all at once; with `descriptors` their output is ours."""
    asked = {"do": "task", "number": number, "argv": list(words), "variables": variables or {}}

    def one(host: str) -> int:
        return int(call.ask(asked, to=host, descriptors=descriptors).get("status", 255))

    with ThreadPoolExecutor(64) as pool:
        return list(pool.map(one, hosts))
