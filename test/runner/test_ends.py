"""How a run ends otherwise than by its last cell, and that nothing of it stays behind."""

import os
import re
import signal
import subprocess
import time

import pytest

TICKS = "import time\nfor i in range(1000):\n    print('tick', i, flush=True)\n    time.sleep({})"
CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()"

SCRIPT = r"""
trap '' USR1
"$1" run_notebook.pyz &
runner=$!
trap 'kill -TERM $runner' TERM
while :; do wait $runner; code=$?; kill -0 $runner 2>/dev/null || break; done
[ -e exit.json ] || { sleep 1; echo '{"state": "failed", "cause": {"code": "killed"}}' >exit.json; }
"""


def test_killed_runner_leaves_the_result_so_far_and_no_process(job):
    job.write([CONNECT, TICKS.format(1)], engines=2, saveSeconds=4)
    job.start()
    job.wait_for("tick 6")
    # Saved again and again while the cell runs, which would take a quarter of an hour.
    job.wait_for("tick 8")
    os.kill(job.runner.pid, signal.SIGKILL)
    assert job.is_swept(10), job.processes()
    assert "tick 8" in job.printed()
    assert not (job.folder / "exit.json").exists()


def test_script_still_writes_its_last_word_when_the_runner_was_killed(job):
    job.write([TICKS.format(1)])
    job.start(["bash", "-c", SCRIPT, "script", job.python])
    job.wait_for("tick 0")
    os.kill(job.process("python run_notebook.pyz"), signal.SIGKILL)
    job.wait(10)
    assert job.exit["cause"] == {"code": "killed"}
    assert job.is_swept(10)


def test_what_the_notebook_left_in_the_background_is_ended(job):
    stays = [
        "import os, subprocess\nos.system('setsid nohup sleep 1000 >/dev/null 2>&1 &')",
        "subprocess.Popen(['bash', '-c', 'trap \"\" TERM; while :; do sleep 1; done'])",
    ]
    job.run(stays)
    assert job.exit["state"] == "succeeded"
    assert job.is_swept(10), job.processes()


def test_dead_kernel_is_told_with_its_signal(job):
    dies = "import os, time\nprint('before', flush=True)\ntime.sleep(0.3)\nos.kill(os.getpid(), 9)"
    job.run(["1", dies])
    assert job.cause == {"code": "kernel-died", "cell": 2, "signal": 9}
    assert job.printed() == "before\n"
    assert job.errors() == ["KernelDied"]


def test_kernel_that_leaves_is_told_without_a_signal(job):
    job.run(["import os\nos._exit(3)"])
    assert job.cause == {"code": "kernel-died", "cell": 1, "signal": None}


STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "print('there', flush=True)\ntime.sleep(1000)"
)


def test_time_limit_ends_the_cell_and_keeps_what_it_printed(new_job, oldest):
    jobs = [new_job(), new_job(oldest), new_job()]
    sources = [TICKS.format(0.5), TICKS.format(0.5), STUBBORN]
    began = time.time()
    for job, source in zip(jobs, sources, strict=True):
        job.write([CONNECT, source, "print('on')"], engines=1, limitSeconds=22)
        job.start()
    for job in jobs:
        job.wait()
        assert 11 < time.time() - began
        # Later it would have been killed, without a word.
        assert job.exit["state"] == "timed-out", job.log("runner")
        assert job.cause == {"code": "time-limit", "cell": 2}
        assert job.errors()[-1] == "TimeLimit"
    for job in jobs[:2]:
        assert "tick 1" in job.printed() and "on\n" not in job.printed()
        assert "KeyboardInterrupt" in job.errors()
    assert jobs[2].printed() == "there\n"


def end(job, number=signal.SIGTERM, times=1, everybody=False):
    """Send the signal in the second cell, and wait for the end, which its ticks would put off for minutes."""
    job.write([CONNECT, TICKS.format(0.2)], engines=1)
    job.start()
    job.wait_for("tick 3")
    for _ in range(times):
        job.signal_all(number) if everybody else job.runner.send_signal(number)
        time.sleep(0.2)
    job.wait()


@pytest.mark.parametrize("times, everybody", [(1, False), (2, False), (1, True), (2, True)])
def test_term_cancels_the_job(job, times, everybody):
    end(job, times=times, everybody=everybody)
    assert job.exit["state"] == "cancelled"
    assert job.cause == {"code": "cancelled", "by": "unknown"}
    assert "tick 3" in job.printed()
    assert job.errors()[-1:] == ["Cancelled"]
    assert job.is_swept(), job.processes()


def test_term_while_the_engines_start_cancels_the_job(job):
    job.write([CONNECT], engines=2)
    job.start()
    job.wait_for(lambda: "Starting 2 engines" in job.log("runner"))
    job.signal_all(signal.SIGTERM)
    job.wait(15)
    assert job.cause == {"code": "cancelled", "by": "unknown"}


def test_term_just_before_the_limit_is_the_time_limit(job):
    job.write([TICKS.format(0.2)], limitSeconds=14)
    job.start()
    began = time.time()
    job.wait_for("tick 3")
    time.sleep(max(0, 7 - (time.time() - began)))
    job.runner.send_signal(signal.SIGTERM)
    job.wait(10)
    assert (job.exit["state"], job.cause["code"]) == ("timed-out", "time-limit")


def test_usr1_only_saves(job):
    job.write([TICKS.format(0.2).replace("1000", "20"), "print('on')"], saveSeconds=1000)
    job.start(["bash", "-c", "trap '' USR1; exec \"$0\" run_notebook.pyz", job.python])
    # Python has taken the shell's place, which has the file's name in its own words, too.
    python = f"{job.python} run_notebook.pyz"
    job.wait_for(lambda: any(line.startswith(python) for line in job.processes().values()))
    job.runner.send_signal(signal.SIGUSR1)
    job.wait_for(lambda: "Cell 1 of 2" in job.log("runner"))
    time.sleep(1)
    assert not job.shows("tick 2")
    job.runner.send_signal(signal.SIGUSR1)
    job.wait_for("tick 2", 2)
    job.wait()
    assert job.exit["state"] == "succeeded"
    assert job.printed().endswith("tick 19\non\n")


def test_killed_script_ends_the_job(job):
    job.write([TICKS.format(0.2)])
    job.start(["bash", "-c", SCRIPT, "script", job.python])
    job.wait_for("tick 0")
    job.runner.kill()
    job.runner.wait()
    deadline = time.monotonic() + 5
    while not (job.folder / "exit.json").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert job.cause == {"code": "killed", "signal": None}


def test_stuck_runner_is_killed_after_the_limit(job):
    job.write([TICKS.format(1)], limitSeconds=16)
    job.start()
    job.wait_for("tick 0")
    job.runner.send_signal(signal.SIGSTOP)
    assert job.runner.wait(30) == -signal.SIGKILL
    assert job.is_swept(10)


def test_progress_is_fresh_and_tells_the_cell(job):
    job.write(["import os, time\nwhile not os.path.exists('enough'): time.sleep(0.1)", "2"])
    job.start()
    job.wait_for(lambda: (job.folder / "progress.json").exists())
    seen, times = [], set()
    while job.runner.poll() is None:
        progress = job.json("progress")
        seen.append((progress["phase"], progress["cell"] and progress["cell"]["index"]))
        if seen[-1] == ("running", 1):
            # Written again while nothing new happens.
            times.add(progress["at"])
        if len(times) == 2:
            (job.work / "enough").touch()
        time.sleep(0.1)
    assert len(times) >= 2
    assert [one for i, one in enumerate(seen) if one not in seen[:i]][:2] == [
        ("starting", None),
        ("running", 1),
    ]


# What keeps the runner from writing more than small files: a disk that is full would do the same.
FULL = "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_FSIZE, ({}, {}))\n"
MANY = "print('x' * 300_000)\n"


def test_folder_that_cannot_be_written_does_not_stop_the_run(job):
    most = 2**40
    job.write(
        [FULL.format(100_000, most) + MANY + "import time\ntime.sleep(2)", FULL.format(most, most)]
    )
    job.start().wait()
    assert job.exit["state"] == "succeeded"
    assert "could not be saved" in job.log("runner")
    assert job.exit["notes"] == []
    assert job.printed() == "x" * 300_000 + "\n"


def test_result_that_cannot_be_saved_at_all_is_no_success(job):
    job.run([FULL.format(100_000, 100_000) + MANY])
    assert job.exit["state"] == "failed"
    assert job.cause == {"code": "ended-early", "status": 1}
    assert {"code": "result-not-saved"} in job.exit["notes"]
    assert list(job.folder.glob("*.part")) == []


QUOTA = """#!/bin/sh
echo "Disk quotas for user ada (uid 1000):"
echo "     Filesystem   space   quota   limit   grace   files   quota   limit   grace"
echo "      /dev/sda1  1024M*  1000M   1100M   6days      10       0       0        "
echo "      /dev/sdb1    10M   1000M   1100M              10       0       0        "
"""


@pytest.mark.parametrize(
    ("cell", "lacks"),
    [
        ("open('/dev/full', 'w').write('x' * 1_000_000)", "disk"),
        ("import errno, os\nraise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))", "quota"),
    ],
)
def test_cell_without_room_is_noted_with_the_numbers_that_there_are(job, tmp_path, cell, lacks):
    quota = tmp_path / "programs/quota"
    quota.parent.mkdir()
    quota.write_text(QUOTA)
    quota.chmod(0o755)
    job.env["PATH"] = f"{quota.parent}:{job.env['PATH']}"
    job.run([cell])
    assert job.cause["code"] == "cell-error"
    [note] = [note for note in job.exit["notes"] if note["code"] == "no-room"]
    assert (note["lacks"], note["folder"]) == (lacks, str(job.folder))
    assert re.match(r"[\d,]+ MB of [\d,]+ MB are taken; quota: /dev/sda1 1024M\* ", note["numbers"])
    assert "sdb1" not in note["numbers"]


FILL = (
    "import contextlib\n"
    "with contextlib.suppress(OSError), open('fill', 'wb', buffering=0) as file:\n"
    "    while file.write(bytes(4096)): pass\n"
)


@pytest.fixture
def job_on_a_small_disk(job):
    """A job, to be run by root, that has 20 MiB for all its files."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a disk that is full")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "full", job.folder], check=True)
    yield job
    subprocess.run(["umount", "--lazy", job.folder], check=True)


def assert_it_tells_of_the_full_disk(job):
    [note] = [note for note in job.exit["notes"] if note["code"] == "no-room"]
    assert note["lacks"] == "disk"
    assert re.match("(19|20|21) MB of 21 MB are taken", note["numbers"])


def test_what_cells_printed_comes_home_although_they_left_no_byte_of_the_disk(job_on_a_small_disk):
    job = job_on_a_small_disk
    job.run([FILL + MANY, "print('the last cell')\n1 / 0"])
    assert (job.cause["code"], job.errors()) == ("cell-error", ["ZeroDivisionError"])
    assert job.printed() == "x" * 300_000 + "\nthe last cell\n"
    assert_it_tells_of_the_full_disk(job)
    assert sorted(path.name for path in job.folder.glob("*.room")) == []


def test_result_for_which_there_is_no_room_is_no_success_and_is_noted(job_on_a_small_disk):
    job = job_on_a_small_disk
    job.run([FILL + "print('there')\n", "# " + "a long cell " * 200_000])
    assert job.exit["state"] == "failed"
    assert {"code": "result-not-saved"} in job.exit["notes"]
    assert_it_tells_of_the_full_disk(job)


IN_THE_WAY = {
    "pipe": "os.mkfifo(path)",
    "folder": "os.mkdir(path); open(path + '/x', 'w').close()",
    "link": "os.symlink(outside, path)",
    "link to nothing": "os.symlink('/nowhere/at/all', path)",
}


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_whatever_a_notebook_puts_at_our_names_the_job_ends_as_it_does(job, tmp_path, what):
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    names = ["exit.json", "progress.json", "result.ipynb", "notes.jsonl"]
    names = [*names, *(f"{name}.part" for name in names), "outputs/cell-2.txt"]
    cells = [
        f"import contextlib, os, shutil\noutside = {str(outside)!r}\nos.makedirs('../../outputs')\n"
        # Until it is there: we may just be writing a file of that name.
        f"for name in {names}:\n    path, is_there = '../../' + name, False\n    while not is_there:\n"
        "        with contextlib.suppress(FileNotFoundError):\n            os.unlink(path)\n"
        "        with contextlib.suppress(FileExistsError):\n"
        f"            {IN_THE_WAY[what]}; is_there = True",
        "print('x' * 20_000)",
        "print('on')",
    ]
    job.run(cells, outputLimitBytes=10_000)
    assert job.exit["state"] == "succeeded"
    assert job.printed().endswith("on\n")
    assert outside.read_text() == "theirs"


def test_shells_of_other_jobs_are_left_alone(new_job):
    other = new_job()
    other.folder.joinpath("logs").mkdir()
    other.runner = subprocess.Popen(
        ["sleep", "1000"], env={**os.environ, "JUPYTERLAB_SUBMIT_JOB": other.id}
    )
    job = new_job().run(["1"])
    assert job.is_swept()
    time.sleep(1)
    assert other.runner.poll() is None
