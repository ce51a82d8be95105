"""What those that start engines have said of them so far."""

from __future__ import annotations

import os

from .children import Child
from .nodes import Said, read
from .rank_ends import rank_ends


class Heard:
    """Of one process a node that forks them, or of the launcher of ranks: its log, read anew when it has grown."""

    def __init__(self) -> None:
        self._said = Said()
        self._size = 0  # of the log when it was read, in bytes

    def of(self, nodes: Child | None, launcher: Child | None) -> Said:
        """What the one of these that there is has said."""
        teller = nodes or launcher
        if teller is None or (teller is launcher and not is_certain(teller)):
            return Said()
        size = teller.log.stat().st_size
        if size != self._size:
            text = teller.says()
            said = Said(lost=rank_ends(text, is_srun(teller))) if teller is launcher else read(text)
            self._size, self._said = size, said
        return self._said


def is_srun(launcher: Child) -> bool:
    return os.path.basename(launcher.argv[0]) == "srun"


def is_certain(launcher: Child) -> bool:
    """Whether what looks like a launcher's word on a rank is one: srun's, which labels what ranks say, or that of one that has ended."""
    return launcher.is_dead or "--label" in launcher.argv
