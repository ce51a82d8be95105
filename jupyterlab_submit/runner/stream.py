"""Printed output: joined as it arrives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


class StreamJoiner:
    r"""Joins pieces of a stream into one output, as Lab does; `\r` and `\b` take effect.

    Pieces wait in a list until they are needed: 20,000 flushed lines are joined a few times only.
    """

    def __init__(self) -> None:
        self._output: NotebookNode | None = None
        self._pieces: list[str] = []
        self._waiting = 0

    def add(self, outputs: list[NotebookNode]) -> None:
        """Take the stream output that was just appended into the one before it, if it goes on."""
        latest = outputs[-1]
        text = latest.text
        if len(outputs) > 1 and outputs[-2] is self._output and latest.name == outputs[-2].name:
            outputs.pop()
        else:
            self.settle()
            self._output = latest
            latest.text = ""
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting > 100_000:
            self.settle()

    def settle(self) -> None:
        """Bring the output up to date."""
        if self._output is not None and self._pieces:
            text = self._output.text
            line = text.rfind("\n") + 1
            self._output.text = text[:line] + overwrite("".join([text[line:], *self._pieces]))
        self._pieces = []
        self._waiting = 0


def overwrite(text: str) -> str:
    r"""What is seen of a text in which `\r` went back to the start of a line, `\b` by one."""
    if "\b" in text:
        kept: list[str] = []
        for character in text:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] != "\n":
                kept.pop()
        text = "".join(kept)
    return re.sub(r".*\r(?=[^\n])", "", text) if "\r" in text else text
