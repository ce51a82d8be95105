"""What grows with the number of engines."""

import re
import resource
from pathlib import Path

import pytest

from jupyterlab_submit.runner.scale import files_of, heartbeats, too_few_files
from test.runner.test_engines import CONNECT, controllers


@pytest.mark.parametrize(
    ("engines", "period", "seconds"),
    [(1, 200, 30), (64, 200, 30), (256, 512, 30), (1000, 2000, 60), (4000, 8000, 240)],
)
def test_hearts_of_many_engines_beat_more_slowly_and_may_pause_for_longer(engines, period, seconds):
    found, misses = heartbeats(engines)
    assert found == period
    assert seconds - period / 1000 < found * misses / 1000 <= seconds


def limited(job, limit):
    """Starts the job where so many files may be open, as ulimit takes it."""
    script = f'ulimit {limit}; exec "$0" run_notebook.pyz'
    return job.start(["bash", "-c", script, job.python])


def test_the_controller_may_open_what_its_engines_need_and_nobody_else_gets_more(job):
    look = (
        "def limit():\n    import resource\n    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]\n"
        "print(limit(), rc[0].apply_sync(limit))\n"
        "import time\nprint('looked', flush=True)\ntime.sleep(30)"
    )
    job.write([CONNECT, look], engines=2)
    limited(job, "-Sn 150")
    job.wait_for("looked")
    assert job.printed() == "[0, 1]\n150 150\nlooked\n"
    for process in controllers(job):
        limits = Path(f"/proc/{process}/limits").read_text()
        assert re.search(r"Max open files +(\d+)", limits)[1] == str(files_of(2))
    assert "files may be open" not in job.log("runner")


def test_too_few_files_are_told_in_the_log_and_where_engines_do_not_come(job):
    job.write([CONNECT], engines=40, launch=job.launched(["sh", "-c", "echo no more >&2; exit 3"]))
    limited(job, "-n 300").wait()
    words = (
        "At most 300 files may be open here (ulimit -Hn), and the controller of 40 engines has up to 320: "
        "ask for fewer engines, or the administrators for more files"
    )
    assert words in job.log("runner")
    assert (job.code, job.cause["log"]) == ("engines-never-came", f"{words}\nno more")


def test_where_there_is_room_nothing_is_said(monkeypatch):
    for hard in (resource.RLIM_INFINITY, files_of(64)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, hard=hard: (64, hard))
        assert too_few_files(64) == ""
