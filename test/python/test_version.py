"""The version that Python's side says, which is written in package.json alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import jupyterlab_submit
from jupyterlab_submit import sidecar

PACKAGE = Path(__file__).parents[2] / "package.json"


def test_jupyter_lists_the_version_beside_the_name(home: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "jupyter", "server", "extension", "list"],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    version = json.loads(PACKAGE.read_text())["version"]
    lines = [line.split() for line in (listed.stdout + listed.stderr).splitlines()]
    assert ["jupyterlab_submit", version] in [words[:2] for words in lines]


def test_a_package_that_is_not_built_has_no_version_and_can_be_imported(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidecar, "BUNDLE", home)
    assert getattr(jupyterlab_submit, "__version__", "") == ""
    with pytest.raises(AttributeError, match="__path_to_nothing__"):
        _ = jupyterlab_submit.__path_to_nothing__
