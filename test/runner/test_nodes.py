"""Engines that are children of one process a node: what it is told, what it says, and what each engine gets."""

import ast
import os
import signal
import subprocess
import sys
import time

import pytest

from jupyterlab_submit.runner.nodes import counts_of, launch_argv, plan_of, read
from jupyterlab_submit.runner.shares import shares
from test.runner.test_engines import CONNECT, parent_of

EACH = {"rank": ["PROCID"], "local": ["LOCALID"], "all": ["NTASKS"], "job": ["PER_TASK", "LAYOUT"]}
NODES = {
    "argv": ["launch", "-n", "{nodes}"],
    "name": "NODE",
    "engines": "LAYOUT",
    "hosts": None,
    "cpus": "ON_NODE",
    "bound": {"BOUND": ".", "SHARES": "(?:^|,)(?!cpu[:=])[^,]"},
    "each": EACH,
}
LAUNCH = {"argv": ["launch"], "rank": "PROCID", "nodes": NODES, "mpi": None}


def planned(launch, wanted, **env):
    return plan_of(launch, wanted, env, "--profile-dir=p", "logs", fork=True)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("4", [4]),
        ("4(x3),2", [4, 4, 4, 2]),
        ("13,1(x3)", [13, 1, 1, 1]),
        ("", []),
        ("four", []),
        ("4(x3", []),
    ],
)
def test_layout_as_slurm_writes_it(text, counts):
    assert counts_of(text) == counts


def test_process_of_each_node_is_told_how_many_engines_all_of_them_have():
    plan = planned(LAUNCH, 6, LAYOUT="4,2", PER_TASK="3")
    assert (plan["counts"], plan["rank"]) == ([4, 2], "PROCID")
    assert plan["job"] == {"PER_TASK": "3", "LAYOUT": "4,2"}
    assert launch_argv([*NODES["argv"], "{directory}"], 2, "/job") == ["launch", "-n", "2", "/job"]


@pytest.mark.parametrize("shares", ["", "cpu:2", "cpu=2"])
def test_sizes_of_a_task_bind_no_engine(shares):
    assert planned(LAUNCH, 6, LAYOUT="4,2", SHARES=shares)["counts"] == [4, 2]


def test_engines_of_one_machine_are_its_own_affair():
    plan = planned({"argv": [], "rank": None, "nodes": None, "mpi": None}, 3)
    assert (plan["counts"], plan["rank"], plan["launch"]) == ([3], None, None)


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"LAYOUT": "4,1"},
        {"LAYOUT": "?"},
        {"LAYOUT": "4,2", "BOUND": "1"},
        {"LAYOUT": "4,2", "SHARES": "cpu=1,gres/gpu=1"},
    ],
    ids=["no layout", "another number", "not to be read", "bound by the scheduler", "a GPU each"],
)
def test_the_scheduler_starts_each_engine_where_nodes_are_not_known(env):
    assert planned(LAUNCH, 6, **env) is None


def test_ends_are_told_with_their_node_where_there_are_several():
    said = read(
        "node 0 is n1: engines 0 to 1\nsrun: error: n2: task 1: Killed\nnode 1 is n2: engines 2 to 3\n"
        "engine 1 is process 7: all CPUs\nengine 1 was killed by signal 9\nnode 1 ended with 137\n"
    )
    assert said.nodes == 2
    assert words(said) == {
        1: "engine-1 on n1 was killed by signal 9",
        2: "engine-2 on n2 ended with the process that started it",
        3: "engine-3 on n2 ended with the process that started it",
    }
    assert words(read("node 0 is n1: engines 0 to 1\nengine 1 ended with exit code 3\n")) == {
        1: "engine-1 ended with exit code 3"
    }


def test_node_that_never_began_is_told_with_its_host():
    said = read(
        'node 0 is gx1: engines 0 to 3\nerror: executing task of job 3 failed: execution daemon on host "gx2" '
        "didn't accept task\nnode 1 on gx2 ended with 1\nnode 2 is gx3: engines 8 to 9\nnode 2 on gx3 ended with 137\n"
    )
    assert said.unreached == {1: "gx2"}
    assert words(said) == {
        8: "engine-8 on gx3 ended with the process that started it",
        9: "engine-9 on gx3 ended with the process that started it",
    }


def words(said):
    return {engine: end.words(engine) for engine, end in said.lost.items()}


def shared(env, allowed=(), counts=(2, 2), node=1, core_of=lambda cpu: cpu):
    plan = {"counts": list(counts), "launch": NODES, "job": {"PER_TASK": "3", "LAYOUT": None}}
    return shares(plan, node, env, allowed, core_of)


def test_each_engine_finds_what_it_would_find_by_itself():
    assert [share.variables for share in shared({})] == [
        {"PER_TASK": "3", "LAYOUT": None, "PROCID": str(2 + i), "LOCALID": str(i), "NTASKS": "4"}
        for i in range(2)
    ]


@pytest.mark.parametrize(
    ("devices", "engines", "parts"),
    [
        ("0,1", 2, ["0", "1"]),
        ("4,5,6,7", 2, ["4,5", "6,7"]),
        ("0,1,2", 2, ["0", "1"]),
        ("0,1", 5, ["0", "1", "0", "1", "0"]),
        ("3", 2, ["3", "3"]),
        ("0,1,2,3", 1, ["0,1,2,3"]),
        ("GPU-a,GPU-b", 2, ["GPU-a", "GPU-b"]),
    ],
)
def test_gpus_are_shared_out(devices, engines, parts):
    env = {"CUDA_VISIBLE_DEVICES": devices, "ROCR_VISIBLE_DEVICES": devices}
    found = shared(env, counts=[engines], node=0)
    assert [share.gpus for share in found] == parts
    for name in env:
        assert [share.variables[name] for share in found] == parts


def test_cores_are_shared_out_whole_where_the_scheduler_confines_its_jobs():
    # CPUs 0 and 4 are threads of one core, as are 1 and 5, ...
    found = shared({"ON_NODE": "8"}, range(8), core_of=lambda cpu: cpu % 4)
    assert [share.cpus for share in found] == [[0, 4, 1, 5], [2, 6, 3, 7]]
    assert str(found[0]) == "CPUs 0,4,1,5"


@pytest.mark.parametrize(("on_node", "allowed"), [("4", 8), (None, 8), ("1", 1)])
def test_no_engine_is_bound_where_others_may_be_on_the_same_cores_or_there_are_too_few(
    on_node, allowed
):
    env = {} if on_node is None else {"ON_NODE": on_node}
    assert [share.cpus for share in shared(env, range(allowed))] == [[], []]


def test_engines_are_forked_from_one_python_and_are_processes_of_their_own(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT,
            "%%px\nimport os, random, sys, uuid\nfrom pathlib import Path\n"
            "name = Path('/proc/self/comm').read_text().strip()",
            "rc[:].apply_sync(lambda: (os.getpid(), os.getpgid(0), os.getppid()))",
            "rc[:]['name']",
            "len(set(rc[:].apply_sync(lambda: random.random())))",
            "len(set(rc[:].apply_sync(lambda: str(uuid.uuid4()))))",
            "rc[:].apply_sync(lambda: (Path(sys.argv[0]).parts[-3:], sys.path[:3]))[0]",
            "rc[:].apply_sync(lambda: __import__('debugpy').__name__)",
            "%%px\nimport atexit\natexit.register(lambda: open(f'ended-{os.getpid()}', 'w').close())",
        ],
        engines=3,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    texts = [cell.outputs[0].data["text/plain"] for cell in job.result.cells[2:8]]
    pids, groups, parents = zip(*ast.literal_eval(texts[0]), strict=True)
    assert (len(set(pids)), groups, len(set(parents))) == (3, pids, 1)
    assert pids == tuple(
        int(line.split()[4].rstrip(":"))
        for line in job.log("engines").splitlines()
        if " is process " in line
    )
    assert texts[1:4] == ["['ipengine-0', 'ipengine-1', 'ipengine-2']", "3", "3"]
    # As `python -m ipyparallel.engine` has them.
    as_stock = (("ipyparallel", "engine", "__main__.py"), ["", "", str(job.work)])
    assert ast.literal_eval(texts[4]) == as_stock
    assert texts[5] == str(["debugpy"] * 3)
    assert all((job.work / f"ended-{pid}").exists() for pid in pids)


def test_engines_are_pythons_of_their_own_where_the_settings_say_so(job):
    job.run(
        [CONNECT, "rc[:].apply_sync(lambda: open('/proc/self/cmdline').read().split(chr(0))[1:3])"],
        engines=2,
        fork=False,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.result.cells[1].outputs[0].data["text/plain"].count("'ipyparallel.engine'") == 2
    assert "One process an engine: as the settings say" in job.log("engines")


def test_engines_end_with_the_process_that_started_them(job):
    job.write([CONNECT, "%%px\nimport time\ntime.sleep(1000)"], engines=2)
    job.start()
    job.wait_for(lambda: "Cell 2" in job.log("runner"))
    engines = [job.engine(0), job.engine(1)]
    os.kill(parent_of(engines[0]), signal.SIGKILL)
    job.wait(20)
    assert (job.code, job.cause["engines"]) == ("engines-lost", [0, 1])
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{pid}") for pid in engines) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(os.path.exists(f"/proc/{pid}") for pid in engines)


def test_signals_that_are_for_the_script_are_ignored_by_engines_too(tmp_path):
    asked = (
        "import os, signal\n"
        "from jupyterlab_submit.runner import node\n"
        f"node.prepare(0, os.getppid(), {str(tmp_path / 'log')!r})\n"
        "print([signal.getsignal(each) == signal.SIG_IGN for each in (signal.SIGUSR1, signal.SIGUSR2)])\n"
    )
    for trap, ignored in (
        ("", "[False, False]"),
        ("trap '' USR1; ", "[False, False]"),
        ("trap '' USR1 USR2; ", "[True, True]"),
    ):
        # A child, as `prepare` begins a session.
        subprocess.run(["bash", "-c", f'{trap}"$0" -c "$1"; :', sys.executable, asked], check=True)
        assert (tmp_path / "log").read_text().splitlines()[-1] == ignored
