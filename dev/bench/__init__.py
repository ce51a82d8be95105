"""run.py bench: what the project costs, beside what people do by hand, as ratios of one run.

Each figure is a pair measured alternately on the same machine; the seconds depend on it, the
ratios much less.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dev.bench import command_line, recipes
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
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.monotonic()
            way()
            seconds[name].append(time.monotonic() - began)
    ours = statistics.median(list(seconds.values())[-1])
    print(f"\n{what} (median of {rounds})")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"  {name:<46} {median:7.2f} s   {median / ours:5.2f} x", flush=True)
