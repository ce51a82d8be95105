"""ipyparallel's own programs, started in a cell or on an engine of a job."""

import pytest

from jupyterlab_submit.runner.attached import answer

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()"
THERE = "2 engines of this job run already: ipyparallel.Client() finds them.\n"
TOO_MANY = "The notebook asks for 5 engines, this job has 2: submit it with at least 5\n"


@pytest.mark.parametrize(
    "arguments",
    ["-n 5", "-n=5", "-n5", "--n=5", "--n 5", "--Cluster.n=5", "--daemonize -n 5 --x=1"],
)
def test_more_engines_than_there_are_is_refused_in_every_spelling(arguments):
    assert answer(2, "ipcluster", ["start", *arguments.split()]) == (TOO_MANY.strip(), 1)


@pytest.mark.parametrize(
    "command",
    [
        "ipcluster start -n 2",
        "ipcluster start --profile=run-9",
        "ipcluster start --log-level=10 -n 1",
        "ipcluster engines --n=2 --daemonize",
        "ipcontroller --ip=*",
        "ipengine --file=/home/n 5",
    ],
)
def test_what_the_job_has_is_there_already(command):
    name, *arguments = command.split()
    assert answer(2, name, arguments) == (THERE.strip(), 0)


def test_list_has_the_cluster_of_the_job():
    text, code = answer(12, "ipcluster", ["list"])
    assert code == 0
    head, row = text.splitlines()
    assert head.split() == ["PROFILE", "CLUSTER", "ID", "RUNNING", "ENGINES", "LAUNCHER"]
    # As ipyparallel has it: the number stands on the right.
    assert row == f"default{' ' * 10}''{' ' * 31}True{' ' * 9}12 the job's own"


def test_engines_cannot_be_stopped():
    assert answer(2, "ipcluster", ["stop"]) == ("The engines of this job end with it.", 0)


STARTS = """
import subprocess, sys
def run(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60)
    print(done.returncode, done.stdout.decode(), end='')
run('ipcluster', 'start', '-n', '2', '--daemonize')
run('ipcluster', 'start', '-n', '5')
run('bash', '-c', 'ipcontroller & wait; ipengine')
for part in ('cluster', 'controller', 'engine'):
    run(sys.executable, '-m', 'ipyparallel.' + part, *['start', '-n', '2'][: 3 * (part == 'cluster')])
"""


def test_started_in_a_cell_they_leave_the_engines_as_they_are(new_job, interpreter):
    look = "print(rc.ids, ipp.Client().ids)"
    job = new_job(interpreter).run([CONNECT, STARTS, look, "%%px\n" + STARTS], engines=2)
    assert job.exit["state"] == "succeeded", job.log("runner")
    here = f"0 {THERE}1 {TOO_MANY}0 {THERE}{THERE}" + f"0 {THERE}" * 3
    assert job.printed() == here + "[0, 1] [0, 1]\n"
    on_engines = [out.data["text/plain"] for out in job.result.cells[3].outputs]
    assert sorted(on_engines) == [f"[stdout:{i}] {here}" for i in range(2)]


def test_a_program_of_a_cell_finds_the_engines_by_a_profiles_name(new_job, interpreter):
    job = new_job(interpreter)
    ask = "import ipyparallel as ipp\nprint('ids', ipp.Client(profile={!r}).ids)\n"
    job.write(["import sys\n!{sys.executable} fit.py\n!{sys.executable} more/fit.py"], engines=2)
    (job.work / "more").mkdir()
    (job.work / "fit.py").write_text(ask.format("mpi"))
    (job.work / "more/fit.py").write_text(ask.format("of-the-group"))
    job.start().wait()
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.printed().splitlines() == ["ids [0, 1]"] * 2
