"""The Grid Engine among the test clusters, with real daemons: the tests of its adapter rely on what it promises."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dev.cluster import programs
from dev.place import ROOT
from dev.step import StepFailed
from test.dev.left_of_cluster import left_of_cluster

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


class Cluster:
    """A cluster beside those that somebody may be using, in this checkout or in another."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}-{name}")
        self.started: str | None = None  # what its start has said, while all of it runs

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        """`run.py cluster` with these words."""
        return subprocess.Popen(
            [sys.executable, "run.py", "cluster", *arguments],
            cwd=ROOT,
            env={**os.environ, "JUPYTERLAB_SUBMIT_CLUSTER": self.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Its exit code, and what it prints."""
        run = self.popen(*arguments)
        output, _ = run.communicate()
        return run.returncode, output

    def start(self) -> str:
        code, self.started = self.run(*START)
        assert code == 0, self.started
        return self.started

    def stop(self, *daemons: str) -> None:
        self.started = None
        code, output = self.run("stop", *daemons)
        assert code == 0, output

    def status(self) -> str:
        return self.run("status")[1]

    def log_in(
        self, command: str, host: str = "sge", text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        ssh = ["ssh", "-F", str(self.folder / "ssh_config"), host, command]
        return subprocess.run(ssh, input=text, capture_output=True, text=True, timeout=120)

    def said(self, command: str, host: str = "sge", text: str = "") -> str:
        run = self.log_in(command, host, text)
        assert run.returncode == 0, run
        return run.stdout

    def left(self) -> list[str]:
        """What there is of it on this machine."""
        namespaces = map(str, Path("/run/netns").glob(f"submit{self.name}-*"))
        return [*left_of_cluster(self.folder), *namespaces]


NAME = hashlib.sha256(os.fsencode(__file__)).hexdigest()[:7]
CLUSTER = Cluster(NAME)
log_in, said = CLUSTER.log_in, CLUSTER.said


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


@pytest.fixture(scope="module", autouse=True)
def stopped_in_the_end():
    yield
    CLUSTER.stop()


@pytest.fixture
def started():
    """What its start has said: one that runs goes on."""
    return CLUSTER.started or CLUSTER.start()


def test_the_machine_sees_neither_its_hosts_nor_its_networks():
    hosts = Path("/etc/hosts").read_bytes()
    devices = [line.split()[0] for line in Path("/proc/net/dev").read_text().splitlines()]
    CLUSTER.stop()
    CLUSTER.start()
    assert Path("/etc/hosts").read_bytes() == hosts
    now = [line.split()[0] for line in Path("/proc/net/dev").read_text().splitlines()]
    assert set(now) <= set(devices)
    assert str(CLUSTER.folder) not in Path("/proc/self/mountinfo").read_text()
    assert said("hostname; getent hosts gx4") == "gxm\n10.77.0.5       gx4\n"


def test_a_second_start_leaves_everything_as_it_runs(started):
    notes = {file: file.read_text() for file in CLUSTER.folder.glob("*.started")}
    assert len(notes) == 6
    assert CLUSTER.start() == started
    assert {file: file.read_text() for file in CLUSTER.folder.glob("*.started")} == notes
    assert "4 of 4 hosts up" in CLUSTER.status()


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


def test_a_parallel_environment_spreads_slots_by_its_rule(started):
    expected = {
        ("orte", 6): [1, 1, 2, 2],
        ("mpi", 6): [2, 4],
        ("smp", 4): [4],
        ("mpi4", 8): [4, 4],
    }
    said("cat >says.hosts", text='cat "$PE_HOSTFILE"\n')
    submit = "qsub -terse -sync y -S /bin/bash -cwd -j y"
    jobs = [f"{submit} -pe {name} {slots} -o {name} says.hosts >&2" for name, slots in expected]
    said(" && ".join(jobs))
    for (name, _), slots in expected.items():
        told = said(f"cat {name}")
        assert sorted(int(line.split()[1]) for line in told.splitlines()) == slots, (name, told)


def test_a_queue_has_a_limit_and_another_has_none(started):
    limits = said("qconf -sq all.q short.q | grep -E '^(qname|h_rt|notify)'").split()
    assert limits == [
        *("qname", "all.q", "notify", "00:00:05", "h_rt", "INFINITY"),
        *("qname", "short.q", "notify", "00:00:05", "h_rt", "00:05:00"),
    ]
    assert "no suitable queues" in log_in("qsub -w e -l h_rt=600 -q short.q -b y true").stderr


def test_each_shell_knows_it_or_a_login_shell_alone(started):
    find = "command -v qsub qstat qdel qconf qacct qrsh | wc -l; echo ${SGE_ROOT-none}"
    root = f"{CLUSTER.folder}/sge"
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
    until_told = "until [ -e end ]; do sleep 0.1; done; echo ended"
    job = said("qsub -terse -cwd -j y -o ended", text=until_told).strip()
    until(lambda: state(job) == "r")
    CLUSTER.stop("qmaster")
    away = log_in("qstat")
    assert away.returncode == 1
    assert "unable to send message to qmaster using port" in away.stderr
    assert CLUSTER.run("status")[0] == 3
    said("touch end; until grep -q ended ended; do sleep 0.1; done")
    CLUSTER.start()
    until(lambda: state(job) == "")
    assert "exit_status  0" in said(f"qacct -j {job}")


def test_a_host_that_is_stopped_takes_its_jobs_along_and_comes_back(started):
    submit = "qsub -terse -cwd -q all.q@gx2 -j y -o /dev/null"
    job = said(submit, text="sleep 3026\n").strip()
    until(lambda: state(job) == "r")
    assert sleeps("3026") == 1
    CLUSTER.stop("execd-gx2")
    assert sleeps("3026") == 0
    assert state(job) == "r"
    CLUSTER.start()
    until(lambda: state(job) == "")
    assert said(f"{submit} -sync y -b y true").strip().startswith(str(int(job) + 1))


def test_another_cluster_runs_beside_it(started):
    job = said("qsub -terse -pe orte 16", text="sleep 60").strip()
    until(lambda: state(job) == "r")
    other = Cluster(NAME[::-1])
    try:
        other.start()
        ran = other.said("qstat; qsub -sync y -pe orte 16 -b y true")
        assert "Job 1 exited with exit code 0" in ran, ran
    finally:
        other.stop()
    assert state(job) == "r"
    said(f"qdel {job}")


def test_slurm_takes_no_cluster_of_a_grid_engine_over(started):
    code, output = CLUSTER.run("start")
    assert code != 0
    assert f"another scheduler has {CLUSTER.folder}" in output
    assert "4 of 4 hosts up" in CLUSTER.status()


def test_options_of_slurm_are_refused():
    code, output = CLUSTER.run(*START, "--accounting")
    assert code == 2
    assert "it takes no other options" in output


def test_stop_leaves_nothing_behind(started):
    log_in("setsid --fork sleep 300 >/dev/null 2>&1")
    job = said("qsub -terse -cwd -pe orte 16", text="sleep 301").strip()
    until(lambda: state(job) == "r")
    assert len(CLUSTER.left()) > 10
    CLUSTER.stop()
    assert CLUSTER.left() == []
    CLUSTER.stop()
    assert CLUSTER.left() == []


BEGUN = ["hosts", "sge/default/common/bootstrap", "qmaster.started", "execd-gx2.started"]


def test_stop_and_start_cope_with_a_start_that_was_killed():
    """As soon as one of these files is there; each in a cluster of its own, as they mostly wait."""

    def cope(number: int) -> None:
        one = Cluster(f"{NAME}{number}")
        try:
            kill_start(one, BEGUN[number])
            one.stop()
            assert one.left() == [], BEGUN[number]
            kill_start(one, BEGUN[number])
            one.start()
            assert one.said("qsub -terse -sync y -cwd -pe orte 16 -b y true").strip() != ""
        finally:
            one.stop()

    with ThreadPoolExecutor() as pool:
        list(pool.map(cope, range(len(BEGUN))))


def kill_start(one: Cluster, begun: str) -> None:
    start = one.popen(*START)
    until((one.folder / begun).exists, pause=0.002)
    start.send_signal(signal.SIGKILL)
    assert start.wait() == -signal.SIGKILL


def test_says_what_to_install(monkeypatch):
    monkeypatch.setattr(programs, "SEARCHED", "/nonexistent")
    with pytest.raises(StepFailed) as failed:
        programs.demand(programs.GRID_ENGINE)
    for package in ("gridengine-master", "gridengine-exec", "gridengine-client", "mailutils"):
        assert package in str(failed.value)
