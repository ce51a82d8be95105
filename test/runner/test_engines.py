"""Controller and engines: how the unedited notebook finds them, and what becomes of lost ones."""

import os
import re
import signal
import sys
import time
import venv
from pathlib import Path

import pytest

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()\nprint(rc.ids)"


def test_plain_client_and_px_run_on_all_engines_as_soon_as_they_are_there(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT,
            "%%px\nimport os\nprint(os.getcwd())",
            "rc[:].map_sync(lambda x: x * x, range(6))",
        ],
        engines=3,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.printed() == "[0, 1, 2]\n"
    printed = [output.data["text/plain"] for output in job.result.cells[1].outputs]
    assert sorted(printed) == [f"[stdout:{i}] {job.work}\n" for i in range(3)]
    assert job.result.cells[2].outputs[0].data["text/plain"] == "[0, 1, 4, 9, 16, 25]"
    assert job.json("progress")["engines"] == {"ready": 3, "wanted": 3}
    # The first cell starts at once when the last engine is registered.
    assert len(lines_with("finished registering engine", job.log("controller"))) == 3
    lines = [line[len("2026-01-01 00:00:00.000  ") :] for line in job.log("runner").splitlines()]
    at = lines.index("Cell 1 of 3")
    # Nothing else is waited for.
    awaited = ["3 of 3 engines are registered", "The kernel is ready"]
    assert sorted(lines[at - len(awaited) : at]) == awaited


def test_what_was_printed_before_output_streams_is_shown_once(new_job, interpreter):
    """As it is with %%px where the engines are quicker than the kernel."""
    job = new_job(interpreter).run(
        [
            CONNECT,
            "import time\nrun = rc[:].execute('print(42)', silent=False, block=False)\ntime.sleep(1)\n"
            "with run.stream_output():\n    run.wait()",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.log("runner")
    printed = [output.data["text/plain"] for output in job.result.cells[1].outputs]
    assert sorted(printed) == [f"[stdout:{engine}] 42\n" for engine in range(2)]


def lines_with(text, log):
    return [line for line in log.splitlines() if text in line]


SPELLINGS = [
    "import ipyparallel as ipp\nwith ipp.Cluster(n=2) as rc: print(len(rc.ids))",
    "c = ipp.Cluster(n=2)\nrc = c.start_and_connect_sync()\n"
    "print(len(rc.ids))\nc.stop_cluster_sync()",
    "rc = await ipp.Cluster().start_and_connect(n=2)\nprint(len(rc.ids))",
    "rc = ipp.Cluster(engines='mpi').start_and_connect_sync()\nprint(len(rc.ids))",
    "rc = ipp.Cluster(engines='slurm', controller='slurm', n=1).start_and_connect_sync()\n"
    "print(len(rc.ids))",
    "c = ipp.Cluster(profile='mpi', cluster_id='own', n=2)\nc.start_cluster_sync()\n"
    "rc = c.connect_client_sync()\nprint(len(rc.ids))",
    "from ipyparallel.cluster.launcher import MPIEngineSetLauncher\n"
    "rc = ipp.Cluster(engines=MPIEngineSetLauncher).start_and_connect_sync(activate=True)\n"
    "print(len(rc.ids))",
    "rc = ipp.Client(profile='mpi')\nprint(len(rc.ids))",
    "rc = ipp.Client(profile='its_own')\nprint(len(rc.ids))\nrc.shutdown(hub=True)",
    "def connect(profile='sge'): return ipp.Client(profile=profile, timeout=20)\n"
    "print(len(connect().ids))",
    "import os\nrc = ipp.Client(profile=f'{os.environ.get(\"USER\")}-cluster')\nprint(len(rc.ids))",
    "rc = ipp.Client(profile_dir='/gone/profile_slurm', sshserver='me@login')\nprint(len(rc.ids))",
    "rc = ipp.Client(cluster_id='mine')\nprint(len(rc.ids))",
    "rc = ipp.Client('~/gone/ipcontroller-client.json')\nprint(len(rc.ids))",
    "rc = ipp.Client(url_file='/gone/ipcontroller-client.json')\nprint(len(rc.ids))",
    "import json\nfile = os.environ['IPYTHONDIR'] +"
    " '/profile_default/security/ipcontroller-client.json'\n"
    "rc = ipp.Client(file)\nprint(len(rc.ids))",
    "rc = ipp.Client(json.load(open(file)))\nprint(len(rc.ids))",
    "rc = ipp.Client()\nprint(len(rc.ids))",
]


def test_every_spelling_of_a_cluster_attaches_to_the_engines_of_the_job(new_job, interpreter):
    job = new_job(interpreter).run(SPELLINGS, engines=2)
    assert job.exit["state"] == "succeeded", job.cause
    assert re.findall(r"^\d+$", job.printed(), re.MULTILINE) == ["2"] * len(SPELLINGS)
    assert "Starting 2 engines with jupyterlab-submit (they run already)\n" in job.printed()
    assert "<class" not in job.printed()


def test_notebook_that_asks_for_too_many_engines_is_told_at_once(job):
    # Whoever waited for them would do so for hours.
    waits = "ipp.Cluster(n=9, engine_timeout=10_000).start_and_connect_sync()"
    job.run([f"import ipyparallel as ipp\n{waits}"], engines=1)
    assert job.cause["ename"] == "ValueError"
    assert "asks for 9 engines, this job has 1" in job.cause["evalue"]


def test_curve_is_on_and_all_listens_on_loopback(job):
    job.run(
        [
            "import json, os\npath = os.environ['IPYTHONDIR'] + '/profile_default/security/'\n"
            "for kind in ('client', 'engine'):\n"
            "    info = json.load(open(f'{path}ipcontroller-{kind}.json'))\n"
            "    print(bool(info['curve_serverkey']), info['interface'])"
        ],
        engines=1,
    )
    assert job.printed() == "True tcp://127.0.0.1\n" * 2


def test_px_shows_no_progress_bar_and_loses_nothing(job):
    job.run(
        [CONNECT, "%%px\nimport time\nfor i in range(30):\n    print(i); time.sleep(0.1)"],
        engines=1,
    )
    (output,) = job.result.cells[1].outputs
    assert output.data["text/plain"] == "[stdout:0] " + "".join(f"{i}\n" for i in range(30))


def test_two_jobs_at_once_do_not_meet(new_job):
    jobs = [new_job(), new_job()]
    for job in jobs:
        job.write(
            [CONNECT, "print(sorted(rc[:].apply_sync(lambda: __import__('os').getcwd())))"],
            engines=2,
        )
        job.start()
    for job in jobs:
        job.wait()
        assert job.printed() == f"[0, 1]\n{[str(job.work)] * 2}\n"


def test_launcher_starts_all_engines_with_its_ranks(new_job, interpreter, tmp_path):
    launcher = tmp_path / "launcher"
    launcher.write_text(
        '#!/bin/sh\n(export RANK=1; exec "$@") & (export RANK=0; exec "$@") & wait\n'
    )
    launcher.chmod(0o700)
    job = new_job(interpreter)
    ranks = "print(rc[:].apply_sync(lambda: __import__('os').environ['RANK']))"
    job.run([CONNECT, ranks], engines=2, launch=job.launched([launcher]))
    assert job.printed() == "[0, 1]\n['0', '1']\n", job.log("engines")


def test_dead_engine_ends_the_job_and_is_told(new_job, interpreter):
    job = new_job(interpreter)
    job.write(
        [CONNECT, "%%px\nimport time\ntime.sleep(2)\nprint('slept')", "print('on')"], engines=2
    )
    job.start()
    job.wait_for(lambda: "Cell 2" in job.log("runner"))
    time.sleep(0.5)
    os.kill(job.engine(1), signal.SIGKILL)
    job.wait()
    assert job.exit["state"] == "failed"
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", [1], 2)
    assert "engine-1 was killed by signal 9" in job.log("runner")
    error = job.result.cells[1].outputs[-2:]
    assert "Engine 1 died" in str(error) and "EnginesLost" in str(error)
    assert "print('on')" not in job.printed()


def test_cell_that_waits_for_a_dead_engine_does_not_go_on_forever(job):
    job.write([CONNECT, "%%px\nimport time\ntime.sleep(1000)"], engines=2, allowErrors=True)
    job.start()
    job.wait_for(lambda: "Cell 2" in job.log("runner"))
    time.sleep(0.5)
    os.kill(job.engine(0), signal.SIGKILL)
    job.wait(20)
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", [0], 2)


def controllers(job):
    """The process ids of the controller, first its own, and of its parts. Ids begin anew at times."""
    family = [p for p, command in job.processes().items() if "ipyparallel.controller" in command]
    return sorted(family, key=lambda process: parent_of(process) in family)


def parent_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("of_the_family", [0, 1, -1], ids=["hub", "a part", "another part"])
def test_dead_controller_ends_the_job(new_job, interpreter, of_the_family):
    job = new_job(interpreter)
    job.write([CONNECT, "import time\ntime.sleep(1000)"], engines=1)
    job.start()
    job.wait_for(lambda: "Cell 2" in job.log("runner"))
    os.kill(controllers(job)[of_the_family], signal.SIGKILL)
    job.wait(20)
    assert (job.code, job.cause["engines"]) == ("engines-lost", [0])
    assert "IPController" in job.cause["log"]
    if of_the_family:
        assert "was killed by signal 9, and the controller with it" in job.log("controller")


def test_engine_that_the_hub_gives_up_is_lost(job, tmp_path):
    # Under a launcher its process is not ours to watch.
    launcher = tmp_path / "launcher"
    launcher.write_text('#!/bin/sh\n(export RANK=1; exec "$@") & RANK=0 "$@" & wait\n')
    launcher.chmod(0o700)
    unregister = (
        "import zmq, json, os\nfrom jupyter_client.session import Session\n"
        "info = json.load(open(os.environ['IPYTHONDIR'] +"
        " '/profile_default/security/ipcontroller-engine.json'))\n"
        "hub = zmq.Context().socket(zmq.DEALER)\n"
        "hub.curve_publickey, hub.curve_secretkey = zmq.curve_keypair()\n"
        "hub.curve_serverkey = info['curve_serverkey'].encode()\n"
        "hub.connect(info['interface'] + ':' + str(info['registration']))\n"
        "Session(key=b'').send(hub, 'unregistration_request', content={'id': 1})\n"
        "import time; time.sleep(60)"
    )
    job.run([CONNECT, unregister], engines=2, launch=job.launched([launcher]))
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", [1], 2)


def test_engines_that_never_come_are_told_with_their_log(job):
    job.run(
        [CONNECT],
        engines=2,
        launch=job.launched(["sh", "-c", "echo no such partition >&2; exit 3"]),
    )
    assert job.cause == {
        "code": "engines-never-came",
        "ready": 0,
        "wanted": 2,
        "log": "no such partition",
    }
    assert job.result.cells[0].outputs == []


def test_engines_that_do_not_come_in_time_are_told(job):
    queued = job.launched(["sh", "-c", "echo queued; sleep 1000"])
    job.run([CONNECT], engines=1, launch=queued, limitSeconds=8)
    assert (job.code, job.cause["log"]) == ("engines-never-came", "queued")


def test_notebook_without_ipyparallel_starts_no_engines(job):
    job.run(["import sys\nprint('ipyparallel' in sys.modules)"])
    assert job.printed() == "False\n"
    assert sorted(path.name for path in (job.folder / "logs").iterdir()) == [
        "kernel.log",
        "runner.log",
    ]


def test_engines_run_in_the_python_of_the_kernel(job, kernelspec, tmp_path):
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n')
    wrapper.chmod(0o700)
    argv = [str(wrapper), sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    metadata = kernelspec("wrapped", argv, env={"FROM_SPEC": "${HOME}"})
    where = "[__import__('os').environ.get(n) for n in ('WRAPPED', 'FROM_SPEC')]"
    job.run(
        [CONNECT, f"print({where})", f"print(rc[0].apply_sync(lambda: {where}))"],
        metadata,
        engines=1,
        kernel="notebook",
    )
    assert job.printed() == "[0]\n" + f"['yes', '{job.env['HOME']}']\n" * 2


@pytest.mark.parametrize("way", ["a shell's line", "a script of its own"])
def test_engines_run_as_a_kernel_that_something_else_starts(job, kernelspec, tmp_path, way):
    other = tmp_path / "other"
    venv.create(other)
    site = other / f"lib/python3.{sys.version_info.minor}/site-packages"
    (site / "ours.pth").write_text("\n".join(path for path in sys.path if "packages" in path))
    python = other / "bin/python"
    start = f'export W="it is 1" && exec {python} -m ipykernel_launcher -f'
    if way == "a shell's line":
        argv = ["/bin/bash", "-c", f"{start} '{{connection_file}}'"]
    else:
        (tmp_path / "start.sh").write_text(f'{start} "$2"\n')
        argv = ["/bin/bash", str(tmp_path / "start.sh"), "-f", "{connection_file}"]
    where = "[__import__('os').environ.get('W'), __import__('sys').executable]"
    job.run(
        [CONNECT, f"print({where})", f"print(rc[0].apply_sync(lambda: {where}))"],
        kernelspec("started", argv),
        engines=1,
        kernel="notebook",
    )
    assert job.printed() == "[0]\n" + f"['it is 1', '{python}']\n" * 2
    assert job.exit["notes"] == []
