"""JSON of a kernel, which may send anything: values of a depth and a size that can be held, or a ValueError."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from .stored import Stored

MOST_LEVELS = 100  # nbformat copies and writes values by recursion
LINE = 60  # bytes of a line of its own, as texts are saved
VALUES = 3  # bytes for each of a JSON value, as Python has it
CONTAINER = 80
MOST_CONTAINERS = 20_000  # each takes many times the room of its text


def read_json(data: bytes) -> Any:
    """The value of JSON in UTF-8; a ValueError says why there is none."""
    text = data.decode("utf-8", "replace")
    try:
        value = json.loads(text, parse_constant=refused, parse_float=finite, strict=False)
    except RecursionError:
        raise ValueError("it has too many levels") from None
    if containers(data) > MOST_LEVELS and levels(value) > MOST_LEVELS:
        raise ValueError("it has too many levels")
    return value


def containers(data: bytes) -> int:
    """How many lists and objects JSON has at most."""
    return data.count(b"[") + data.count(b"{")


def levels(value: object) -> int:
    """How deep a value is, without recursion."""
    depth = 0
    level = [value]
    while level:
        depth += 1
        level = [
            part
            for one in level
            if isinstance(one, (dict, list))
            for part in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def weight(value: object) -> int:
    """About how many bytes a value takes in memory, and while a notebook with it is saved."""
    if isinstance(value, str):
        return len(value) * width(value) + LINE * value.count("\n")
    if isinstance(value, Stored):
        return weight_of_stored(value)
    text = json.dumps(value) if value else ""
    return VALUES * len(text) + CONTAINER * (text.count("[") + text.count("{"))


def weight_of_stored(value: Stored) -> int:
    lines = lists = 0
    is_ascii = True
    for data in value.chunks():
        is_ascii = is_ascii and data.isascii()
        lines += data.count(b"\n")
        lists += containers(data)
    if value.is_json:
        return VALUES * value.size + CONTAINER * lists
    return value.size * (1 if is_ascii else 4) + LINE * lines


def width(text: str) -> int:
    """The bytes that Python takes for each character of a text, as its widest one needs."""
    if text.isascii():
        return 1
    widest = max(text)
    return 1 if widest < "\u0100" else 2 if widest < "\U00010000" else 4
