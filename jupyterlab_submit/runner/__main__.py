"""`run_notebook.pyz` runs the job in whose directory it is started; with `guard`, its guard, with `pump` what reads from its kernel.

With `attached` it stands for ipyparallel's programs in a cell, with `node` it is the parent of a node's engines, with `rank`
an engine that is an MPI rank.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path


def main() -> None:
    # Imported here: the guard is to be there at once.
    if sys.argv[1:2] == ["guard"]:
        from .guard import guard

        job_id, runner, script, kill_at = sys.argv[2:]
        guard(job_id, int(runner), int(script), float(kill_at))
    elif sys.argv[1:2] == ["pump"]:
        from .pump import pump

        pump(*sys.argv[2:])
    elif sys.argv[1:2] == ["attached"]:
        from .attached import answer

        engines, name, *arguments = sys.argv[2:]
        text, code = answer(int(engines), name, arguments)
        print(text)
        sys.exit(code)
    elif sys.argv[1:2] == ["node"]:
        from .node import run_node

        run_node(sys.argv[2])
    elif sys.argv[1:2] == ["rank"]:
        from .rank import run_rank

        module, wanted, *arguments = sys.argv[2:]
        run_rank(module, int(wanted), arguments)
    else:
        from .run import run_job

        code = run_job(Path.cwd())
        logging.shutdown()
        os._exit(code)  # what ZeroMQ still waits for at a normal exit is of no use to anybody
