"""The command as a person starts it, with a fake Node program that prints what it was given."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_submit import cli

PRINT = """
const {
  JUPYTERLAB_SUBMIT_SOCKET: socket,
  JUPYTERLAB_SUBMIT_PYTHON: python,
  JUPYTERLAB_SUBMIT_SETTINGS: settings
} = process.env;
console.log(JSON.stringify({ argv: process.argv.slice(2), socket, python, settings }));
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


@pytest.mark.parametrize(
    "arguments", [["a.ipynb"], ["--cores", "4", "list.ipynb"], ["clusters", "--json"]]
)
def test_settings_go_along_where_they_count(bundle: Path, home: Path, monkeypatch, arguments):
    schemas = home / "share/labextensions/jupyterlab-submit/schemas/jupyterlab-submit"
    schemas.mkdir(parents=True)
    (schemas / "plugin.json").write_text('{"properties": {"clusters": {"default": []}}}')
    user = home / "user/jupyterlab-submit"
    user.mkdir(parents=True)
    (user / "plugin.jupyterlab-settings").write_text('{"defaults": {"cores": 4}}')
    monkeypatch.setenv("JUPYTER_PATH", str(home / "share"))
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(home / "user"))
    settings = json.loads(run(bundle, *arguments).stdout)["settings"]
    assert json.loads(settings) == {"clusters": [], "defaults": {"cores": 4}}


@pytest.mark.parametrize("command", ["list", "show", "log", "cancel", "fetch", "remove"])
def test_commands_about_jobs_read_no_settings(bundle: Path, command: str):
    assert "settings" not in json.loads(run(bundle, command, "abc").stdout)


def test_those_commands_are_all_but_those_about_clusters():
    program = (Path(__file__).parents[2] / "src/cli/program.ts").read_text()
    commands = set(re.findall(r"\.command\('(\w+)'\)", program))
    assert commands == cli.ABOUT_JOBS | cli.ABOUT_FILES | {"clusters", "check", "recover"}


def test_a_command_about_files_of_this_machine_needs_no_service(bundle: Path, plan):
    plan(fail="no space left on device")
    assert "settings" not in json.loads(run(bundle, "site", "check", "site.json").stdout)


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


def test_node_variables_of_the_caller_are_for_jobs_and_not_for_our_node(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NODE_OPTIONS", "--require /gone/bootloader.js --not-an-option")
    monkeypatch.setenv("NODE_V8_COVERAGE", str(bundle / "coverage"))
    (bundle / "cli.cjs").write_text("console.log(JSON.stringify(process.env))")
    ended = run(bundle, "list")
    assert ended.stderr == ""
    said = json.loads(ended.stdout)
    assert [name for name in said if name.startswith("NODE_")] == []
    kept = said["JUPYTERLAB_SUBMIT_CALLERS_NODE_OPTIONS"]
    assert kept == "--require /gone/bootloader.js --not-an-option"
    assert not (bundle / "coverage").exists()
