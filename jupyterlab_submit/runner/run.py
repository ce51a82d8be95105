"""The run: one job from job.json to its verdict."""

import asyncio
import json
import os
import sys
import time

from .atomic import write_atomically
from .ending import Ending
from .engines import Engines
from .environment import require, require_versions, require_versions_here
from .execution import Execution
from .guard import Guard
from .ipython_directory import IPythonDirectory
from .job import JOB_VARIABLE, Job
from .kernel import choose_kernel
from .log import log, open_log
from .mpi import without_ranks
from .notebook import not_a_notebook, read_metadata, read_notebook
from .notes import Notes
from .prefix import activated
from .progress import Progress
from .result import Result
from .signals import Signals
from .supervisor import Supervisor
from .verdict import JobEnd, runner_failed


def run_job(folder):
    """Run the job in that directory; returns the exit code, 0 when the job succeeded."""
    signals = Signals()
    signals.install()
    job = Job.read(folder)
    job.logs.mkdir(exist_ok=True)
    open_log(job.logs / "runner.log")
    os.environ[JOB_VARIABLE] = job.id  # for all that is started from here
    # A grammar that jsonschema compiles at import, for formats that no notebook has: 2 s of CPU.
    sys.modules["rfc3987_syntax"] = None
    notes = Notes(job.folder / "notes.jsonl")
    run = Run(job, signals, Guard(job), notes)
    try:
        end = asyncio.run(run.run())
    except Exception:
        log.exception("The runner failed")
        end = runner_failed()
    verdict = {
        "state": end.state,
        "cause": end.cause,
        "endedAt": time.time(),
        "ranSeconds": time.monotonic() - job.started,
        "notes": notes.all,
    }
    write_atomically(job.folder / "exit.json", json.dumps(verdict))
    return 0 if end.state == "succeeded" else 1


class Run:
    """One job from job.json to its verdict."""

    def __init__(self, job, signals, guard, notes):
        self._job = job
        self._signals = signals
        self._guard = guard
        self._notes = notes
        self._text = None  # the notebook's file
        self._kernel = None
        self._directory = None
        self._engines = None
        self._execution = None
        self._result = None
        self._progress = None
        self._supervisor = None
        self._ending = None

    async def run(self):
        """Run the job; returns its verdict, a JobEnd, when result and processes are in order."""
        try:
            env = self._prepare()
            self._open_notebook()
        except JobEnd as end:
            return await self._finish(end)
        cells = asyncio.ensure_future(self._execute(env))
        watch = asyncio.ensure_future(self._supervisor.run())
        await asyncio.wait({cells, watch}, return_when=asyncio.FIRST_COMPLETED)
        if cells.done():
            end = await self._ending.true_cause(end_of(cells))
        else:
            end = await self._ending.end_cells(cells, end_of(watch))
        watch.cancel()
        return await self._finish(end)

    def _prepare(self):
        """Choose the kernel, and start the engines; returns the environment that the kernel gets, too."""
        job = self._job
        try:
            self._text = (job.work / job.notebook).read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            raise not_a_notebook(error) from None
        self._kernel = choose_kernel(job.kernel, read_metadata(self._text), self._notes)
        self._directory = IPythonDirectory(job)
        wanted = job.engines if self._kernel.is_python else 0
        # nbclient starts the kernel by jupyter_client; other Pythons say what they have when it runs.
        theirs = self._packages(wanted) if self._kernel.python == [sys.executable] else []
        require_versions_here(["nbclient", "jupyter_client", *theirs])
        self._engines = Engines(job, wanted, self._directory, self._guard)
        self._directory.write(self._engines.wanted)
        env = {
            # Without what whoever has submitted this job was told by an MPI launcher.
            **activated({**without_ranks(os.environ), **self._kernel.env}, self._kernel.python),
            **{name: value for name, value in self._kernel.env.items() if name != "PATH"},
            "IPYTHONDIR": str(self._directory.path),
            "IPP_ENABLE_CURVE": "1",
        }
        env["JPY_SESSION_NAME"] = str(job.work / job.notebook)  # as Jupyter says it: __session__
        if self._engines.wanted:
            env["PATH"] = os.pathsep.join([str(self._directory.programs), env.get("PATH", "")])
        env.pop("JPY_PARENT_PID", None)  # a Jupyter server that this job has nothing to do with
        self._progress = Progress(
            job.folder / "progress.json", job.started, self._engines.wanted, self._notes
        )
        self._progress.write()
        log.info("Starting %d engines and the kernel: %s", self._engines.wanted, self._kernel.argv)
        if self._kernel.python:
            self._engines.start(self._kernel.python, env)
        return env

    def _open_notebook(self):
        require("nbclient")
        notebook = read_notebook(self._text)
        self._result = Result(self._job.folder / "result.ipynb", notebook, self._job.save_seconds)
        self._result.save()
        self._execution = Execution(self._job, self._kernel, self._directory, self._result)
        self._ending = Ending(self._job, self._signals, self._engines, self._execution)
        self._supervisor = Supervisor(
            self._signals,
            self._engines,
            self._execution,
            self._result,
            self._progress,
            self._ending,
        )

    async def _execute(self, env):
        """Raises JobEnd, with state succeeded at the end of the notebook."""
        if self._engines.wanted and not self._kernel.python:
            self._engines.start(*await self._start_kernel(env))
            await self._engines.wait_until_ready()
        else:
            await all_or_none(self._start_kernel(env), self._engines.wait_until_ready())
        self._progress.phase = "running"
        await self._execution.run(self._ending)
        if self._execution.failed_cells:
            log.info("%d cells failed, which this job allows", self._execution.failed_cells)
        raise JobEnd("succeeded")

    @staticmethod
    def _packages(engines):
        """What the Python of kernel and engines has to have, as people install it."""
        return ["ipykernel", "ipyparallel"] if engines else ["ipykernel"]

    async def _start_kernel(self, env):
        """Start the kernel; returns the Python and the environment for engines that start after it."""
        await self._execution.start(env, self._guard)
        if not self._kernel.is_python or self._kernel.python == [sys.executable]:
            return self._kernel.python, env
        found = await self._execution.where_it_runs(self._packages(self._engines.wanted))
        if found is not None:
            require_versions(found[0], found[2])
        if self._kernel.python or not self._engines.wanted:
            return self._kernel.python, env
        if found is None:
            self._notes.add("engines-elsewhere", python=sys.executable)
            return [sys.executable], env
        python, kernels, _ = found
        log.info("The kernel runs in %s, and so do the engines", python)
        return [python], {
            **kernels,
            **{name: env[name] for name in ("IPYTHONDIR", "IPP_ENABLE_CURVE")},
        }

    async def _finish(self, end):
        log.info("The end: %s %s", end.state, json.dumps(end.cause))
        if self._progress is not None:
            self._progress.phase = "finishing"
            self._progress.write()
        if self._result is not None:
            self._ending.explain(end)
            self._execution.settle()
            saving = asyncio.wrap_future(self._result.save())
            if end.state != "succeeded":
                await self._execution.stop(at_once=True)  # what runs in it must not wait for a disk
            elif not await saving:
                end = runner_failed()
            if not await saving:
                self._notes.add("result-not-saved")
            await self._execution.stop(at_once=end.state != "succeeded")
        if self._engines is not None:
            self._engines.stop()
        log.info("Kernel and engines have ended")
        return end


def end_of(task):
    """The JobEnd that a task has raised."""
    error = task.exception()
    if isinstance(error, JobEnd):
        return error
    log.error("The runner failed", exc_info=error)
    return runner_failed()


async def all_or_none(*coroutines):
    """Wait for all; when one fails, the others are cancelled."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
