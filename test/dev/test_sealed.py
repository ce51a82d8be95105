"""What run.py starts finds nothing of the person who runs it; where it did, it would be noticed."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from dev.place import ROOT, node
from dev.sealed import KEPT
from dev.traps import run_trapped

IS_ROOT = os.geteuid() == 0
# In a process of its own, as run.py does it.
SEALED = "import subprocess, sys; from dev.sealed import seal; seal(); "
TESTS = """\
from pathlib import Path
import dev.report
dev.report.REPORTS = Path(sys.argv[1])
from dev.test import all_but_browser
report = all_but_browser(sys.argv[2:], [], False)
sys.exit(0 if report.passed > 20 and not report.failed else str(report))
"""
DEMO = """\
import os
from pathlib import Path
from unittest import mock
from dev import demo
demo.HOME = Path(sys.argv[1])
with mock.patch.object(demo, "set_up"), mock.patch.object(os, "execve") as execve:
    demo.main([])
_, _, environment = execve.call_args.args
sys.exit(subprocess.run(["jupyter", "submit", "list"], env=environment).returncode)
"""


def sealed(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-E", "-c", SEALED + code, *map(str, arguments)]


@pytest.mark.parametrize(
    "command, trap",
    [
        ("bash -c true", "/.bash_env"),
        ("bash -lc true", "/.bash_profile"),
        ("python3 -c 1", "PYTHONPATH was used by"),
        (f"{node()} -e 1", "NODE_OPTIONS was used by"),
        ("cat ~/.ssh/id_rsa", "/.ssh/id_rsa"),
        ("ls ~/.jupyter/labconfig", "/.jupyter/labconfig"),
        ("cat ~/.ipython/profile_default/startup/00-first.py", "/startup/00-first.py"),
        ("ssh-add -l", "the SSH agent was connected to"),
        ("exec 3<>/dev/tcp/${http_proxy:7:9}/${http_proxy:17}", "a port was connected to"),
        ("mktemp", "/temporary/"),
    ],
)
def test_who_touches_something_of_the_person_is_noticed(capfd, command, trap):
    # The shell that begins it reads nothing itself.
    script = ["env", "--unset=BASH_ENV", "bash", "-c", command]
    assert run_trapped(command.split() if command.startswith("bash") else script) != 0
    touched = [line for line in capfd.readouterr().out.splitlines() if line.startswith("touched: ")]
    assert any(trap in line for line in touched), touched


@pytest.mark.skipif(not IS_ROOT, reason="only root can lay a trap over ~/.ssh of the list of users")
def test_openssh_finds_the_trap_whatever_HOME_says_and_afterwards_what_was_there(capfd):
    before = found_at_the_home_of_the_list()
    assert run_trapped(["env", "--unset=BASH_ENV", "HOME=/", "ssh", "-G", "trap-port"]) == 1
    said = capfd.readouterr().out
    assert "user trapped" in said
    assert "touched: ssh read the configuration" in said
    assert found_at_the_home_of_the_list() == before


def found_at_the_home_of_the_list() -> tuple[int, ...] | None:
    """What ~/.ssh is there, without opening it: this test, too, runs where that would be noticed."""
    with suppress(FileNotFoundError):
        found = os.stat(os.path.expanduser(f"~{getpass.getuser()}/.ssh"))
        return found.st_dev, found.st_ino, found.st_mtime_ns
    return None


def test_who_touches_nothing_ends_as_it_does(capfd):
    assert run_trapped(["true"]) == 0
    assert run_trapped([sys.executable, "-E", "-c", "raise SystemExit(7)"]) == 7
    assert "touched" not in capfd.readouterr().out


def test_what_is_started_sees_only_the_variables_that_are_kept(tmp_path, capfd):
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    code = f"subprocess.run([sys.executable, '-c', {show!r}])"
    assert run_trapped(sealed(code)) == 0
    seen = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert set(seen) - {"LC_CTYPE"} <= KEPT | {"HOME", "LANG", "JUPYTERLAB_SUBMIT_SSH_CONFIG"}
    assert seen["JUPYTERLAB_SUBMIT_SSH_CONFIG"] == "/dev/null"
    assert not os.path.exists(seen["HOME"])


def test_installers_have_the_persons_variables_but_for_those_that_change_how_they_run():
    code = "from dev.sealed import for_installing as f; import json; print(json.dumps(f()))"
    mine = {
        "LANG": "C.UTF-8",
        "HTTPS_PROXY": "p",
        "PIP_INDEX_URL": "i",
        "npm_config_registry": "r",
        "HOME": "/home/a",
    }
    others = {"NODE_OPTIONS": "--x", "NODE_ENV": "production", "PYTHONPATH": "/x"}
    environment = {"PATH": os.environ["PATH"], **mine, **others}
    run = subprocess.run(
        sealed(code), cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == {"PATH": os.environ["PATH"], **mine}


def test_shells_pythons_and_nodes_that_are_started_touch_nothing(capfd):
    for command in (
        ["bash", "-lc", "true"],
        ["bash", "-c", 'ssh -G -F "$JUPYTERLAB_SUBMIT_SSH_CONFIG" somewhere >/dev/null'],
        ["tcsh", "-c", "true"],
        ["zsh", "-c", "true"],
        ["fish", "-c", "true"],
        ["python3", "-c", "import tempfile; tempfile.TemporaryFile()"],
        [node(), "-e", "1"],
        [sys.executable, "-m", "jupyter", "--paths"],
    ):
        code = f"sys.exit(subprocess.run({command!r}).returncode)"
        assert run_trapped(sealed(code)) == 0, command
    assert "touched" not in capfd.readouterr().out


@pytest.mark.timeout(400)
def test_files_of_tests_touch_nothing(tmp_path, capfd):
    paths = ["test/sidecar/remote/ssh/hostConfig.test.ts", "test/python/test_folders.py"]
    assert run_trapped(sealed(TESTS, tmp_path, *paths)) == 0, capfd.readouterr().out


def test_a_command_of_run_py_touches_nothing(capfd):
    # 3: it does not run.
    assert run_trapped([sys.executable, "-E", "run.py", "cluster", "status"]) in (0, 3)
    assert "touched" not in capfd.readouterr().out


def test_the_demo_touches_nothing_and_has_a_home_of_its_own(capfd):
    home = tempfile.mkdtemp(prefix="s", dir="/tmp")
    try:
        assert run_trapped(sealed(DEMO, home)) == 0, capfd.readouterr().out
        assert os.listdir(home) != []
    finally:
        for lock in Path(home).rglob("sidecar.lock"):
            os.kill(json.loads(lock.read_text())["pid"], signal.SIGKILL)
        shutil.rmtree(home, ignore_errors=True)
