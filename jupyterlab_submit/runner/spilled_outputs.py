"""The outputs of a cell that are in files, as they are too much for the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .output_files import OutputFiles, file_of
from .stored import size_of

if TYPE_CHECKING:
    from .output_links import Kept

# A word on what the notebook's metadata has, which is no output of its own.
VIEW = "application/vnd.jupyter.widget-view+json"


class SpilledOutputs:
    """Puts outputs of cell `number` into files, and removes those that are not shown any more."""

    def __init__(self, files: OutputFiles, number: int) -> None:
        self._files = files
        self._number = number
        self._count = 0
        self._names: list[str] = []  # of outputs that are no displays
        self._displays: set[str] = set()

    def own(self, display_id: str) -> None:
        """This cell shows the display: it goes when the cell clears its output."""
        self._displays.add(display_id)

    def add(self, data: dict[str, Any], display_id: str | None) -> list[Kept]:
        """Put an output into files, one for each of its types; their names, types and sizes.

        Of a display that is updated the last one counts: it keeps its files.
        """
        types = [mime for mime in data if mime not in ("text/plain", VIEW)]
        old = list(self._files.by_display.get(display_id, [])) if display_id else []
        kept: list[Kept] = []
        for mime in types or ["text/plain"]:
            end, content = file_of(mime, data.get(mime, ""))
            name = next((known for known in old if known.endswith(end)), None)
            if name is None:
                self._count += 1
                name = f"cell-{self._number}-{self._count}{end}"
                if not display_id:
                    self._names.append(name)
            else:
                old.remove(name)
            if self._files.write(name, content):
                kept.append((name, mime, size_of(content)))
        for name in old:
            self._files.remove(name)
        if display_id:
            self._files.by_display[display_id] = [name for name, _, _ in kept]
        return kept

    def forget(self, display_id: str | None) -> None:
        """An output that fits now needs no file."""
        for name in self._files.by_display.pop(display_id, []) if display_id else []:
            self._files.remove(name)

    def clear(self) -> None:
        """Nothing of the cell is shown any more."""
        for name in self._names:
            self._files.remove(name)
        for display_id in self._displays:
            self.forget(display_id)
        self._names = []
        self._displays = set()
