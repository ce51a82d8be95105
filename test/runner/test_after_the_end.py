"""After the end of a job has begun, none of its cells runs any more, whatever the notebook allows."""

import os
import signal
import sys

import pytest
from nbformat.v4 import new_code_cell

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()"
BUSY = "import time\nprint('there', flush=True)\ntime.sleep(1000)"
CATCHES = (
    "import time\nprint('there', flush=True)\n"
    "try:\n    time.sleep(1000)\nexcept BaseException:\n    print('went on')"
)
AWAITS = "import asyncio\nprint('there', flush=True)\nawait asyncio.sleep(1000)"
ON_ENGINES = "%%px\nimport time\nprint('there', flush=True)\ntime.sleep(1000)"
AFTER = "open('after.txt', 'w').close()\nprint('after')"


def write(job, source, **asked):
    """The cell, tagged to be allowed to fail as well, and those that must not run."""
    tagged = new_code_cell(source, metadata={"tags": ["raises-exception"]})
    job.write([CONNECT, tagged, AFTER, AFTER], engines=1, allowErrors=True, **asked)
    return job


def wait_for_output(job, text):
    """Also text that engines print, or that is in an error."""
    result = job.folder / "result.ipynb"
    job.wait_for(lambda: result.exists() and text in str(job.result.cells[1].outputs))


def assert_nothing_came_after(job, ename):
    """The cell that ran carries the cause, and the others are as they were."""
    ran, *others = job.result.cells[1:]
    assert [out.ename for out in ran.outputs if out.output_type == "error"][-1] == ename
    assert [cell.outputs for cell in others] == [[], []], job.log("runner")
    assert [cell.execution_count for cell in others] == [None, None]
    assert not (job.work / "after.txt").exists()
    assert job.json("progress")["cell"]["index"] == 2


@pytest.mark.parametrize("source", [BUSY, CATCHES, AWAITS, ON_ENGINES])
def test_after_the_time_limit(new_job, interpreter, source):
    job = write(new_job(interpreter), source, limitSeconds=30).start().wait()
    assert job.cause == {"code": "time-limit", "cell": 2}, job.log("runner")
    assert_nothing_came_after(job, "TimeLimit")


def test_after_the_time_limit_in_a_kernel_that_is_interrupted_by_a_message(job, kernelspec):
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    metadata = kernelspec("by-message", argv, interrupt_mode="message")
    write(job, CATCHES, metadata=metadata, kernel="notebook", limitSeconds=30).start().wait()
    assert job.cause == {"code": "time-limit", "cell": 2}, job.log("runner")
    assert_nothing_came_after(job, "TimeLimit")


@pytest.mark.parametrize("source, everybody", [(BUSY, False), (BUSY, True), (ON_ENGINES, True)])
def test_after_a_cancel(job, source, everybody):
    write(job, source).start()
    wait_for_output(job, "there")
    job.signal_all(signal.SIGTERM) if everybody else job.runner.send_signal(signal.SIGTERM)
    job.wait(15)
    assert job.cause == {"code": "cancelled", "by": "unknown"}
    assert_nothing_came_after(job, "Cancelled")


def test_after_a_cancel_that_kills_what_the_cell_waits_for_first(job):
    runs = "import subprocess\nsubprocess.run(['sleep', '1000'], check=True)"
    write(job, runs).start()
    job.wait_for(lambda: any(line.startswith("sleep") for line in job.processes().values()))
    os.kill(job.process("sleep 1000"), signal.SIGTERM)
    wait_for_output(job, "CalledProcessError")
    job.runner.send_signal(signal.SIGTERM)
    job.wait(15)
    assert_nothing_came_after(job, "Cancelled")


@pytest.mark.parametrize("source", [CATCHES, ON_ENGINES])
def test_after_an_engine_was_lost(new_job, interpreter, source):
    job = write(new_job(interpreter), source).start()
    wait_for_output(job, "there")
    os.kill(job.engine(0), signal.SIGKILL)
    job.wait(20)
    assert (job.code, job.cause["cell"]) == ("engines-lost", 2)
    assert_nothing_came_after(job, "EnginesLost")


def test_after_the_kernel_died(job):
    write(job, "import os\nprint('there', flush=True)\nos.kill(os.getpid(), 9)").start().wait()
    assert job.cause == {"code": "kernel-died", "cell": 2, "signal": 9}
    assert_nothing_came_after(job, "KernelDied")


def test_after_the_end_of_the_script(job):
    write(job, BUSY).start(["bash", "-c", '"$0" run_notebook.pyz; :', job.python])
    job.wait_for("there")
    job.runner.kill()
    job.runner.wait()
    job.is_swept(10)
    assert job.cause == {"code": "killed", "signal": None}
    assert_nothing_came_after(job, "Killed")


def test_between_two_cells(job):
    """Cells that take no time: the end is noticed at the next one, before ten cells have run."""
    cells = ["import os, signal"] + [f"print({i})" for i in range(300)]
    cells[20] = "os.kill(os.getppid(), signal.SIGTERM)"
    job.run(cells, allowErrors=True)
    assert job.cause == {"code": "cancelled", "by": "unknown"}
    ran = [i for i, cell in enumerate(job.result.cells) if cell.execution_count is not None]
    assert ran == list(range(21))
    assert job.errors() == ["Cancelled"]
    assert job.result.cells[20].outputs[-1].ename == "Cancelled"
