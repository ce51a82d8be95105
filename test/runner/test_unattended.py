"""What a person finds in a job as they know it from Jupyter, and what has to differ: nobody is there."""

import os
import pickle

import pytest

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()"
FAILS = "def f(d):\n    return d['b']\nf({'a': 1})"


def test_notebook_finds_its_own_file_and_a_debugger_only_where_it_imports_one(job):
    job.run(
        [
            "import json, os\nfrom pathlib import Path\n"
            "print(Path(__session__).stem, len(json.load(open(__session__))['cells']))",
            "print(os.environ['JPY_SESSION_NAME'] == __session__, Path(__session__).parent == Path.cwd())",
            "import sys\nprint('debugpy' in sys.modules, __import__('debugpy').__name__)",
        ]
    )
    assert job.printed() == "notebook 3\nTrue True\nFalse debugpy\n"


@pytest.mark.parametrize("switch", ["%pdb on", "%pdb", "configuration", "JSON configuration"])
def test_error_is_told_where_a_debugger_was_asked_for(job, home, switch):
    profile = home / ".ipython/profile_default"
    profile.mkdir(parents=True)
    if switch == "configuration":
        (profile / "ipython_config.py").write_text("c.InteractiveShell.pdb = True\n")
    if switch == "JSON configuration":
        (profile / "ipython_config.json").write_text('{"InteractiveShell": {"pdb": true}}')
    job.run([switch if switch.startswith("%") else "", FAILS])
    assert (job.cause["ename"], job.cause["evalue"]) == ("KeyError", "'b'"), job.log("kernel")
    assert job.errors() == ["KeyError"]


def test_error_of_engines_is_told_where_a_debugger_was_asked_for(new_job, interpreter, home):
    profile = home / ".ipython/profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text("c.InteractiveShell.pdb = True\n")
    job = new_job(interpreter).run([CONNECT, "%px %pdb on", f"%%px\n{FAILS}"], engines=1)
    assert (job.cause["ename"], job.cause["evalue"]) == ("KeyError", "'b' (engine 0)")


@pytest.mark.parametrize("asks", ["input('name? ')", "%debug", "import pdb; pdb.set_trace()\n1"])
def test_cell_that_asks_fails_at_once(job, asks):
    job.run([FAILS, asks, "print('went on')"], allowErrors=True)
    assert job.errors() == ["KeyError", "StdinNotImplementedError"]
    assert job.exit["state"] == "succeeded" and "went on" in job.printed()


def stored(home, name):
    return pickle.loads((home / ".ipython/profile_default/db/autorestore" / name).read_bytes())


def test_what_a_notebook_stores_is_there_for_the_next(new_job, interpreter, home):
    new_job(interpreter).run(
        ["calibration = [1.5, 2]\n%store calibration", "%alias hello echo hello\n%store hello"]
    )
    assert stored(home, "calibration") == [1.5, 2]
    job = new_job(interpreter).run(
        ["%store -r calibration\nprint(calibration)", "%store -r\n%hello"]
    )
    assert job.printed().split() == ["[1.5,", "2]", "hello"], job.cause


def test_two_jobs_that_store_at_once_leave_one_of_both_whole(new_job, home):
    cell = "value = [{}] * 300_000\nfor _ in range(30):\n    %store value"
    jobs = [new_job(), new_job()]
    for number, job in enumerate(jobs):
        job.write([f"own_{number} = {number}\n%store own_{number}", cell.format(number)])
        job.start()
    for job in jobs:
        assert job.wait().exit["state"] == "succeeded"
    value = stored(home, "value")
    assert value in ([0] * 300_000, [1] * 300_000)
    assert (stored(home, "own_0"), stored(home, "own_1")) == (0, 1)
    files = sorted(os.listdir(home / ".ipython/profile_default/db"))
    assert [name for name in files if "part" in name] == []


SLOW_READER = """
import zmq
reader = zmq.Context().socket(zmq.SUB)
reader.rcvhwm = 1
reader.subscribe(b"")
reader.connect(get_ipython().kernel.iopub_thread.socket.LAST_ENDPOINT)
while not reader.poll(10):
    print("is it there?", flush=True)
"""
PRINT = "for number in range(3000):\n    print(f'line {number} ' + 'x' * 2000, flush=True)"
READ_LATE = """
text = b""
while b"line 2999 " not in text and reader.poll(10_000):
    text += b"".join(part for part in reader.recv_multipart() if b'"stdout"' in part)
reader.close()
print(text.count(b"line "), "lines")
"""


def test_a_kernel_throws_nothing_away_that_nobody_takes_in_time(new_job, interpreter):
    job = new_job(interpreter).run([SLOW_READER, PRINT, READ_LATE])
    assert job.printed().endswith("3000 lines\n"), (job.exit, job.printed()[-300:])


def test_sockets_of_a_notebook_have_the_limits_of_zeromq(new_job, interpreter):
    asked = "import zmq\nprint(get_ipython().kernel.parent.context.socket(zmq.PUB).sndhwm)"
    assert new_job(interpreter).run([asked]).printed() == "1000\n"
