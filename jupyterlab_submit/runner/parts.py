"""The parts of a run, made in one go."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass

from .ending import Ending
from .engines import Engines
from .environment import require, require_versions_here
from .execution import Execution
from .guard import Guard
from .ipython_directory import IPythonDirectory
from .job import Job
from .kernel import Kernel, choose_kernel
from .log import log
from .losses import Losses
from .mpi import without_ranks
from .notebook import not_a_notebook, read_metadata, read_notebook
from .notes import Notes
from .prefix import activated
from .progress import Progress
from .python_hook import with_hook
from .result import Result
from .shared_memory import SharedMemory
from .signals import Signals


@dataclass(frozen=True)
class Parts:
    """What a run is made of. Engines have been started where `kernel` tells their Python."""

    guard: Guard
    signals: Signals
    notes: Notes
    kernel: Kernel
    env: dict[str, str]  # of the kernel, and of engines that start before it
    engines: Engines
    losses: Losses
    shared: SharedMemory
    progress: Progress
    result: Result
    execution: Execution
    ending: Ending


def assemble(
    job: Job, guard: Guard, signals: Signals, notes: Notes, started: contextlib.ExitStack
) -> Parts:
    """Choose the kernel, start the engines, open the notebook; raises JobEnd.

    What has been started by then, `started` ends, whether all of it was or not.
    """
    try:
        text = (job.work / job.notebook).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise not_a_notebook(error) from None
    kernel = choose_kernel(job.kernel, read_metadata(text), notes)
    directory = IPythonDirectory(job)
    wanted = job.engines if kernel.is_python else 0
    # nbclient starts the kernel by jupyter_client; other Pythons say what they have when it runs.
    theirs = packages(wanted) if kernel.python == [sys.executable] else []
    require_versions_here(["nbclient", "jupyter_client", *theirs])
    losses = Losses(wanted, job.allow_lost_engines, directory, notes)
    engines = Engines(job, wanted, directory, guard, losses)
    shared = SharedMemory(job.id)
    started.callback(shared.free)  # the last
    started.callback(engines.stop)
    directory.write(wanted)
    env = environment(job, kernel, directory, wanted)
    progress = Progress(job.folder / "progress.json", job.started, wanted, notes)
    progress.write()
    started.callback(progress.finish)
    log.info("Starting %d engines and the kernel: %s", wanted, kernel.argv)
    if kernel.python:
        engines.start(kernel.python, env)
    # While they start.
    require("nbclient")
    result = Result(job.folder / "result.ipynb", read_notebook(text), job.save_seconds)
    result.save()
    execution = Execution(job, kernel, directory, result, losses)
    ending = Ending(job, signals, engines, execution)
    return Parts(
        guard=guard,
        signals=signals,
        notes=notes,
        kernel=kernel,
        env=env,
        engines=engines,
        losses=losses,
        shared=shared,
        progress=progress,
        result=result,
        execution=execution,
        ending=ending,
    )


def packages(engines: int) -> list[str]:
    """What the Python of kernel and engines has to have, as people install it."""
    return ["ipykernel", "ipyparallel"] if engines else ["ipykernel"]


def environment(
    job: Job, kernel: Kernel, directory: IPythonDirectory, engines: int
) -> dict[str, str]:
    """The variables that the kernel gets."""
    env = {
        # Without what whoever has submitted this job was told by an MPI launcher.
        **activated({**without_ranks(os.environ), **kernel.env}, kernel.python),
        **{name: value for name, value in kernel.env.items() if name != "PATH"},
        "IPYTHONDIR": str(directory.path),
        "IPP_ENABLE_CURVE": "1",
    }
    env["JPY_SESSION_NAME"] = str(job.work / job.notebook)  # as Jupyter says it: __session__
    if engines:
        env["PATH"] = os.pathsep.join([str(directory.programs), env.get("PATH", "")])
        env["PYTHONPATH"] = with_hook(directory.hook, env.get("PYTHONPATH", ""))
    env.pop("JPY_PARENT_PID", None)  # a Jupyter server that this job has nothing to do with
    return env
