"""The real Node.js starts a fake sidecar; locks, sockets and processes are real."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyterlab_submit import sidecar
from jupyterlab_submit.folders import data_folder, socket_folder
from jupyterlab_submit.locks import lock_file
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.sidecar import ensure, order

pytestmark = pytest.mark.usefixtures("bundle")


def test_starts_one_that_answers_and_says_where(pong):
    socket = ensure()
    assert socket == socket_folder() / "sidecar.sock"
    expected = ["--socket", str(socket), "--data", str(data_folder())]
    expected += ["--runner", str(sidecar.RUNNER), "--words"]
    assert pong()["argv"][:-1] == expected


def test_it_is_detached(pong):
    ensure()
    process = pong()["pid"]
    assert os.getsid(process) == process
    assert os.readlink(f"/proc/{process}/cwd") == "/"
    assert os.readlink(f"/proc/{process}/fd/0") == "/dev/null"


def test_one_started_inside_a_job_does_not_belong_to_the_job(pong, monkeypatch):
    monkeypatch.setenv("JUPYTERLAB_SUBMIT_JOB", "outer123")
    ensure()
    environment = Path(f"/proc/{pong()['pid']}/environ").read_bytes()
    assert b"JUPYTERLAB_SUBMIT_JOB=" not in environment
    assert f"PATH={os.environ['PATH']}".encode() in environment


def test_the_next_caller_uses_it(pong):
    ensure()
    first = pong()["pid"]
    ensure()
    assert pong()["pid"] == first


def test_callers_at_the_same_time_start_one():
    with ThreadPoolExecutor(8) as pool:
        sockets = set(pool.map(lambda _: ensure(), range(8)))
    assert len(sockets) == 1
    assert len(processes_with(sockets.pop())) == 1


def test_a_caller_with_another_runtime_folder_is_led_to_it(pong, home, monkeypatch):
    socket = ensure()
    first = pong()["pid"]
    for name in ("JUPYTER_RUNTIME_DIR", "XDG_RUNTIME_DIR", "TMPDIR"):
        monkeypatch.setenv(name, str(home / "elsewhere"))
        assert ensure() == socket
    assert len(processes_with(data_folder())) == 1
    os.kill(first, signal.SIGKILL)
    assert ensure() == socket_folder() / "sidecar.sock" != socket


def test_callers_with_other_runtime_folders_at_the_same_time_start_one(home, pong):
    program = "from jupyterlab_submit import sidecar; from pathlib import Path; "
    program += f"sidecar.BUNDLE = Path({str(sidecar.BUNDLE)!r}); print(sidecar.ensure())"
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "JUPYTER_RUNTIME_DIR": str(home / f"run{number}")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    assert len({caller.communicate()[0] for caller in callers}) == 1
    assert len(processes_with(data_folder())) == 1


def test_an_older_one_with_another_runtime_folder_is_replaced(plan, home, monkeypatch):
    plan(version="0.0.9")
    older = ensure()
    plan()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "elsewhere"))
    assert ensure() != older
    assert len(processes_with(data_folder())) == 1


def test_a_told_socket_that_others_could_have_made_is_not_asked(home, monkeypatch):
    socket = ensure()
    socket.parent.chmod(0o755)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "elsewhere"))
    monkeypatch.setattr(sidecar, "QUIT_SECONDS", 0.3)
    with pytest.raises(Problem, match="neither answers nor ends. End it: kill"):
        ensure()
    socket.parent.chmod(0o700)
    assert ensure() == socket


def test_one_of_another_container_that_cannot_be_reached_is_named(plan, home, monkeypatch):
    """Its lock counts here, too, and its socket does not."""
    ensure()
    lock = data_folder() / "sidecar.lock"
    note = json.loads(lock.read_text())
    away = {**note, "host": "other", "processes": "pid:[1]", "socket": "/run/there/sidecar.sock"}
    lock.write_text(json.dumps({**away, "pid": 4711}))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "elsewhere"))
    monkeypatch.setattr(sidecar, "AWAY_SECONDS", 0.3)
    with pytest.raises(Problem, match=r"process 4711 of another .* named other .*JUPYTER_DATA_DIR"):
        ensure()
    assert len(processes_with(data_folder())) == 1
    # So that the fixture finds it.
    lock.write_text(json.dumps(note))


def test_a_disk_without_locks_keeps_nobody_from_working(pong, home, monkeypatch):
    no_locks_in(home / "data", monkeypatch)
    ensure()
    first = pong()
    assert first["argv"][6:8] == ["--unlocked", "No locks available"]
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "elsewhere"))
    assert ensure() != socket_folder() / "sidecar.sock"
    assert len(processes_with(data_folder())) == 1
    os.kill(first["pid"], signal.SIGKILL)
    assert ensure() == socket_folder() / "sidecar.sock"


def test_on_a_disk_without_locks_one_that_hangs_is_waited_for(pong, home, monkeypatch):
    no_locks_in(home / "data", monkeypatch)
    ensure()
    first = pong()["pid"]
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(sidecar, "QUIT_SECONDS", 0.3)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "elsewhere"))
    with pytest.raises(Problem, match=f"nor ends. It is stopped: kill -CONT {first} lets it"):
        ensure()
    assert len(processes_with(data_folder())) == 1


def test_a_lock_that_is_a_link_is_not_written_through(home):
    victim = home / "victim"
    victim.write_text("theirs")
    (data_folder() / "sidecar.lock").symlink_to(victim)
    with pytest.raises(Problem, match="sidecar.lock is a link, or is not yours"):
        ensure()
    assert victim.read_text() == "theirs"


def test_a_lock_that_was_removed_while_it_was_waited_for_is_made_anew(pong):
    ensure()
    os.kill(pong()["pid"], signal.SIGKILL)
    with lock_file(data_folder() / "sidecar.lock") as lock:
        (data_folder() / "sidecar.lock").unlink()
        assert not lock.take()
        deadline = time.monotonic() + 5
        while not lock.take() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert lock.held
        assert lock.is_in_place()


def test_why_it_cannot_start_is_told_where_no_log_can_be_written(plan):
    plan(words="The disk is full. Make room.")
    with pytest.raises(Problem, match=r"^The sidecar cannot start. The disk is full. Make room.$"):
        ensure()


def test_one_that_was_killed_is_started_again_over_its_dead_socket(pong):
    socket = ensure()
    first = pong()["pid"]
    os.kill(first, signal.SIGKILL)
    assert socket.exists()
    ensure()
    assert pong()["pid"] != first


def test_its_lock_dies_with_it_even_when_its_children_live_on(pong, plan):
    # A word that no other process has.
    seconds = f"3600.{os.getpid()}"
    plan(child=seconds)
    ensure()
    first = pong()["pid"]
    (child,) = processes_with(seconds)
    os.kill(first, signal.SIGKILL)
    plan()
    try:
        ensure()
        assert pong()["pid"] != first
        assert processes_with(seconds) == [child]
    finally:
        os.kill(int(child.name), signal.SIGKILL)


def test_an_older_one_is_replaced(pong, plan, bundle: Path):
    plan(version="0.0.9")
    ensure()
    older = pong()
    plan()
    ensure()
    assert older["version"] == "0.0.9"
    assert pong()["version"] == "0.1.0"
    assert not Path(f"/proc/{older['pid']}/exe").exists()


def test_a_newer_one_of_the_same_protocol_is_used(pong, plan):
    plan(version="0.2.0")
    ensure()
    first = pong()["pid"]
    ensure()
    assert pong()["pid"] == first


def test_a_newer_one_of_another_protocol_says_what_to_update(plan):
    plan(version="0.2.0", protocol=sidecar.PROTOCOL + 1)
    with pytest.raises(Problem, match=r"newer jupyterlab-submit 0.2.0 runs .* this is 0.1.0.*pip"):
        ensure()
        ensure()


def test_a_new_build_of_the_same_version_replaces_it(pong, bundle: Path):
    ensure()
    first = pong()["pid"]
    os.utime(bundle / "sidecar.cjs", (1, 1))
    ensure()
    assert pong()["pid"] != first


def test_one_that_neither_answers_nor_ends_is_named(pong, plan, monkeypatch):
    monkeypatch.setattr(sidecar, "QUIT_SECONDS", 0.3)
    plan(version="0.0.9", stubborn=True)
    ensure()
    with pytest.raises(Problem, match=f"neither answers nor ends. End it: kill {pong()['pid']}"):
        ensure()


def test_one_that_ends_at_once_shows_what_it_said(plan):
    plan(fail="the disk is full")
    with pytest.raises(Problem, match=r"(?s)ended at once with code 7.*the disk is full"):
        ensure()


def test_one_that_never_listens_is_ended(plan, monkeypatch):
    monkeypatch.setattr(sidecar, "START_SECONDS", 0.5)
    plan(deaf=True)
    with pytest.raises(Problem, match="did not answer within 0 seconds"):
        ensure()
    started = json.loads((socket_folder() / "sidecar.lock").read_text())
    assert not Path(f"/proc/{started['pid']}").exists()


def test_something_else_at_the_socket_is_refused(plan):
    plan(name="another")
    with pytest.raises(Problem, match="Something else answers"):
        ensure()
        ensure()


def test_a_checkout_that_is_not_built_says_how_to_build(bundle: Path):
    (bundle / "version.txt").unlink()
    with pytest.raises(Problem, match="is not built: .*run.py build"):
        ensure()


def test_as_a_program_it_prints_the_socket_or_why_there_is_none(capsys, plan, bundle: Path):
    assert sidecar.main() == 0
    assert capsys.readouterr().out == f"{socket_folder() / 'sidecar.sock'}\n"
    (bundle / "version.txt").unlink()
    assert sidecar.main() == 3
    assert "python3 run.py build" in capsys.readouterr().err


def test_versions_sort_as_npm_and_python_write_them():
    rising = ["nonsense", "0.1.0", "0.2.0-alpha.1", "0.2.0-rc.1", "0.2.0-rc.2", "0.2.0", "0.10.0"]
    assert sorted(rising, key=order) == rising
    assert order("0.2.0rc1") == order("0.2.0-rc.1")
    assert order("0.2.0a1") == order("0.2.0-alpha.1")


def test_the_protocol_is_that_of_the_typescript_side():
    routes = Path(__file__).parents[2] / "src/api/protocol.ts"
    assert f"PROTOCOL = {sidecar.PROTOCOL};" in routes.read_text()


def no_locks_in(folder: Path, monkeypatch) -> None:
    """As a network disk whose server has no lock manager."""
    real = fcntl.flock

    def flock(file, operation):
        name = os.readlink(f"/proc/self/fd/{file if isinstance(file, int) else file.fileno()}")
        if name.startswith(str(folder)):
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        real(file, operation)

    monkeypatch.setattr(fcntl, "flock", flock)


def processes_with(argument: str | Path) -> list[Path]:
    word = b"\0%s\0" % os.fsencode(argument)
    found = []
    for command_line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word in command_line.read_bytes():
                found.append(command_line.parent)
        except OSError:
            # It ended meanwhile.
            continue
    return found
