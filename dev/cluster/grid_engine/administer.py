"""administer.py PROGRAM WORD...: a command of the Grid Engine, by its manager and where qmaster is, such as `qconf -ds gxm`."""

from __future__ import annotations

import os
import sys

from dev.cluster.grid_engine.configuration import PROGRAMS, VARIABLES
from dev.cluster.hosts.hosts import MASTER, on
from dev.cluster.orders import environment
from dev.cluster.programs import find


def main(program: str, words: list[str]) -> None:
    """Becomes it."""
    command = on(MASTER, [f"{PROGRAMS}/{program}", *words])
    os.execve(find(command[0]), command, environment(VARIABLES))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
