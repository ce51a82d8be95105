"""The test cluster itself, with real daemons: the other tests rely on what it promises."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
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

# Beside those that somebody may be using, in this checkout or in another.
NAME = hashlib.sha256(os.fsencode(__file__)).hexdigest()[:8]
FOLDER = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}-{NAME}")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("SLURM")},
    "JUPYTERLAB_SUBMIT_CLUSTER": NAME,
}
HOSTS = [
    *("slurm", "slurm-tcsh", "slurm-zsh", "slurm-fish"),
    *("slurm-printing", "slurm-no-sftp", "slurm-login-path"),
]
REFUSALS = {
    "--account=chemistry": "Invalid account or account/partition combination specified",
    "--qos=forbidden": "Invalid qos specification",
    "--qos=refusing --ntasks=5": "QOSMaxCpuPerJobLimit",
    "--qos=refusing --time=16": "QOSMaxWallDurationPerJobLimit",
}


def why_not() -> str | None:
    if os.geteuid() != 0:
        return "only root can make the users of the test cluster"
    try:
        programs.demand(
            {
                **{**programs.SLURM, **programs.SSH, **programs.ACCOUNTING},
                **{**programs.FAR_NODE, **programs.DOORS},
            }
        )
    except StepFailed as failed:
        return str(failed)
    return None


pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
    # Longer than a start waits itself (dev/cluster/readiness.py), which says for what.
    pytest.mark.timeout(300),
]


# With which options all of it runs, as far as that is known.
RUNNING: list[tuple[str, ...]] = []


def cluster(*arguments: str) -> str:
    """Runs it and returns what it prints."""
    command = [sys.executable, "run.py", "cluster", *arguments]
    what, *options = arguments
    if what != "status":
        RUNNING.clear()
    run = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    said = ended(run)
    if what == "start":
        RUNNING.append(tuple(options))
    return said


def running(*options: str) -> None:
    """Starts it with these options; one that runs with them goes on."""
    if RUNNING != [options]:
        cluster("start", *options)


def ended(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def log_in(host: str, command: str) -> subprocess.CompletedProcess[str]:
    ssh = ["ssh", "-n", "-F", str(FOLDER / "ssh_config"), host, command]
    return subprocess.run(ssh, capture_output=True, text=True, timeout=60)


def slurm(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**ENVIRONMENT, "SLURM_CONF": str(FOLDER / "slurm.conf")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def until(is_so, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def ours() -> list[str]:
    """What there is of the cluster on this machine."""
    return left_of_cluster(FOLDER)


@pytest.fixture(scope="module", autouse=True)
def stopped_in_the_end():
    yield
    cluster("stop")


@pytest.fixture
def started():
    running()


@pytest.fixture
def with_doors():
    running("--doors")


def test_every_user_runs_a_job_on_four_nodes(started):
    # `sbatch --wait` looks every few seconds only.
    submit = "sbatch --nodes=4 --output=said --wrap 'srun --label id --user --name; echo over'"
    job = f"cd; {submit}; until grep -q over said; do sleep 0.1; done; cat said"
    with ThreadPoolExecutor() as pool:
        runs = pool.map(lambda host: log_in(host, f'bash -lc "{job}"'), HOSTS)
    for host, run in zip(HOSTS, runs, strict=True):
        account = f"submit{NAME}-{host.removeprefix('slurm-')}"
        assert {f"{rank}: {account}" for rank in range(4)} <= set(run.stdout.splitlines()), run
        assert "This is a cluster for tests." in run.stderr


def claims(folder: Path = FOLDER) -> dict[str, int]:
    return json.loads((folder / "claims.json").read_text())


def listener(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def test_a_daemon_that_starts_again_is_where_it_was(started):
    before = claims()
    cluster("stop", "slurmctld", "slurmd-n2", "sshd")
    cluster("start")
    assert claims() == before
    assert log_in("slurm", "cd; srun --nodes=4 true").returncode == 0


def test_a_daemon_whose_port_somebody_took_meanwhile_finds_another(started):
    before = claims()
    taken = ["slurmctld", "slurmd-n2", "sshd"]
    cluster("stop", *taken)
    listeners = [listener(before[name]) for name in taken]
    try:
        cluster("start")
        assert {name for name, port in claims().items() if port != before[name]} == set(taken)
        assert log_in("slurm", "cd; srun --nodes=4 true").returncode == 0
    finally:
        for each in listeners:
            each.close()


def test_a_port_that_is_taken_between_the_look_and_the_start_is_given_up():
    """The first ports that are found free are somebody's when the daemons come to them."""
    script = """
import json, socket
from dev import cluster
from dev.cluster import claims

def claim(daemons, alive, looked=[], ours=claims.claim):
    ours(daemons, alive)
    if not looked:
        names = ("slurmctld", "sshd-no-sftp")
        looked += [socket.create_server(("127.0.0.1", claims.port(name))) for name in names]

cluster.claim = claim
cluster.main(["start"])
"""
    cluster("stop")
    command = [sys.executable, "-c", script]
    ended(subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True))
    for host in ("slurm", "slurm-no-sftp"):
        assert log_in(host, "cd; srun --nodes=4 true").returncode == 0


def test_clusters_of_two_checkouts_run_side_by_side(tmp_path):
    """A checkout that no variable names a cluster for has one of its own."""
    copies = [tmp_path / "one", tmp_path / "two"]
    for copy in copies:
        shutil.copytree(ROOT / "dev", copy / "dev")
        shutil.copy(ROOT / "run.py", copy)
        # What is set up already.
        for name in (".venv", "node_modules"):
            (copy / name).symlink_to(ROOT / name)
    environment = {
        name: value for name, value in ENVIRONMENT.items() if name != "JUPYTERLAB_SUBMIT_CLUSTER"
    }
    script = """
import sys
from unittest import mock
from dev.cluster import logins, main
# Their jobs need no Python.
with mock.patch.object(logins, "make_jobs_python", lambda user: None):
    sys.exit(main(sys.argv[1:]))
"""

    def run(copy, *arguments):
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            cwd=copy,
            env={**environment, "PYTHONPATH": str(copy)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    try:
        starts = [run(copy, "start", "--far-node") for copy in copies]
        said = [start.communicate(timeout=100)[0] for start in starts]
        assert [start.returncode for start in starts] == [0, 0], said
        confs = [text.split("SLURM_CONF=")[1].split()[0] for text in said]
        one, two = (claims(Path(conf).parent) for conf in confs)
        assert set(one.values()) & set(two.values()) == set()
        for conf in confs:
            srun = ["srun", "--nodes=4", "printenv", "SLURM_CONF"]
            ran = subprocess.run(
                srun, env={**environment, "SLURM_CONF": conf}, capture_output=True, text=True
            )
            assert ran.stdout == f"{conf}\n" * 4, ran
    finally:
        stops = [run(copy, "stop") for copy in copies]
        assert [stop.wait(60) for stop in stops] == [0, 0]


@pytest.mark.parametrize("name", ["UPPER", "a b", "../up", "ninechars", "-1"])
def test_a_name_that_cannot_be_is_refused(name):
    command = [sys.executable, "run.py", "cluster", "status"]
    environment = {**ENVIRONMENT, "JUPYTERLAB_SUBMIT_CLUSTER": name}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 1
    assert f"JUPYTERLAB_SUBMIT_CLUSTER is '{name}', and has to be" in run.stderr


def test_shells_are_what_their_names_say(started):
    assert log_in("slurm", "command -v sbatch").stdout == "/usr/bin/sbatch\n"
    assert log_in("slurm-tcsh", "echo $shell").stdout == "/usr/bin/tcsh\n"
    assert "greets everybody.\n5" in log_in("slurm-zsh", "echo $ZSH_VERSION").stdout
    assert "greets everybody.\n/usr/bin/fish\n" in log_in("slurm-fish", "status fish-path").stdout
    printed = log_in("slurm-printing", "true")
    assert "greets everybody" in printed.stdout
    assert "complains" in printed.stderr
    assert log_in("slurm-login-path", "command -v sbatch squeue srun").stdout == ""
    assert log_in("slurm-login-path", "bash -lc 'command -v sbatch'").stdout == "/usr/bin/sbatch\n"


def test_one_server_has_no_sftp(started):
    def sftp(host):
        command = ["sftp", "-b", "-", "-F", str(FOLDER / "ssh_config"), host]
        return subprocess.run(command, input="pwd", capture_output=True, text=True)

    assert f"{FOLDER}/home/submit{NAME}-slurm" in sftp("slurm").stdout
    assert sftp("slurm-no-sftp").returncode != 0


def test_the_log_has_a_line_for_each_connection_and_command(started):
    def counted():
        log = (FOLDER / "sshd.log").read_text()
        return log.count("Connection from"), log.count("Starting session: command")

    connections, commands = counted()
    log_in("slurm", "true")
    assert counted() == (connections + 1, commands + 1)


def test_a_key_with_a_passphrase_opens_with_it(started, tmp_path):
    assert log_in("slurm-locked-key", "true").returncode != 0
    run = answer("slurm-locked-key", "opens it", tmp_path)
    assert run.stdout == f"submit{NAME}-slurm\n"


def answer(host: str, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Logs in with this text as the answer to whatever is asked, once, and tells who one is there."""
    asked = folder / "asked"
    asked.write_text(f"#!/bin/sh\necho '{text}'\n")
    asked.chmod(0o700)
    ssh = ["ssh", "-n", "-F", str(FOLDER / "ssh_config"), "-o", "NumberOfPasswordPrompts=1"]
    environment = {**os.environ, "SSH_ASKPASS": str(asked), "SSH_ASKPASS_REQUIRE": "force"}
    return subprocess.run([*ssh, host, "id -un"], env=environment, capture_output=True, text=True)


def test_the_users_python_runs_what_a_job_needs(started):
    run = log_in("slurm", "python3 -c 'import ipykernel, ipyparallel, nbclient; print(1)'")
    assert run.stdout == "1\n", run


def test_without_accounting_sacct_says_so_and_others_refuse(started):
    run = log_in("slurm", "sacct; sbatch --partition=others --wrap true")
    assert "Slurm accounting storage is disabled" in run.stderr
    assert "User's group not permitted to use this partition" in run.stderr


def test_accounting_comes_and_goes_with_its_flag(started):
    cluster("start", "--accounting")
    for options, text in REFUSALS.items():
        run = log_in("slurm", f"sbatch {options} --wrap true")
        assert text in run.stderr
    assert log_in("slurm", "cd; sbatch --wait --wrap true").returncode == 0
    until(lambda: "COMPLETED" in log_in("slurm", "sacct -X --noheader --format=State").stdout)
    cluster("start")
    assert "disabled" in log_in("slurm", "sacct").stderr
    assert "slurmdbd" not in cluster("status")


def test_jobs_go_on_while_the_controller_is_away(started):
    log_in("slurm", "cd; sbatch --job-name=goes-on --output=/dev/null --wrap 'sleep 60'")
    until(lambda: "goes-on|R" in slurm("squeue", "--format=%j|%t").stdout)
    cluster("stop", "slurmctld")
    assert slurm("scontrol", "ping").returncode != 0
    cluster("start")
    assert "goes-on|R" in slurm("squeue", "--format=%j|%t").stdout


def test_gpus_come_and_go_with_their_flag(started):
    cluster("start", "--gpus")
    assert "gpu:a100:2" in slurm("sinfo", "--noheader", "--format=%G").stdout
    cluster("start")
    assert "gpu" not in slurm("sinfo", "--noheader", "--format=%G").stdout


def test_the_far_node_has_a_network_and_a_name_of_its_own():
    cluster("start", "--far-node")
    said = log_in("slurm", "cd; srun --nodes=4 sh -c 'hostname; readlink /proc/self/ns/net'")
    lines = said.stdout.split()
    assert lines.count("submit-far") == 1
    networks = [line for line in lines if line.startswith("net:")]
    assert sorted(map(networks.count, set(networks))) == [1, 3]
    cluster("stop")
    assert not Path(f"/run/netns/submit{NAME}").exists()
    assert f"sub{NAME}n" not in Path("/proc/net/dev").read_text()


def test_doors_come_with_their_flag_and_the_machine_has_none_of_them(started):
    pam = Path("/etc/pam.d/sshd")
    before = pam.read_bytes()
    running("--doors")
    assert "sshd-tacc         runs" in cluster("status")
    assert log_in("lumi", "id -un").stdout == f"submit{NAME}-lumi\n"
    assert pam.read_bytes() == before
    # What it mounts, its own processes see.
    assert str(FOLDER) not in Path("/proc/self/mountinfo").read_text()
    shadow = [line.split(":") for line in Path("/etc/shadow").read_text().splitlines()]
    ours = [line[1] for line in shadow if line[0].startswith(f"submit{NAME}-")]
    assert len(ours) > len(HOSTS) and set(ours) == {"*"}


def test_a_code_of_a_door_lets_in_once_and_no_other_does(with_doors, tmp_path):
    password = (FOLDER / "doors/password").read_text().strip()

    def unused(door: str) -> str:
        codes = (FOLDER / "doors" / door / "codes").read_text().split()
        return next(code for code in codes if not code.startswith("#"))

    code = unused("olcf")
    assert answer("olcf", code[:-1], tmp_path).returncode == 255
    assert answer("olcf", code, tmp_path).stdout == f"submit{NAME}-olcf\n"
    assert unused("olcf") != code
    assert answer("olcf", code, tmp_path).returncode == 255
    assert answer("nersc", f"not {password}{unused('nersc')}", tmp_path).returncode == 255
    both = f"{password}{unused('nersc')}"
    assert answer("nersc", both, tmp_path).stdout == f"submit{NAME}-nersc\n"


def test_the_firewall_of_a_door_bans_who_connects_often(with_doors):
    assert [log_in("jsc", "true").returncode for _ in range(4)] == [0, 0, 0, 255]
    said = log_in("jsc", "true").stderr
    assert "Connection reset" in said
    elsewhere = ["-o", "BindAddress=127.0.0.1", "-o", "BatchMode=yes"]
    ssh = ["ssh", "-n", "-F", str(FOLDER / "ssh_config"), *elsewhere, "jsc", "true"]
    refused = subprocess.run(ssh, capture_output=True, text=True)
    assert "Permission denied (publickey)" in refused.stderr


def test_doors_go_without_their_flag(with_doors):
    running()
    assert "sshd-tacc" not in cluster("status")
    assert log_in("lumi", "true").returncode != 0


def test_stop_leaves_nothing_behind_of_doors_either(with_doors):
    log_in("lumi", "setsid --fork sleep 300 >/dev/null 2>&1")
    cluster("stop")
    assert ours() == []


def test_stop_leaves_nothing_behind(started):
    place = Path("/run/sshd")
    made_by_us = (place / FOLDER.name).exists()
    assert place.exists()
    log_in("slurm", "setsid --fork sleep 300 >/dev/null 2>&1; sbatch --nodes=4 --wrap 'sleep 301'")
    until(lambda: slurm("squeue", "--noheader", "--states=R").stdout != "")
    assert len(ours()) > 10
    cluster("stop")
    assert ours() == []
    # Another cluster may go on using it.
    assert not made_by_us or not place.exists() or list(place.iterdir()) != []
    assert not (place / FOLDER.name).exists()
    cluster("stop")
    assert ours() == []


def test_stop_and_start_cope_with_a_start_that_was_killed():
    """After so many seconds; each in a cluster of its own, as they mostly wait."""

    def cope(seconds: float) -> None:
        name = f"{NAME[:6]}{int(seconds * 10):02}"
        folder = FOLDER.with_name(f"jupyterlab-submit-cluster-{os.geteuid()}-{name}")
        environment = {**ENVIRONMENT, "JUPYTERLAB_SUBMIT_CLUSTER": name}
        command = [sys.executable, "run.py", "cluster"]

        def run(*arguments: str) -> None:
            options = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True}
            ended(subprocess.run([*command, *arguments], **options))

        def kill_start() -> None:
            start = subprocess.Popen(
                [*command, "start", "--accounting"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(seconds)
            start.send_signal(signal.SIGKILL)
            start.wait()

        try:
            kill_start()
            run("stop")
            assert left_of_cluster(folder) == [], seconds
            kill_start()
            run("start")
            ssh = ["ssh", "-n", "-F", str(folder / "ssh_config"), "slurm"]
            assert subprocess.run([*ssh, "cd; srun --nodes=4 true"]).returncode == 0, seconds
        finally:
            run("stop")
        assert left_of_cluster(folder) == [], seconds

    with ThreadPoolExecutor() as pool:
        list(pool.map(cope, [0.4, 0.9, 2]))


def test_who_is_not_root_gets_slurm_alone():
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    command = [python, "run.py", "cluster"]
    options = {
        "cwd": ROOT,
        "env": ENVIRONMENT,
        "user": "nobody",
        "group": "nogroup",
        "extra_groups": [],
    }
    run = {"capture_output": True, "text": True, **options}
    try:
        said = ended(subprocess.run([*command, "start"], **run))
        assert "No SSH server, and no users: only root can make" in said
        environment = {**ENVIRONMENT, "SLURM_CONF": said.split("SLURM_CONF=")[1].split()[0]}
        srun = ["srun", "--nodes=4", "id", "--user", "--name"]
        assert (
            ended(subprocess.run(srun, **{**run, "cwd": "/", "env": environment})) == "nobody\n" * 4
        )
    finally:
        ended(subprocess.run([*command, "stop"], **run))


def test_says_what_to_install(monkeypatch):
    monkeypatch.setattr(programs, "SEARCHED", "/nonexistent")
    with pytest.raises(StepFailed) as failed:
        programs.demand(
            {**programs.SLURM, **programs.SSH, **programs.ACCOUNTING, **programs.FAR_NODE}
        )
    for package in (
        "slurmctld",
        "munge",
        "openssh-server",
        "tcsh",
        "zsh",
        "fish",
        "slurmdbd",
        "mariadb-server-core",
    ):
        assert package in str(failed.value)
