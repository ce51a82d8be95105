"""A second environment with the oldest versions that the runner supports, for its tests."""

from __future__ import annotations

from dev.place import ROOT
from dev.python_environment import ensure_environment

ENVIRONMENT = ROOT / ".venv-oldest"
REQUIREMENTS = ROOT / "test/runner/requirements-oldest.txt"


def ensure_oldest_environment() -> None:
    """Makes .venv-oldest as test/runner/requirements-oldest.txt says."""
    if REQUIREMENTS.exists():
        ensure_environment(ENVIRONMENT, REQUIREMENTS, "the oldest supported Python packages")
