"""What stands for PBS Pro, Torque and LSF, with real hosts, users and processes: the tests of their adapters rely on what it promises."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev.cluster import programs
from dev.place import ROOT
from dev.step import StepFailed
from test.dev.left_of_cluster import left_of_cluster

# Beside those that somebody may be using, in this checkout or in another.
NAME = hashlib.sha256(os.fsencode(__file__)).hexdigest()[:8]
FOLDER = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}-{NAME}")
SSH_CONFIG = FOLDER / "ssh_config"
ENVIRONMENT = {**os.environ, "JUPYTERLAB_SUBMIT_CLUSTER": NAME}
CONTROL = FOLDER / "stand_in/control"
# Ends late, after it has said what it was told.
TRAPS = "trap 'echo told; sleep 1; echo done; exit 3' TERM\necho begun\nsleep 300 & wait\n"


def why_not() -> str | None:
    if os.geteuid() != 0:
        return "only root can make the hosts and users of a stand-in"
    try:
        programs.demand({**programs.LOGINS, **programs.FAR_NODE})
    except StepFailed as failed:
        return str(failed)
    return None


pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def cluster(*arguments: str) -> str:
    """Runs it and returns what it prints."""
    command = [sys.executable, "run.py", "cluster", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def log_in(host: str, command: str, text: str = "") -> subprocess.CompletedProcess[str]:
    ssh = ["ssh", "-F", str(SSH_CONFIG), host, command]
    return subprocess.run(ssh, input=text, capture_output=True, text=True, timeout=60)


def said(host: str, command: str, text: str = "") -> str:
    run = log_in(host, command, text)
    assert run.returncode == 0, run
    return run.stdout


def until(is_so, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ours() -> list[str]:
    """What there is of the cluster on this machine."""
    namespaces = map(str, Path("/run/netns").glob(f"submit{NAME}-*"))
    return [*left_of_cluster(FOLDER), *namespaces]


@pytest.fixture(scope="module", params=["pbspro", "torque", "lsf"])
def host(request):
    """Its host in ssh_config, which is called after it."""
    cluster("start", "--scheduler", request.param)
    yield request.param
    cluster("stop")
    assert ours() == []


class Jobs:
    """Submitting, asking and deleting as each of them has it."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.is_lsf = host == "lsf"

    def submit(self, script: str, minutes: int | None = None, slots: str = "") -> str:
        if self.is_lsf:
            options = f"-o out.%J -n {slots or 1}" + (f" -W {minutes}" if minutes else "")
            return re.findall("<([0-9]+)>", said(self.host, f"bsub {options}", script))[0]
        options = f"-N job -j oe {slots}" + (f" -l walltime={60 * minutes}" if minutes else "")
        return said(self.host, f"qsub {options}", script).strip()

    def state(self, job: str) -> list[str]:
        """Its state, and the number of its end."""
        if self.is_lsf:
            return said(self.host, f"bjobs -noheader -o 'stat exit_code' {job}").split()
        shown = "-f -w -x" if self.host == "pbspro" else "-f -1"
        text = said(self.host, f"qstat {shown} {job}")
        return re.findall("(?i)(?:job_state|exit_status) = (.*)", text)

    def delete(self, job: str) -> None:
        said(self.host, f"{'bkill' if self.is_lsf else 'qdel'} {job}")

    def output(self, job: str) -> str:
        file = f"out.{job}" if self.is_lsf else f"job.o{job.partition('.')[0]}"
        text = said(self.host, f"cat {file}")
        return text.partition("follows:\n\n")[2] if self.is_lsf else text

    def ended(self, job: str) -> list[str]:
        until(lambda: self.state(job)[0] in ("F", "C", "DONE", "EXIT"))
        return self.state(job)


@pytest.fixture
def jobs(host):
    yield Jobs(host)
    for file in CONTROL.iterdir():
        file.unlink()


# On all of the job's hosts, the first one among them.
ON_EACH = {
    "pbspro": 'for host in $(sort -u "$PBS_NODEFILE"); do pbs_tmrsh "$host" /bin/bash "$PWD/says"; done\n',
    "torque": 'pbsdsh -u /bin/bash "$PBS_O_WORKDIR/says"\n',
    "lsf": 'blaunch -z "gx1 gx2" /bin/bash "$PWD/says"\n',
}
SLOTS = {
    "pbspro": "-l select=2:ncpus=4:mpiprocs=4",
    "torque": "-l nodes=2:ppn=4",
    "lsf": "8 -R 'span[ptile=4]'",
}


def test_a_job_runs_on_two_hosts_as_its_user(jobs):
    said(jobs.host, "cat >says", "echo said $(hostname) $(id -un) $(pwd) $HERE\n")
    script = f"#!/bin/bash\nexport HERE=here\n{ON_EACH[jobs.host]}"
    job = jobs.submit(script, slots=SLOTS[jobs.host])
    assert jobs.ended(job)[0] in ("F", "C", "DONE")
    user = f"submit{NAME}-{jobs.host}"
    # Of LSF alone, a task has the variables of who has started it.
    here = " here" if jobs.is_lsf else ""
    lines = sorted(jobs.output(job).splitlines())
    assert lines == [f"said {name} {user} {FOLDER}/home/{user}{here}" for name in ("gx1", "gx2")]


def test_a_script_has_time_when_it_is_deleted_but_for_torque(jobs):
    job = jobs.submit(f"#!/bin/bash\n{TRAPS}")
    until(lambda: jobs.state(job)[0] in ("R", "RUN"))
    # LSF interrupts first, which a shell script without a job of its own takes for its end.
    time.sleep(0.5)
    jobs.delete(job)
    state = jobs.ended(job)
    if jobs.host == "pbspro":
        # The number is that of the login shell, which does not trap.
        assert (state, jobs.output(job)) == (["F", "271"], "begun\ntold\ndone\n")
    elif jobs.host == "torque":
        assert state == ["C", "271"]
        assert "done" not in jobs.output(job)
    else:
        assert state[0] == "EXIT"


@pytest.mark.parametrize("host", ["pbspro"], indirect=True)
def test_a_job_goes_on_while_the_server_is_away(jobs):
    job = jobs.submit("sleep 2; echo ended\n")
    until(lambda: jobs.state(job)[0] in ("R", "RUN"))
    cluster("stop", "server")
    away = log_in(jobs.host, "qstat")
    assert away.returncode == 255
    assert "qstat: cannot connect to server gxm (errno=15010)" in away.stderr
    time.sleep(2)
    cluster("start", "--scheduler", jobs.host)
    assert jobs.ended(job) == ["F", "0"]
    assert jobs.output(job) == "ended\n"


@pytest.mark.parametrize("host", ["pbspro"], indirect=True)
def test_a_host_that_is_lost_takes_its_jobs_along(jobs):
    job = jobs.submit("sleep 3027\n")
    until(lambda: jobs.state(job)[0] in ("R", "RUN"))
    cluster("stop", "host-gx1")
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "sleep 3027" not in processes.splitlines()
    cluster("start", "--scheduler", jobs.host)
    assert jobs.ended(job) == ["F", "-4"]


@pytest.mark.parametrize("host", ["pbspro"], indirect=True)
def test_a_job_that_finds_no_home_is_over(jobs):
    (CONTROL / "no-home-gx1").touch()
    job = jobs.submit("echo ran\n")
    assert jobs.ended(job) == ["F", "-2"]
    assert jobs.output(job) == "Could not chdir to home directory\n"


@pytest.mark.parametrize("host", ["pbspro"], indirect=True)
def test_a_test_has_something_go_wrong(jobs):
    (CONTROL / "noise-qstat").write_text("Welcome\n")
    assert said(jobs.host, "qstat").startswith("Welcome\n")
    (CONTROL / "refuse-qstat").write_text("7\nNot now\n")
    refused = log_in(jobs.host, "qstat")
    assert refused.returncode == 7 and refused.stderr.endswith("kept.\nNot now\n"), refused
    (CONTROL / "silent-qstat").touch()
    assert log_in(jobs.host, "timeout 1 qstat").returncode == 124


def test_each_shell_knows_it_or_a_login_shell_alone(host):
    name = "bsub" if host == "lsf" else "qsub"
    program = f"{FOLDER}/stand_in/bin/{name}\n"
    assert said(host, f"command -v {name}") == program
    assert log_in(f"{host}-login-path", f"command -v {name} sbatch qconf").stdout == ""
    assert said(f"{host}-login-path", f"bash -lc 'command -v {name}'") == program


# A minute is the least that LSF knows, and at its end it waits for ten.
@pytest.mark.parametrize("host", ["pbspro", "torque"], indirect=True)
def test_a_limit_ends_a_job(jobs):
    job = said(jobs.host, "qsub -N job -j oe -l walltime=1", "sleep 300\n").strip()
    assert jobs.ended(job) in (["F", "-29"], ["C", "-11"])
    assert re.search(r"=>> PBS: job killed: walltime \d exceeded limit 1\n", jobs.output(job))


@pytest.mark.parametrize("host", ["pbspro"], indirect=True)
def test_another_scheduler_takes_no_cluster_over(host):
    command = [sys.executable, "run.py", "cluster", "start"]
    run = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    assert run.returncode != 0
    assert f"another scheduler has {FOLDER}" in run.stdout + run.stderr
    assert "4 of 4 hosts up" in cluster("status")
