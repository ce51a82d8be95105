"""Signals that a notebook sends to engines: as with ipyparallel's own nannies."""

import pytest

from test.runner.test_engines import CONNECT


def test_a_cell_is_interrupted_and_its_engine_lives_on(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT + "\nimport time",
            "sleeping = rc[:].apply_async(lambda: __import__('time').sleep(600))\ntime.sleep(1)",
            "rc.send_signal('SIGINT', block=True)",
            "try:\n    sleeping.get(60)\nexcept Exception as error:\n    print(type(error).__name__, 'KeyboardInterrupt' in str(error))",
            "rc[:].apply_sync(lambda: 'on')",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert "CompositeError True" in job.printed()
    assert job.result.cells[4].outputs[0].data["text/plain"] == "['on', 'on']"


@pytest.mark.parametrize("sig", ["signal.SIGUSR1", "'SIGUSR1'", "10"])
def test_an_engine_handles_what_it_is_sent(job, sig):
    job.run(
        [
            CONNECT + "\nimport signal, time",
            "%%px\nimport signal\ngot = []\nsignal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))",
            f"rc.send_signal({sig}, targets=1, block=True)",
            "for _ in range(400):\n    if rc[1]['got']:\n        break\n    time.sleep(0.05)\nprint(rc[:]['got'])",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert "[[], [10]]\n" in job.printed()


def test_an_engine_that_the_notebook_kills_is_lost_at_once(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT + "\nimport time",
            "rc.send_signal('SIGKILL', targets=1, block=True)\ntime.sleep(600)",
        ],
        engines=2,
    )
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", [1], 2)
    assert "engine-1 was killed by signal 9" in job.cause["log"]


def test_what_is_no_signal_is_an_error_and_does_nothing(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT,
            "try:\n    rc.send_signal('SIGNONE', block=True)\nexcept Exception as error:\n    print('SIGNONE' in str(error))",
            "rc[:].apply_sync(lambda: 'on')",
        ],
        engines=1,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert "True\n" in job.printed()
