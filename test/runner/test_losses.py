"""Engines that die in a job that goes on without them, and in one that does not."""

import os
import signal
import time

import pytest

from jupyterlab_submit.runner.engine_errors import are_deaths
from jupyterlab_submit.runner.losses import MOST_NOTES, Losses
from jupyterlab_submit.runner.nodes import EngineEnd
from test.runner.test_engines import CONNECT

SLEEPS = "%%px\nimport time\nprint('began')\ntime.sleep(3)\nprint('slept')"


def kill_in_cell(job, cell, *engines):
    job.wait_for(lambda: f"Cell {cell}" in job.log("runner"))
    time.sleep(0.5)
    for engine in engines:
        os.kill(job.engine(engine), signal.SIGKILL)


def test_the_notebook_goes_on_with_the_engines_that_are_left(new_job, interpreter):
    job = new_job(interpreter)
    job.write(
        [
            CONNECT,
            SLEEPS,
            "print(rc.ids)",
            "%%px\nprint('on')",
            "print(rc[:].apply_sync(lambda: 1), rc.load_balanced_view().map_sync(abs, range(3)))",
            "rc.wait_for_engines(3)\nwith ipp.Cluster(n=3) as mine:\n    print(mine.ids)",
        ],
        engines=3,
        allowLostEngines=True,
    )
    job.start()
    kill_in_cell(job, 2, 1)
    job.wait()
    assert job.exit["state"] == "succeeded", job.cause
    note = {"code": "engines-lost", "engines": "1", "lost": 1, "left": 2, "node": ""}
    assert job.exit["notes"] == [{**note, "signal": 9, "status": None}]
    assert "Engine 1 died" in str(job.result.cells[1].outputs[-1])
    slept = [str(out).count("slept") for out in job.result.cells[1].outputs]
    assert sum(slept) == 2
    lines = job.printed().splitlines()
    assert lines[:3] == ["[0, 1, 2]", "[0, 2]", "[1, 1] [0, 1, 2]"]
    assert "2 of the 3 engines of this job are left: the others have died" in lines
    assert "[0, 2]" in lines[3:]
    assert job.json("progress")["engines"] == {"ready": 2, "wanted": 3}


def test_an_error_of_another_engine_ends_it_all_the_same(job):
    fails = "%%px\nimport time, os\ntime.sleep(2)\nif os.environ.get('x') is None: 1/0"
    job.write([CONNECT, fails, "print('on')"], engines=3, allowLostEngines=True)
    job.start()
    kill_in_cell(job, 2, 0)
    job.wait()
    assert (job.exit["state"], job.code, job.cause["cell"]) == ("failed", "cell-error", 2)
    assert job.cause["ename"] == "ZeroDivisionError"
    assert [note["engines"] for note in job.exit["notes"]] == ["0"]


def test_a_result_that_is_asked_for_later_is_the_error_of_its_engine(new_job, interpreter):
    job = new_job(interpreter)
    job.write(
        [
            CONNECT + "\nimport os, signal, time",
            "results = [rc[i].apply_async(time.sleep, 2) for i in rc.ids]\n"
            "rc.send_signal(signal.SIGKILL, targets=1, block=False)\ntime.sleep(3)",
            "results[1].get()",
            "print(results[0].get())",
        ],
        engines=2,
        allowLostEngines=True,
    )
    job.start().wait()
    assert job.exit["state"] == "succeeded", job.cause
    (error,) = job.result.cells[2].outputs
    assert "EngineError: Engine 1 died" in error.evalue
    assert job.printed() == "[0, 1]\nNone\n"


def test_where_none_is_left_the_job_ends(job):
    job.write([CONNECT, SLEEPS, "print('on')"], engines=2, allowLostEngines=True)
    job.start()
    kill_in_cell(job, 2, 0, 1)
    job.wait()
    assert (job.exit["state"], job.code) == ("failed", "engines-lost")
    assert "on\n" not in job.printed()


def test_a_dead_controller_ends_it_whatever_is_allowed(job):
    from test.runner.test_engines import controllers

    job.write([CONNECT, SLEEPS], engines=2, allowLostEngines=True)
    job.start()
    job.wait_for(lambda: "Cell 2" in job.log("runner"))
    os.kill(controllers(job)[0], signal.SIGKILL)
    job.wait(20)
    assert (job.code, job.cause["engines"]) == ("engines-lost", [0, 1])


@pytest.mark.parametrize(
    ("name", "value", "are"),
    [
        ("EngineError", "Engine 1 died while running task 'x'", True),
        ("RemoteError", "[Engine Exception] EngineError: Engine 1 died", True),
        ("RemoteError", "[1:apply] ValueError: EngineError: x", False),
        ("AlreadyDisplayedError", "EngineError: Engine 1 died\nEngineError: Engine 2 died", True),
        ("AlreadyDisplayedError", "ValueError: bad (engine 0)\nEngineError: Engine 2 died", False),
        (
            "CompositeError",
            "one or more exceptions raised in: f\n[Engine Exception]EngineError: x",
            True,
        ),
        (
            "CompositeError",
            "one or more\n[3:apply]EngineError: x\n.... 6 more exceptions ...",
            True,
        ),
        ("CompositeError", "one or more\n[3:apply]ValueError: x\n[1:apply]EngineError: x", False),
        ("CompositeError", "one or more exceptions", False),
        ("ValueError", "EngineError: Engine 1 died", False),
    ],
)
def test_errors_that_tell_of_deaths_alone(name, value, are):
    assert are_deaths(name, value) == are


class Noted:
    def __init__(self):
        self.all = []

    def add(self, code, **values):
        self.all.append((code, values))


class Told:
    def tell_left(self, engines):
        self.engines = engines


def test_engines_that_ended_alike_are_noted_together_and_many_losses_at_the_end():
    notes, directory = Noted(), Told()
    losses = Losses(40, True, directory, notes)
    assert losses.go_on_without(dict.fromkeys([4, 5, 6, 9], EngineEnd("n2")))
    told = {
        "engines": "4-6, 9",
        "lost": 4,
        "left": 36,
        "node": "n2",
        "signal": None,
        "status": None,
    }
    assert notes.all == [("engines-lost", told)]
    for engine in range(20, 32):
        assert losses.go_on_without({engine: EngineEnd("n1", signal=9)})
    assert (len(notes.all), directory.engines) == (MOST_NOTES, 24)
    losses.tell_rest()
    rest = {"engines": "27-31", "lost": 5, "left": 24, "node": "", "signal": 9, "status": None}
    assert notes.all[MOST_NOTES:] == [("engines-lost", rest)]
    losses.tell_rest()
    assert len(notes.all) == MOST_NOTES + 1
    assert not losses.go_on_without(dict.fromkeys(losses.left, EngineEnd()))
    assert not Losses(4, False, directory, notes).go_on_without({1: EngineEnd()})
