"""Ranks in whose place others come: what cannot be interrupted in an MPI world is no end of the notebook."""

import os
import signal

import pytest

from test.runner.test_mpi import rank_process

START = (
    "import ipyparallel as ipp, os\ncluster = ipp.Cluster(n=2, engines='mpi')\n"
    "rc = cluster.start_and_connect_sync()\nrc[:].push({'known': 1})\n"
    "pids = rc[:].apply_sync(os.getpid)"
)
# As ipyparallel's notebook on its Cluster API has it.
WAIT_FOR_EVER = """
def uhoh():
    from mpi4py import MPI
    if MPI.COMM_WORLD.rank == 0:
        1 / 0
    MPI.COMM_WORLD.barrier()
ar = rc[:].apply_async(uhoh)
ar.wait(1)
"""
LOOK = """
def who():
    from mpi4py import MPI
    world = MPI.COMM_WORLD
    return world.rank, world.size, world.allreduce(1), 'known' in globals()
print(rc[:].apply_sync(who), rc.ids, len({*pids, *rc[:].apply_sync(os.getpid)}))
print(rc.load_balanced_view().map_sync(abs, range(4)))
"""
RESTART = "cluster.restart_engines_sync()"
RENEWED = "The engines end, and as many MPI ranks begin in their place"
SHARED = "The engines are shared with what else is connected to them, and keep what they know"
NEW = ["[(0, 2, 2, False), (1, 2, 2, False)] [0, 1] 4", "[0, 1, 2, 3]"]
SAME = ["[(0, 2, 2, True), (1, 2, 2, True)] [0, 1] 2", "[0, 1, 2, 3]"]


def told(job):
    return [line for line in job.printed().splitlines() if not line.startswith("Starting")]


def test_restarted_ranks_are_another_world_and_what_ran_is_lost(new_job, with_mpi):
    job = new_job(with_mpi)
    job.write([START, WAIT_FOR_EVER, RESTART, LOOK, "ar.get()"], engines=2, mpi=True)
    job.start().wait(100)  # two worlds begin, which takes Open MPI long on a busy machine
    assert (job.code, job.cause["cell"]) == ("cell-error", 5), job.log("runner")
    assert "Engine 1 died while running task" in str(job.result.cells[-1].outputs)
    assert told(job) == [RENEWED, *NEW]


@pytest.mark.parametrize("with_mpi", ["mpich"], indirect=True)
def test_cluster_after_one_that_waits_for_ever_begins_with_another_world(new_job, with_mpi):
    job = new_job(with_mpi)
    job.write(
        [
            START,
            WAIT_FOR_EVER,
            "cluster.stop_cluster_sync()\nrc = ipp.Cluster(n=2).start_and_connect_sync()",
            LOOK,
            "import time\ntime.sleep(1000)",
        ],
        engines=2,
        mpi=True,
    )
    job.start()
    job.wait_for(lambda: "Cell 5" in job.log("runner"))
    os.kill(rank_process(job, 1), signal.SIGKILL)
    job.wait()
    assert (job.code, job.cause["cell"]) == ("engines-lost", 5)
    interrupts = "The engines still work on something of before, which is interrupted"
    assert told(job)[-4:] == [interrupts, RENEWED, *NEW]


@pytest.mark.parametrize("with_mpi", ["mpich"], indirect=True)
def test_ranks_that_are_shared_stay(new_job, with_mpi):
    job = new_job(with_mpi)
    two = "two = ipp.Cluster(n=2).start_and_connect_sync()"
    sets = "first, *_ = cluster.engines\nawait cluster.start_engines(n=1)\n"
    job.run(
        [
            START.replace("n=2", "n=1"),
            f"{sets}await cluster.restart_engines(first)",
            LOOK,
            two,
            RESTART,
            LOOK,
            "two.cluster.stop_cluster_sync()\nawait cluster.restart_engines()",
            LOOK,
        ],
        engines=2,
        mpi=True,
    )
    assert job.exit["state"] == "succeeded", f"{job.cause}\n{job.log('runner')}"
    ends = "The engines of this job end with it."
    assert told(job) == [
        *[ends, SHARED, *SAME],
        *[SHARED, ends, ends, SHARED, *SAME],
        *[ends, RENEWED, *NEW],
    ]


@pytest.mark.parametrize("with_mpi", ["mpich"], indirect=True)
def test_ranks_that_do_not_meet_again_are_an_error_of_the_cell(new_job, with_mpi, tmp_path):
    once = tmp_path / "once"
    once.write_text(
        f'#!/bin/sh\nif mkdir {tmp_path}/used; then exec "$@"; fi\nshift 3\n"$@" & exec "$@"\n'
    )
    once.chmod(0o700)
    mpiexec = with_mpi.parent / "mpiexec"
    job = new_job(with_mpi)
    job.run(
        [START, RESTART, LOOK],
        engines=2,
        mpi=True,
        launch=job.launched([], mpiexec=False, own=[str(once), str(mpiexec), "-n", "2"]),
    )
    error, *others = [out for cell in job.result.cells for out in cell.outputs if "ename" in out]
    # The first may end before the other has come to say it.
    words, _, ranks = error.evalue.rpartition(f"{once} {mpiexec} -n 2: ")
    assert words == "The engines have ended, and no others could take their place: "
    assert ranks in ("rank 0 of 1", "2 times rank 0 of 1")
    assert [other.ename for other in others] == ["EnginesLost"]
    assert (job.code, job.cause["engines"], job.cause["cell"]) == ("engines-lost", [0, 1], 2)
    assert job.cause["log"].strip() == error.evalue
    assert told(job) == [RENEWED]
