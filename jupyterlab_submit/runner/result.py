"""`result.ipynb`: the notebook so far."""

from __future__ import annotations

import concurrent.futures
import copy
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .atomic import write_atomically
from .log import log
from .no_room import lacks

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from .no_room import Lacks


class Result:
    """`result.ipynb`: the notebook as it is, saved when something has changed.

    The text is made here and written by one thread, so that saves keep their order and a slow file
    system holds nothing up. When a save takes more than a quarter of `seconds`, they get rarer. After
    many small cells it may come a little later, so that making the text takes little of the time.
    """

    SHARE = 0.02  # of the time, for making the text after cells

    def __init__(self, path: Path, notebook: NotebookNode, seconds: float) -> None:
        self.notebook = notebook
        self.changed = True
        self.lacks: Lacks | None = None  # what the last save found no room in
        self.path = path
        self._seconds = seconds
        self._soon = False
        self._next = 0.0  # monotonic time of the next save within a cell
        self._next_soon = 0.0  # the same of one that was asked for
        self._pending: concurrent.futures.Future[bool] | None = None
        self._writer = concurrent.futures.ThreadPoolExecutor(max_workers=1)

    def save_soon(self) -> None:
        """Save now, or as soon as the last one is over and has had its share of the time."""
        self.changed = True
        self._soon = True
        self.save_if_due()

    def save_if_due(self) -> None:
        busy = self._pending is not None and not self._pending.done()
        due = self._next_soon if self._soon else self._next
        if self.changed and not busy and time.monotonic() >= due:
            self.save()

    def save(self) -> concurrent.futures.Future[bool]:
        """Begin a save; returns a future that tells whether it worked."""
        began = time.monotonic()
        self.changed = self._soon = False
        text = pieces(self.notebook)
        made = time.monotonic()
        self._next_soon = made + min(self._seconds, (made - began) / self.SHARE)
        self._pending = self._writer.submit(self._write, text, began)
        return self._pending

    def _write(self, text: list[bytes], began: float) -> bool:
        try:
            write_atomically(self.path, text)
            self.lacks = None
            return True
        except OSError as error:
            self.lacks = lacks(error)
            log.warning("The result could not be saved: %s", error)
            self.changed = True
            return False
        finally:
            took = time.monotonic() - began
            self._next = time.monotonic() + max(self._seconds - took, 4 * took)


def pieces(notebook: NotebookNode) -> list[bytes]:
    """The notebook as nbformat writes it, in UTF-8, a cell each; in one, it would be in memory several times."""
    from nbformat import NotebookNode, v4
    from nbformat.v4 import rwbase

    writes: Callable[[NotebookNode], str] = v4.writes
    empty = notebook.copy()
    empty["cells"] = []
    before, after = (writes(empty) + "\n").encode("utf-8", "replace").split(b'"cells": []', 1)
    if not notebook.cells:
        return [before, b'"cells": []', after]
    made = [before, b'"cells": [\n']
    for number, cell in enumerate(notebook.cells, 1):
        # Not new_notebook, which refuses what is not as the format says: whatever a cell has is saved.
        alone = NotebookNode(metadata=NotebookNode(), cells=[copy.deepcopy(cell)])
        made.append(encoded({"cells": rwbase.strip_transient(rwbase.split_lines(alone)).cells}))
        made.append(b"" if number == len(notebook.cells) else b",\n")
    return [*made, b"\n ]", after]


def encoded(cells: dict[str, Any]) -> bytes:
    """The lines of a cell, from what JSON has around it."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    data = bytearray()
    texts: list[str] = []
    size = 0
    for text in encoder.iterencode(cells):
        texts.append(text)
        size += len(text)
        if size > TOGETHER:
            data += "".join(texts).encode("utf-8", "replace")
            texts, size = [], 0
    data += "".join(texts).encode("utf-8", "replace")
    return bytes(memoryview(data)[len(OPENING) : -len(CLOSING)])


OPENING, CLOSING = b'{\n "cells": [\n', b"\n ]\n}"
TOGETHER = 100_000  # characters that are encoded at once
