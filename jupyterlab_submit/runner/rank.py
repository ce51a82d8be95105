"""Inside an engine that is to be an MPI rank: it says who it is, and is an engine only if it met.

Runs in the engines' Python, before anything of ipyparallel's.
"""

from __future__ import annotations

import os
import runpy
import sys

from .rank_ends import rank_words
from .shares import GPU_VARIABLES, Share


def run_rank(module: str, wanted: int, arguments: list[str]) -> None:
    """Be the engine of this rank's number; end here when the ranks are not so many in one world."""
    rank, size = world(module, wanted)
    # In one write, so that the words of two ranks do not mix.
    os.write(1, f"\nMPI rank {rank} of {size}\n".encode())
    if size != wanted:
        sys.exit(0)  # any other status would end ranks that have not said theirs yet
    os.write(1, f"{rank_words(rank, os.getpid(), given())}\n".encode())
    # As `python -m ipyparallel.engine`, so that the notebook's own modules are found and ours are not.
    sys.path[0] = os.getcwd()
    for name in [name for name in sys.modules if name.split(".")[0] == __package__]:
        del sys.modules[name]
    # --mpi, as ipyparallel's own launcher for MPI has it: the engine's namespace has `MPI`.
    own = ["--mpi"] if module == "mpi4py" else []
    sys.argv = ["ipengine", *arguments, *own, f"--IPEngine.id={rank}"]
    runpy.run_module("ipyparallel.engine", run_name="__main__", alter_sys=True)


def given() -> Share:
    """What its launcher has given to this rank."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    gpus = [os.environ[name] for name in GPU_VARIABLES if os.environ.get(name)]
    return Share([] if len(cpus) == os.cpu_count() else cpus, gpus[0] if gpus else "", {})


def world(module: str, wanted: int) -> tuple[int, int]:
    """Rank and size of COMM_WORLD, whose ranks have reached each other when they are all there."""
    if module == "petsc4py":
        from petsc4py import PETSc

        return PETSc.COMM_WORLD.getRank(), PETSc.COMM_WORLD.getSize()
    from mpi4py import MPI

    everybody = MPI.COMM_WORLD
    if everybody.size == wanted and everybody.allgather(everybody.rank) != list(range(wanted)):
        sys.exit("MPI connected the engines, but did not carry their messages.")
    return everybody.rank, everybody.size
