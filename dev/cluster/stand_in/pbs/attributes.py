"""Attributes of jobs and queues, and how they are written."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping

LINE = 78
"""CHAR_LINE_LIMIT of qstat.c."""

Attributes = list[tuple[str, "str | dict[str, str]"]]


def seconds_of(text: str) -> int | None:
    """`[[H:]M:]S[.ms]` (attr_fn_time.c); none when it is no time."""
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d*)?", text):
        return None
    total = 0
    for part in text.partition(".")[0].split(":"):
        total = 60 * total + int(part)
    return total


def clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def date(when: float) -> str:
    """As ctime(3) has it."""
    return time.strftime("%a %b %e %H:%M:%S %Y", time.localtime(when))


def listed(values: Mapping[str, str]) -> str:
    """Variables in one line."""
    return ",".join(f"{name}={escaped(value)}" for name, value in values.items())


def escaped(value: str) -> str:
    """As an attribute has it (attr_fn_arst.c, encode_arst_bs)."""
    return re.sub(r"([\\\"',])", r"\\\1", value)


def attribute_text(name: str, value: str) -> str:
    """A line of `qstat -f`, broken at commas where it can be (qstat.c, prt_attr)."""
    text, column, first = f"    {name} = ", len(name) + 7, True
    parts = [part for part in value.split(",") if part]
    for number, part in enumerate(parts):
        if len(part) + column < LINE:
            text, column = text + part, column + len(part)
        else:
            if not first:
                text, column = f"{text}\n\t", 9
            for character in part:
                text, column = text + character, column + 1
                if column > LINE:
                    text, column = f"{text}\n\t", 8
        if number + 1 < len(parts):
            text, first = f"{text},", False
    return f"{text}\n"


def flat(attributes: Attributes) -> Iterable[tuple[str, str]]:
    for name, value in attributes:
        if isinstance(value, str):
            yield name, value
        elif name == "Variable_List":
            yield name, listed(value)
        else:
            yield from ((f"{name}.{each}", text) for each, text in value.items())
