"""What launchers say when a rank has died, as they said it: the ranks are numbers 2 and 11."""

import pytest

from jupyterlab_submit.runner.rank_ends import rank_ends, rank_words

SRUN = """\
3: MPI rank 3 of 4
srun: error: n2: task 2: Killed
slurmstepd: error: *** STEP 7.0 ON n1 CANCELLED AT 2026-11-30T06:10:11 ***
srun: error: n1: tasks 0-1: Terminated
srun: error: n2: task 3: Terminated
"""
SRUN_TOGETHER = "srun: error: n4: tasks 2,11-13: Segmentation fault (core dumped)\n"
SRUN_CODE = "srun: error: n2: task 2: Exited with exit code 3\n"
SRUN_OTHER = "srun: error: n2: task 2: Out Of Memory\n"
PRTE = """\
--------------------------------------------------------------------------
prterun noticed that process rank 2 with PID 14659 on node vm exited on
signal 9 (Killed).
--------------------------------------------------------------------------
"""
ORTE = (
    "mpirun noticed that process rank 11 with PID 0 on node n3 exited on signal 11 "
    "(Segmentation fault).\n"
)
PRTE_CODE = """\
prterun detected that one or more processes exited with non-zero status,
thus causing the job to be terminated. The first process to do so was:

   Process name: [prterun-vm-15421@1,2]
   Exit code:    3
"""
HYDRA = """\
===================================================================================
=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
=   PID 19643 RUNNING AT n2
=   EXIT CODE: {number}
=   CLEANING UP REMAINING PROCESSES
=   YOU CAN IGNORE THE BELOW CLEANUP MESSAGES
===================================================================================
YOUR APPLICATION TERMINATED WITH THE EXIT STRING: {name} (signal {number})
"""
OTHER = "srun: error: n2: task 2: Something that a newer Slurm says\n"
TOLD = f"{rank_words(1, 19642, 'all CPUs')}\n{rank_words(2, 19643, 'CPUs 1,2')}\n"
SEGFAULT = HYDRA.format(number=11, name="Segmentation fault")


PROXY = "srun: error: n4: task 3: Exited with exit code 7\n"


def words(text, by_srun):
    return {engine: end.words(engine) for engine, end in rank_ends(text, by_srun).items()}


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (SRUN, {2: "engine-2 on n2 was killed by signal 9"}),
        (SRUN_CODE, {2: "engine-2 on n2 ended with exit code 3"}),
        (SRUN_OTHER, {2: "engine-2 on n2 was killed by signal 9"}),
        # With labels, so says a rank, and not srun.
        ("2: srun: error: n2: task 2: Killed\n", {}),
        (OTHER, {}),
        ("", {}),
    ],
)
def test_rank_that_ended_first_is_named_by_srun(text, ends):
    assert words(text, by_srun=True) == ends


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (PRTE, {2: "engine-2 on vm was killed by signal 9"}),
        (ORTE, {11: "engine-11 on n3 was killed by signal 11"}),
        (PRTE_CODE, {2: "engine-2 ended with exit code 3"}),
        (TOLD + SEGFAULT, {2: "engine-2 on n2 was killed by signal 11"}),
        # A process of the same number on another node: it is not known which.
        (TOLD + rank_words(3, 19643, "all CPUs") + "\n" + SEGFAULT, {}),
        # MPICH's mpiexec ends the others by KILL, and may name one of these.
        (TOLD + HYDRA.format(number=9, name="Killed"), {}),
        ("", {}),
    ],
)
def test_rank_that_ended_first_is_named_by_an_mpiexec(text, ends):
    assert words(text, by_srun=False) == ends
    # Its own process of a node is no rank, whoever has started it there.
    assert words(PROXY + text + PROXY, by_srun=False) == ends


def test_ranks_that_ended_together_are_all_named():
    ends = words(SRUN_TOGETHER, by_srun=True)
    assert list(ends) == [2, 11, 12, 13]
    assert ends[12] == "engine-12 on n4 was killed by signal 11"
