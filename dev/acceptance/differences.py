"""Where our result differs from what the notebook gives everywhere; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dev.acceptance.told import Piece, told


@dataclass
class Found:
    """Number of a code cell, from 1, and what is different there."""

    different: list[tuple[int, str]] = field(default_factory=list)
    loosely: int = 0  # cells that differ from run to run, and were compared without their numbers


def differences(
    stock: Mapping[str, Any], again: Mapping[str, Any], ours: Mapping[str, Any]
) -> Found:
    """Compares the code cells of two stock runs and of ours."""
    found = Found()
    theirs, theirs_again, own = (code_cells(notebook) for notebook in (stock, again, ours))
    for number, cell in enumerate(theirs, 1):
        if number > len(own):
            found.different.append((number, "is missing"))
            continue
        once, twice, here = told(cell), told(theirs_again[number - 1]), told(own[number - 1])
        if once != twice:
            found.loosely += 1
            once, twice, here = (
                sorted(piece.loosely for piece in one) for one in (once, twice, here)
            )
        if here != once and here != twice:
            why = what_differs(once, twice, here)
            if why:
                found.different.append((number, why))
    return found


def code_cells(notebook: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def what_differs(once: Sequence[Piece], twice: Sequence[Piece], here: Sequence[Piece]) -> str:
    """Words for it; none where ours lies between two stock runs that differ even without numbers."""
    if Counter(once) != Counter(twice):
        # Something of it is there at one time and not at another: it must be of the same kinds.
        kinds = {kinds_of(once), kinds_of(twice)}
        return "" if kinds_of(here) in kinds else f"shows {kinds_of(here)} for {kinds_of(once)}"
    lacks = list((Counter(once) - Counter(here)).elements())
    has = list((Counter(here) - Counter(once)).elements())
    if not lacks and not has:
        return "shows the same in another order"
    if not has:
        return f"lacks {named(lacks)}"
    if not lacks:
        return f"shows more: {named(has)}"
    return f"shows {line_that_differs(has[0], lacks[0])} for {line_that_differs(lacks[0], has[0])}"


def line_that_differs(piece: Piece, other: Piece) -> str:
    """The first one of a piece that the other has not."""
    known = other.text.split("\n")
    lines = (line for line in piece.text.split("\n") if line not in known)
    return named([Piece(piece.kind, next(lines, ""))])


def kinds_of(pieces: Iterable[Piece]) -> str:
    return ", ".join(sorted({piece.kind for piece in pieces})) or "nothing"


def named(pieces: Sequence[Piece]) -> str:
    return " and ".join(f"{piece.kind} {piece.text[:120]!r}" for piece in pieces[:2])
