"""What a person has to know of the run beside its end: the codes are those of src/api/notes.ts."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from .atomic import file_to_append
from .log import log


class Notes:
    """The notes of a job: in memory, and a line of JSON each in `path`, where its script notes, too.

    Whoever writes progress.json or exit.json puts `all` into it.
    """

    def __init__(self, path: Path) -> None:
        self.all: list[Any] = []
        self._path = path
        with contextlib.suppress(OSError, UnicodeDecodeError):
            for line in path.read_text("utf-8").splitlines():
                with contextlib.suppress(ValueError):
                    self._keep(json.loads(line))

    def add(self, code: str, **values: object) -> None:
        """Note it, once."""
        note = {"code": code, **values}
        if not self._keep(note):
            return
        log.info("Noted: %s", json.dumps(note))
        try:
            with file_to_append(self._path) as file:
                file.write(json.dumps(note).encode() + b"\n")
        except OSError as error:
            log.warning("A note could not be written: %s", error)

    def _keep(self, note: Any) -> bool:
        is_new = note not in self.all
        if is_new:
            self.all.append(note)
        return is_new
