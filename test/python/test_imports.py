"""The Python rows of the table of rooms in docs/architecture.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "jupyterlab_submit"
# What lets Jupyter's user reach the sidecar; all of it comes with Jupyter.
SERVER = {"jupyterlab_submit", "jupyter_core", "jupyter_server", "jupyterlab_server"}
SERVER |= {"httpx", "tornado", "traitlets"}
# What a job's environment has; none of our own code is there.
RUNNER = {"ipyparallel", "nbclient", "nbformat"}
RUNNER |= {"jupyter_client", "jupyter_core", "tornado", "traitlets", "zmq"}
# What a kernel is made of; and, in engines of a notebook that uses it, MPI.
RUNNER |= {"IPython", "ipykernel", "mpi4py", "petsc4py"}
# Its modules are packed into one file, and find each other there.
RUNNER |= {"a sibling"}
# What a relative import stands for, by its number of dots.
RELATIVE = ("", "a sibling", "a package above")


def refused_imports(text: str, allowed: set[str]) -> set[str]:
    """Top-level modules that a text imports, wherever in it, and that are not allowed."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(RELATIVE[min(node.level, 2)] or node.module)
    tops = {name.split(".")[0] for name in found}
    return tops - allowed - sys.stdlib_module_names


def files_of_the_package() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", files_of_the_package(), ids=lambda file: file.name)
def test_imports_only_what_its_room_may(file: Path):
    allowed = RUNNER if file.is_relative_to(PACKAGE / "runner") else SERVER
    assert refused_imports(file.read_text(), allowed) == set()


@pytest.mark.parametrize(
    "text, refused",
    [
        ("import os, numpy as np", {"numpy"}),
        ("def f():\n    from ipyparallel.client import view", {"ipyparallel"}),
        ("try:\n    import nbclient\nexcept ImportError:\n    pass", {"nbclient"}),
        ("from . import cli", {"a sibling"}),
        ("from ..folders import NAME", {"a package above"}),
        ("import httpx, tornado.web\nfrom jupyter_core import paths", set()),
        ("text = 'import numpy'", set()),
    ],
)
def test_a_planted_import_is_found(text: str, refused: set[str]):
    assert refused_imports(text, SERVER) == refused


def test_the_runner_may_use_none_of_our_code_but_its_own():
    assert refused_imports("from .job import Job", RUNNER) == set()
    assert refused_imports("import jupyterlab_submit.folders", RUNNER) == {"jupyterlab_submit"}
    assert refused_imports("from ..folders import NAME", RUNNER) == {"a package above"}


# Modules of the runner that are imported when nbclient was found, and by none of the others at its own start.
LATE = {"notebook_client"}


def test_what_the_runner_imports_at_its_start_is_in_every_python():
    lazily = RUNNER - {"a sibling"}
    for file in sorted((PACKAGE / "runner").glob("*.py")):
        tree = ast.parse(file.read_text(), feature_version=(3, 8))
        at_start = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        siblings = {
            node.module for node in at_start if isinstance(node, ast.ImportFrom) and node.level
        }
        assert siblings & LATE == set(), file.name
        if file.stem not in LATE:
            found = refused_imports(ast.unparse(at_start), {"a sibling"})
            assert found & lazily == set(), file.name


def test_the_command_line_waits_for_nothing_of_the_server():
    program = "import sys, jupyterlab_submit.cli; print(*sys.modules)"
    listed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in listed.stdout.split()}
    assert loaded & SERVER == {"jupyterlab_submit", "jupyter_core"}
