"""Ways to do the same, one beside the other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

from dev.bench.memory import measured

Way = Callable[[], float | None]
"""Does it once; returns the seconds that count, None for all that it takes."""


def compare(
    what: str,
    ways: Mapping[str, Way],
    rounds: int,
    aims: Mapping[str, float] | None = None,
    with_memory: bool = False,
) -> None:
    """Takes all ways in turn, `rounds` times; the last is ours, and `aims` has what it may be of others."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    megabytes: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.monotonic()
            with measured() as peak:
                counted = way()
            took = time.monotonic() - began
            seconds[name].append(took if counted is None else counted)
            megabytes[name].append(peak.megabytes)
    heading(f"{what} (median of {rounds})")
    *_, ours = ways
    for name in ways:
        median = statistics.median(seconds[name])
        memory = f"  {statistics.median(megabytes[name]):5.0f} MB" if with_memory else ""
        print(f"  {name:<46}{median:9.2f} s{memory}{beside(name, ours, seconds, aims)}", flush=True)


def beside(
    name: str, ours: str, seconds: Mapping[str, list[float]], aims: Mapping[str, float] | None
) -> str:
    if name == ours:
        return ""
    ratio = statistics.median(seconds[ours]) / statistics.median(seconds[name])
    return f"  ours / this = {ratio:4.2f}{verdict(ratio, (aims or {}).get(name))}"


def heading(what: str) -> None:
    print(f"\n{what}", flush=True)


def figure(name: str, value: float, unit: str, most: float | None = None) -> None:
    """One line: a figure, and whether it is as small as it should be."""
    print(f"  {name:<46}{value:9.2f} {unit}{verdict(value, most)}", flush=True)


def verdict(value: float, most: float | None) -> str:
    if most is None:
        return ""
    return f"  aim: at most {most:g}, {'met' if value <= most else 'MISSED'}"
