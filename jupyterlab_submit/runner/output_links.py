"""What a cell shows in the place of an output that is in files beside the notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional, Tuple

from .output_files import OutputFiles

if TYPE_CHECKING:
    # The name of a file beside the result, its type, and its size where that is told.
    Kept = Tuple[str, str, Optional[int]]


def link(files: OutputFiles, names: Sequence[Kept], what: str) -> dict[str, str]:
    """The data of an output that links to files, which are right where the result is.

    `names` are the files' names, types and sizes; a size of None is not told.
    """
    places = [files.place(name) for name, _, _ in names]
    links = ", ".join(
        f'<a href="{html.escape(files.link(name))}">{html.escape(files.place(name))}</a>'
        + html.escape(f" ({mime}{'' if size is None else f', {readable(size)}'})")
        for name, mime, size in names
    )
    otherwise = f"If it is not there: {files.how_to_get}"
    return {
        "text/plain": f"{what}: {', '.join(places)}\n{otherwise}",
        "text/html": f"{html.escape(what)}: {links}<br><small>{html.escape(otherwise)}</small>",
    }


def cut_note(files: OutputFiles, names: Sequence[Kept], what: str = "this") -> str:
    """The end of a text, or of an error, that was cut."""
    if not names:
        return f"\n[... cut here: {what} is too much for a notebook, and there was no room to keep it]\n"
    place = files.place(names[0][0])
    return f"\n[... cut here: {what} is too much for a notebook. All of it: {place}]\n"


def readable(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(size / 1e3, 0.1):.1f} kB"
