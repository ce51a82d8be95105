"""run.py bench: what the project costs, beside what people do by hand, as ratios of one run.

Time, and the most memory that all processes have at once. The ways are measured in turn on the same
machine: the figures depend on it, the ratios much less.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dev.bench import command_line, recipes
from dev.bench.memory import measured
from dev.set_up import set_up


def main(arguments: list[str]) -> int:
    """`run.py bench [ROUNDS]`: three rounds unless told."""
    set_up()
    rounds = int(arguments[0]) if arguments else 3
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        compare(
            "a %%px notebook on 4 engines, from the command to the executed file",
            {
                "by hand, with the sleeps of the usual recipe": lambda: recipes.by_hand(
                    place, True
                ),
                "by hand, waiting for the engines": lambda: recipes.by_hand(place, False),
                "jupyter submit": lambda: recipes.by_us(place),
            },
            rounds,
        )
        compare(
            "a command that only asks",
            {
                "jupyter --version": command_line.jupyter_version,
                "jupyter submit list": command_line.submit_list,
            },
            rounds,
        )
    return 0


def compare(what: str, ways: dict[str, Callable[[], None]], rounds: int) -> None:
    """Runs all ways in turn, `rounds` times, and prints each median beside the last way's."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    megabytes: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.monotonic()
            with measured() as peak:
                way()
            seconds[name].append(time.monotonic() - began)
            megabytes[name].append(peak.megabytes)
    print(f"\n{what} (median of {rounds})")
    for name in ways:
        time_taken, time_ratio = beside_last(seconds, name)
        memory, memory_ratio = beside_last(megabytes, name)
        print(
            f"  {name:<46} {time_taken:7.2f} s {time_ratio:6.2f} x"
            f"   {memory:5.0f} MB {memory_ratio:6.2f} x",
            flush=True,
        )


def beside_last(figures: dict[str, list[float]], name: str) -> tuple[float, float]:
    """The median of one way, and what it is of the last way's."""
    *_, last = figures.values()
    median = statistics.median(figures[name])
    return median, median / statistics.median(last)
