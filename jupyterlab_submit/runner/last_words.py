"""What there is to tell of engines that have ended, and of the processes that they were started by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from .children import Child
from .log import log, tail
from .nodes import Said, silent_words

MOST_TOLD = 3  # so many engines' words, and ends of logs


def tell(dead: Sequence[Child], words: Sequence[str]) -> None:
    """Log how these have ended, and words on engines."""
    for line in [*(f"{child.name} {child.how_it_ended()}" for child in dead), *words]:
        log.info(line)


def lost_words(said: Said, engines: Collection[int]) -> list[str]:
    """Words for those of these engines whose ends are known."""
    return [said.lost[engine].words(engine) for engine in sorted(said.lost) if engine in engines]


def silent_host_words(said: Said, engines: Collection[int]) -> list[str]:
    """Words for those of these engines whose host may be lost: nobody has said how they ended."""
    silent = sorted(said.hosts.keys() & set(engines) - said.lost.keys())
    return [silent_words(engine, said.hosts[engine]) for engine in silent]


def excerpt(
    children: Sequence[Child], dead: Sequence[Child], engines: frozenset[int], logs: Path
) -> str:
    """The ends of the logs of what has died, and of these engines."""
    own = [logs / f"engine-{engine}.log" for engine in sorted(engines)]
    paths = [*(child.log for child in dead), *(path for path in own if path.exists())]
    shared = [child.log for child in children if child.engines & engines]
    return tail(*(paths or shared)[:MOST_TOLD])
