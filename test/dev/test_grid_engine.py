"""The Grid Engine among the test clusters, with real daemons: the tests of its adapter rely on what it promises."""

from __future__ import annotations

import hashlib
import os
import re
import signal
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
START = ["start", "--scheduler", "sge"]
HOSTS = ["gx1", "gx2", "gx3", "gx4"]
# Each host says who it is, in a folder for temporary files that others of this name do not share.
SAYS = 'touch "$TMPDIR/$(hostname)"; echo "said $(hostname) $NSLOTS $(id -un)" $(ls "$TMPDIR" | grep -x "gx.")\n'
# qrsh has a shell run what it is given: a script and plain words only.
ON_EACH = """while read -r host slots rest; do
  qrsh -inherit -nostdin "$host" /bin/bash "$PWD/says" </dev/null &
done <"$PE_HOSTFILE"
wait
"""


def why_not() -> str | None:
    if os.geteuid() != 0:
        return "only root can make the hosts and users of the Grid Engine"
    try:
        programs.demand(programs.GRID_ENGINE)
    except StepFailed as failed:
        return str(failed)
    return None


pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def run_cluster(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", "cluster", *arguments]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)


def cluster(*arguments: str) -> str:
    """Runs it and returns what it prints."""
    run = run_cluster(*arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def log_in(command: str, host: str = "sge", text: str = "") -> subprocess.CompletedProcess[str]:
    ssh = ["ssh", "-F", str(SSH_CONFIG), host, command]
    return subprocess.run(ssh, input=text, capture_output=True, text=True, timeout=120)


def said(command: str, host: str = "sge", text: str = "") -> str:
    run = log_in(command, host, text)
    assert run.returncode == 0, run
    return run.stdout


def until(is_so, seconds: float = 60, pause: float = 0.2) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(pause)


def state(job: str) -> str:
    """As qstat has it; none when it has no such job."""
    found = re.search(rf"^ *{job} (?:\S+ +){{3}}(\S+)", said("qstat"), re.MULTILINE)
    return found[1] if found else ""


def sleeps(seconds: str) -> int:
    """How many of our jobs' processes do."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True)
    return found.stdout.splitlines().count(f"sleep {seconds}")


def ours() -> list[str]:
    """What there is of the cluster on this machine."""
    namespaces = map(str, Path("/run/netns").glob(f"submit{NAME}-*"))
    return [*left_of_cluster(FOLDER), *namespaces]


@pytest.fixture(scope="module", autouse=True)
def stopped_in_the_end():
    yield
    cluster("stop")


@pytest.fixture
def started():
    return cluster(*START)


def test_the_machine_sees_neither_its_hosts_nor_its_networks():
    hosts = Path("/etc/hosts").read_bytes()
    devices = [line.split()[0] for line in Path("/proc/net/dev").read_text().splitlines()]
    cluster("stop")
    cluster(*START)
    assert Path("/etc/hosts").read_bytes() == hosts
    now = [line.split()[0] for line in Path("/proc/net/dev").read_text().splitlines()]
    assert set(now) <= set(devices)
    assert str(FOLDER) not in Path("/proc/self/mountinfo").read_text()
    assert said("hostname; getent hosts gx4") == "gxm\n10.77.0.5       gx4\n"


def test_a_second_start_leaves_everything_as_it_runs(started):
    notes = {file: file.read_text() for file in FOLDER.glob("*.started")}
    assert len(notes) == 6
    assert cluster(*START) == started
    assert {file: file.read_text() for file in FOLDER.glob("*.started")} == notes
    assert "4 of 4 hosts up" in cluster("status")


def test_a_job_of_16_slots_runs_on_four_hosts(started):
    user = f"submit{NAME}-sge"
    said("cat >says", text=SAYS)
    said("cat >job", text=ON_EACH)
    told = said(
        "qsub -terse -sync y -S /bin/bash -cwd -pe orte 16 -j y -o told job >&2 && cat told"
    )
    lines = sorted(line for line in told.splitlines() if line.startswith("said"))
    assert [line.split()[1] for line in lines] == HOSTS, told
    # The job's own host counts all of its slots.
    assert sorted(line.split()[2] for line in lines) == ["16", "4", "4", "4"]
    assert all(line.split()[3:] == [user, line.split()[1]] for line in lines), lines


@pytest.mark.parametrize(
    ("name", "slots", "expected"),
    [
        ("orte", 6, [1, 1, 2, 2]),
        ("mpi", 6, [2, 4]),
        ("smp", 4, [4]),
        ("mpi4", 8, [4, 4]),
    ],
)
def test_a_parallel_environment_spreads_slots_by_its_rule(started, name, slots, expected):
    submit = f"qsub -terse -sync y -S /bin/bash -cwd -pe {name} {slots} -j y -o {name}"
    told = said(f"{submit} >&2 && cat {name}", text='cat "$PE_HOSTFILE"\n')
    assert sorted(int(line.split()[1]) for line in told.splitlines()) == expected, told


def test_a_queue_has_a_limit_and_another_has_none(started):
    limits = said("qconf -sq all.q short.q | grep -E '^(qname|h_rt|notify)'").split()
    assert limits == [
        *("qname", "all.q", "notify", "00:00:05", "h_rt", "INFINITY"),
        *("qname", "short.q", "notify", "00:00:05", "h_rt", "00:05:00"),
    ]
    assert "no suitable queues" in log_in("qsub -w e -l h_rt=600 -q short.q -b y true").stderr


def test_each_shell_knows_it_or_a_login_shell_alone(started):
    find = "command -v qsub qstat qdel qconf qacct qrsh | wc -l; echo ${SGE_ROOT-none}"
    root = f"{FOLDER}/sge"
    assert said(find).split() == ["6", root]
    assert said(f"bash -lc '{find}'").split() == ["6", root]
    assert said(find, "sge-login-path").split() == ["0", "none"]
    assert said(f"bash -lc '{find}'", "sge-login-path").split() == ["6", root]
    assert log_in("command -v sbatch").stdout == ""


def test_jobs_have_a_python_with_what_they_need(started):
    python = started.split("Python for their jobs: ")[1].split()[0]
    job = "qsub -terse -sync y -S /bin/bash -cwd -j y -o python >&2; cat python"
    run = f"{python} -c 'import ipykernel, ipyparallel, nbclient; print(1)'\n"
    assert said(job, text=run) == "1\n"


def test_a_job_goes_on_while_qmaster_is_away(started):
    job = said("qsub -terse -cwd -j y -o ended", text="sleep 8; echo ended").strip()
    until(lambda: state(job) == "r")
    cluster("stop", "qmaster")
    away = log_in("qstat")
    assert away.returncode == 1
    assert "unable to send message to qmaster using port" in away.stderr
    assert run_cluster("status").returncode == 3
    until(lambda: log_in("cat ended").stdout == "ended\n")
    cluster(*START)
    until(lambda: state(job) == "")
    assert "exit_status  0" in said(f"qacct -j {job}")


def test_a_host_that_is_stopped_takes_its_jobs_along_and_comes_back(started):
    submit = "qsub -terse -cwd -q all.q@gx2 -j y -o /dev/null"
    job = said(submit, text="sleep 3026\n").strip()
    until(lambda: state(job) == "r")
    assert sleeps("3026") == 1
    cluster("stop", "execd-gx2")
    assert sleeps("3026") == 0
    assert state(job) == "r"
    cluster(*START)
    until(lambda: state(job) == "")
    assert said(f"{submit} -sync y -b y true").strip().startswith(str(int(job) + 1))


def test_another_cluster_runs_beside_it(started):
    other = {**ENVIRONMENT, "JUPYTERLAB_SUBMIT_CLUSTER": NAME[::-1]}
    command = [sys.executable, "run.py", "cluster"]
    job = said("qsub -terse -pe orte 16", text="sleep 60").strip()
    until(lambda: state(job) == "r")
    try:
        run = subprocess.run(
            [*command, *START], cwd=ROOT, env=other, capture_output=True, text=True
        )
        assert run.returncode == 0, run
        config = run.stdout.split("ssh -F ")[1].split()[0]
        ssh = ["ssh", "-n", "-F", config, "sge", "qstat; qsub -sync y -pe orte 16 -b y true"]
        ran = subprocess.run(ssh, capture_output=True, text=True)
        assert "Job 1 exited with exit code 0" in ran.stdout, ran
    finally:
        assert subprocess.run([*command, "stop"], cwd=ROOT, env=other).returncode == 0
    assert state(job) == "r"
    said(f"qdel {job}")


def test_slurm_takes_no_cluster_of_a_grid_engine_over(started):
    refused = run_cluster("start")
    assert refused.returncode != 0
    assert f"another scheduler has {FOLDER}" in refused.stdout + refused.stderr
    assert "4 of 4 hosts up" in cluster("status")


def test_options_of_slurm_are_refused():
    refused = run_cluster(*START, "--accounting")
    assert refused.returncode == 2
    assert "it takes no other options" in refused.stderr


def test_stop_leaves_nothing_behind(started):
    log_in("setsid --fork sleep 300 >/dev/null 2>&1")
    job = said("qsub -terse -cwd -pe orte 16", text="sleep 301").strip()
    until(lambda: state(job) == "r")
    assert len(ours()) > 10
    cluster("stop")
    assert ours() == []
    cluster("stop")
    assert ours() == []


BEGUN = ["hosts", "sge/default/common/bootstrap", "qmaster.started", "execd-gx2.started"]


@pytest.fixture(params=BEGUN)
def killed(request):
    """A start that is killed as soon as this file is there."""
    cluster("stop")
    command = [sys.executable, "run.py", "cluster", *START]
    start = subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until((FOLDER / request.param).exists, pause=0.002)
    start.send_signal(signal.SIGKILL)
    assert start.wait() == -signal.SIGKILL


def test_stop_copes_with_a_start_that_was_killed(killed):
    cluster("stop")
    assert ours() == []


def test_start_copes_with_a_start_that_was_killed(killed):
    cluster(*START)
    assert said("qsub -terse -sync y -cwd -pe orte 16 -b y true").strip() != ""


def test_says_what_to_install(monkeypatch):
    monkeypatch.setattr(programs, "SEARCHED", "/nonexistent")
    with pytest.raises(StepFailed) as failed:
        programs.demand(programs.GRID_ENGINE)
    for package in ("gridengine-master", "gridengine-exec", "gridengine-client", "mailutils"):
        assert package in str(failed.value)
