"""A job gets the time that was asked for, whatever becomes of the clock of its machine."""

import json
import os
import subprocess
import sys
import time

import pytest

# Python reads this file when it starts: the time of day is another one when a file is there.
CLOCK_IS_SET = """
import os, time
real = time.time
time.time = lambda: real() + ({hours} * 3600 if os.path.exists({file!r}) else 0)
"""


def settable_clock(folder, hours):
    """The PYTHONPATH, and the file to be made."""
    folder.mkdir()
    file = folder / "set"
    (folder / "sitecustomize.py").write_text(CLOCK_IS_SET.format(hours=hours, file=str(file)))
    return str(folder), file


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_is_set_ends_no_job(new_job, tmp_path, hours):
    path, file = settable_clock(tmp_path / "clock", hours)
    job = new_job(PYTHONPATH=path)
    wait = f"import os, time\nwhile not os.path.exists({str(file)!r}): time.sleep(0.1)"
    job.write([f"{wait}\ntime.sleep(4)\nprint(time.time())"], limitSeconds=300)
    job.start()
    job.wait_for(lambda: "Cell 1" in job.log("runner"))
    file.touch()
    job.wait_for(lambda: abs(job.progress_age() / 3600 + hours) < 0.5)
    progress = job.json("progress")
    assert 0 < progress["ranSeconds"] < 60
    assert progress["cell"] is None or progress["cell"]["ranSeconds"] < 60
    job.wait()
    assert abs(float(job.printed()) - time.time() - hours * 3600) < 60
    assert job.exit["state"] == "succeeded", job.cause
    assert 4 < job.exit["ranSeconds"] < 100


def test_what_the_environment_took_is_part_of_the_time(new_job):
    with open("/proc/uptime", encoding="ascii") as file:
        uptime = float(file.read().split()[0])
    job = new_job(JUPYTERLAB_SUBMIT_UPTIME=str(uptime - 100))
    job.write(["import time\ntime.sleep(600)"], limitSeconds=120)
    job.start()
    # The time of day of the start does not count then.
    (job.folder / "started.json").write_text(json.dumps({"startedAt": 5}))
    job.wait(30)
    assert job.cause["code"] == "time-limit"


def test_the_guard_waits_by_a_clock_that_nobody_sets():
    code = (
        "import time\ntime.time = lambda: 4e9\n"
        "from jupyterlab_submit.runner.guard import guard\nguard('none0000', {}, 0, {})"
    )
    runner = subprocess.Popen(["sleep", "100"])
    guard = subprocess.Popen(
        [sys.executable, "-c", code.format(runner.pid, time.monotonic() - 2)],
        stdin=subprocess.PIPE,
        cwd=os.path.dirname(os.path.dirname(os.path.dirname(__file__))),
    )
    try:
        time.sleep(1)
        assert runner.poll() is None
        assert runner.wait(20) == -9
    finally:
        guard.stdin.close()
        guard.wait()
