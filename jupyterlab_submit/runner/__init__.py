"""Execute one notebook beside its engines, inside a batch job, on a machine with none of our code.

The job's script starts this program, packed into one file, in the job directory. It reads
`job.json`, starts an ipyparallel controller, N engines and the notebook's kernel at the same time,
executes the notebook as soon as the N engines are registered, and keeps in the job directory, each
file replaced in one step:

    result.ipynb    the notebook so far: after each cell, and every few seconds within one
    progress.json   cell i of n, engines k of N, times
    exit.json       the verdict, written last: state, cause, time
    logs/           runner.log, kernel.log, controller.log, engine-<i>.log, cell-<n>.txt

`ipython/` is a private IPYTHONDIR, through which the unedited notebook finds this job's engines and
no other's. A second, tiny process of this program, the guard, ends whatever is left when the runner
has ended, however that came about. All Pythons of the job load `attach.py` once they import
ipyparallel, and kernel and engines `unattended.py`; `attached.py` stands for `ipcluster` and its
like in a cell.

Needs Python 3.8 and packages no older than `versions.py` says; CurveZMQ is always on. What is not
in the standard library is imported only where it is used, so that its absence can be told.
"""
