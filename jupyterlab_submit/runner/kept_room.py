"""Room on the disk that is kept for the end: cells may take all of the rest, and the person's quota with it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .atomic import new_file
from .log import log

RESULT_BYTES = 2_000_000  # more than most notebooks have with their outputs
VERDICT_BYTES = 65_536


class KeptRoom:
    """For a file, which is to be written later: another one of that size beside it; none where there is no room for that already."""

    def __init__(self, kept_for: Path, size: int) -> None:
        self._path = f"{kept_for}.room"
        try:
            with new_file(self._path) as file:
                file.write(os.urandom(size))  # what a file system cannot make smaller
        except OSError as error:
            log.warning("No room could be kept: %s", error)
            self.give_back()

    def give_back(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._path)
