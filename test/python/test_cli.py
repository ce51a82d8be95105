"""The command as a person starts it, with a fake Node program that prints what it was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PRINT = """
const { JUPYTERLAB_SUBMIT_SOCKET: socket, JUPYTERLAB_SUBMIT_PYTHON: python } = process.env;
console.log(JSON.stringify({ argv: process.argv.slice(2), socket, python }));
process.exit(5);
"""
# The build is put in place of the real one before main() runs.
START = """
import sys
from pathlib import Path
from jupyterlab_submit import cli, sidecar
cli.BUNDLE = sidecar.BUNDLE = Path(sys.argv.pop(1))
cli.main()
"""


def run(bundle: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", START, str(bundle), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


@pytest.fixture(autouse=True)
def program(bundle: Path):
    (bundle / "cli.cjs").write_text(PRINT)


def test_becomes_the_node_program_with_a_sidecar_that_answers(bundle: Path, home: Path, pong):
    ended = run(bundle, "submit me.ipynb", "--cores", "4")
    said = json.loads(ended.stdout)
    assert said["argv"] == ["submit me.ipynb", "--cores", "4"]
    assert said["python"] == sys.executable
    assert Path(said["socket"]).is_relative_to(home)
    assert pong()["version"] == "0.1.0"
    assert (ended.returncode, ended.stderr) == (5, "")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["list", "-h"], ["--version"]])
def test_help_and_version_start_no_sidecar(bundle: Path, home: Path, arguments: list[str]):
    said = json.loads(run(bundle, *arguments).stdout)
    assert said == {"argv": arguments, "python": sys.executable}
    assert list(home.rglob("sidecar.*")) == [bundle / "sidecar.cjs"]


def test_a_sidecar_that_does_not_start_is_exit_code_3_and_a_text(bundle: Path, plan):
    plan(fail="no space left on device")
    ended = run(bundle, "list")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("jupyter submit: The sidecar ended at once with code 7.")
    assert "no space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_checkout_that_is_not_built_is_exit_code_3(bundle: Path):
    (bundle / "version.txt").unlink()
    ended = run(bundle, "--help")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "python3 run.py build" in ended.stderr


def test_jupyter_finds_the_command():
    jupyter = Path(sys.executable).with_name("jupyter")
    listed = subprocess.run([jupyter, "--help"], capture_output=True, text=True, check=True)
    assert "submit" in listed.stdout
