"""What the errors of engines are called, in the notebook and in the verdict.

Used inside the kernel, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

MOST_LINES = 5
DEATH = "EngineError"  # what ipyparallel raises of a task whose engine died
LONGEST_TEXT = 400  # characters: in the verdict, too, there is room for the engines


def error_lines(errors: Iterable[tuple[str, object, str, dict[str, Any] | None]]) -> str:
    """One line for each distinct error, as "ValueError: bad data (engines 0-2)".

    `errors` are ipyparallel's: name, value, traceback, and what is known of the engine. That may be
    nothing, or have no id, as of an engine that has died.
    """
    engines: dict[str, list[object]] = {}
    for name, value, _, about in errors:
        text = f"{name}: {short(value)}".strip()
        engines.setdefault(text, []).append((about or {}).get("engine_id"))
    lines = [named(text, ids) for text, ids in engines.items()]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"and {len(lines) - MOST_LINES} more"]
    return "\n".join(lines)


def first_error(name: str, value: str) -> tuple[str, str]:
    """Name and value of the error behind those that ipyparallel raises for errors of engines."""
    if name == "AlreadyDisplayedError":
        line = value.partition("\n")[0]  # as made by error_lines
        first, _, rest = line.partition(": ")
        return (first, rest) if rest else (name, value)
    if name == "CompositeError":
        # "[0:apply]ValueError: bad data" of up to four engines, ".... 60 more exceptions ..."
        found = re.findall(r"^\[(\d+):\w+\]([\w.]+): (.*)$", value, re.MULTILINE)
        if found:
            _, first, text = found[0]
            engines = [int(engine) for engine, *error in found if error == [first, text]]
            more = re.search(r"^\.{4} (\d+) more exceptions", value, re.MULTILINE)
            others = f"; {more.group(1)} more errors" if more else ""
            return first, in_engines(short(text), engines, others)
    return name, value


def are_deaths(name: str, value: str) -> bool:
    """Whether an error that ipyparallel raises tells of nothing but engines that died, which it names last."""
    if name in ("CompositeError", "RemoteError"):
        # Of a dead engine it may say no more than "[Engine Exception]".
        first = re.search(r"^\[[^\]]+\] ?([\w.]+): ", value, re.MULTILINE)
        return first is not None and first[1] == DEATH
    return name == DEATH or (name == "AlreadyDisplayedError" and value.startswith(f"{DEATH}: "))


def short(text: object) -> str:
    return str(text).strip().partition("\n")[0][:LONGEST_TEXT]


def named(text: str, engines: list[object]) -> str:
    numbers = [engine for engine in engines if isinstance(engine, int)]
    return in_engines(text, numbers) if numbers else text


def in_engines(text: str, engines: list[int], others: str = "") -> str:
    word = "engine" if len(set(engines)) == 1 else "engines"
    return f"{text} ({word} {ranges(engines)}{others})".lstrip()


def ranges(numbers: Iterable[int]) -> str:
    """0, 1, 2, 5 as "0-2, 5"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
