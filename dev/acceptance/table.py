"""The table of an acceptance run."""

from __future__ import annotations

WIDTHS = (44, 5, 5, 6, 7, 6, 9)


def row(*cells: str) -> str:
    """notebook, code cells, same, differ, compared loosely, errors in stock, seconds (stock, ours), how ours ended."""
    first, *numbers, last = cells
    columns = [first[: WIDTHS[0]].ljust(WIDTHS[0])]
    columns += [text.rjust(width) for text, width in zip(numbers, WIDTHS[1:], strict=True)]
    return "  ".join([*columns, last])


def shown(name: str, cell: int, why: str) -> str:
    return f"    {name}, code cell {cell}: {why}"
