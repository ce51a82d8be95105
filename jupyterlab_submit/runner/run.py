"""The run: one job from job.json to its verdict."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .atomic import write_atomically
from .environment import require_versions
from .guard import Guard
from .job import JOB_VARIABLE, Job
from .kept_room import RESULT_BYTES, VERDICT_BYTES, KeptRoom
from .kernel_client import KernelClient, Where
from .log import log, open_log
from .no_room import lacks, lacks_in, numbers
from .notes import Notes
from .parts import Parts, assemble, packages
from .renewal import renew_when_asked
from .signals import Signals
from .supervisor import supervise
from .verdict import JobEnd, runner_failed

if TYPE_CHECKING:
    from .no_room import Lacks

First = TypeVar("First")
Second = TypeVar("Second")


def run_job(folder: Path) -> int:
    """Run the job in that directory; returns the exit code, 0 when the job succeeded."""
    signals = Signals()
    signals.install()
    job = Job.read(folder)
    job.logs.mkdir(exist_ok=True)
    open_log(job.logs / "runner.log")
    os.environ[JOB_VARIABLE] = job.id  # for all that is started from here
    # What jsonschema imports for formats that no notebook has; a grammar that it compiles takes 2 s of CPU.
    for name in ("rfc3987_syntax", "rfc3986_validator", "isoduration", "webcolors"):
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails
    notes = Notes(job.folder / "notes.jsonl")
    guard = Guard(job)
    verdict_file = job.folder / "exit.json"
    kept = KeptRoom(verdict_file, VERDICT_BYTES)
    try:
        end = asyncio.run(verdict_of(job, guard, signals, notes))
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
    tell_verdict(verdict_file, json.dumps(verdict), kept)
    return 0 if end.state == "succeeded" else 1


def tell_verdict(path: Path, text: str, kept: KeptRoom) -> None:
    """Write it, in the room that was kept for it if there is no other."""
    try:
        write_atomically(path, text)
    except OSError as error:
        if lacks(error) is None:
            raise
        kept.give_back()
        write_atomically(path, text)
    kept.give_back()


async def verdict_of(job: Job, guard: Guard, signals: Signals, notes: Notes) -> JobEnd:
    """Run the job; returns its verdict when result and processes are in order."""
    with contextlib.ExitStack() as started:
        try:
            parts = assemble(job, guard, signals, notes, started)
        except JobEnd as why_not:
            end = why_not
            tell(end)
        else:
            end = await Run(parts, job.folder).run()
    log.info("Kernel and engines have ended")
    return end


class Run:
    """A run of which all parts are there, from the kernel's start to its end."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self._parts = parts
        self._folder = folder
        self._lacked: Lacks | None = None  # what the result found no other room in, at the end

    async def run(self) -> JobEnd:
        """Run the notebook; returns the verdict when result and kernel are in order."""
        ending = self._parts.ending
        self._keeping = asyncio.get_running_loop().run_in_executor(
            None, KeptRoom, self._parts.result.path, RESULT_BYTES
        )
        cells = asyncio.ensure_future(self._execute())
        watching: Coroutine[Any, Any, Any] = supervise(self._parts)
        if self._parts.engines.are_ranks:
            watching = all_or_none(watching, renew_when_asked(self._parts.engines))
        watch = asyncio.ensure_future(watching)
        await asyncio.wait({cells, watch}, return_when=asyncio.FIRST_COMPLETED)
        if cells.done():
            end = await ending.true_cause(end_of(cells))
        else:
            end = await ending.end_cells(cells, end_of(watch))
        watch.cancel()
        return await self._finish(end)

    async def _execute(self) -> NoReturn:
        """Raises JobEnd, with state succeeded at the end of the notebook."""
        engines, execution = self._parts.engines, self._parts.execution
        if engines.wanted and not self._parts.kernel.python:
            client, where = await self._start_kernel()
            self._start_engines(where)
            await engines.wait_until_ready()
        else:
            (client, _), _ = await all_or_none(self._start_kernel(), engines.wait_until_ready())
        if engines.sharing is not None:
            several, gpus = engines.sharing
            self._parts.notes.add("gpus-shared", engines=several, gpus=gpus)
        if engines.are_ranks:
            self._parts.shared.note()
        self._parts.progress.phase = "running"
        await execution.run(client, self._parts.ending)
        if execution.failed_cells:
            log.info("%d cells failed, which this job allows", execution.failed_cells)
        raise JobEnd("succeeded")

    async def _start_kernel(self) -> tuple[KernelClient, Where | None]:
        """Start the kernel; returns what speaks with it, and where it says that it runs where it was asked."""
        kernel, engines = self._parts.kernel, self._parts.engines
        client = await self._parts.execution.start(self._parts.env, self._parts.guard)
        if not kernel.is_python or kernel.python == [sys.executable]:
            return client, None
        where = await client.where_it_runs(packages(engines.wanted))
        if where is not None:
            require_versions(where.python, where.versions)
        return client, where

    def _start_engines(self, where: Where | None) -> None:
        """Start engines in the Python of a kernel of which only it knows which one that is."""
        env = self._parts.env
        if where is None:
            self._parts.notes.add("engines-elsewhere", python=sys.executable)
            self._parts.engines.start([sys.executable], env)
            return
        log.info("The kernel runs in %s, and so do the engines", where.python)
        ours = {name: env[name] for name in ("IPYTHONDIR", "IPP_ENABLE_CURVE")}
        self._parts.engines.start([where.python], {**where.env, **ours})

    async def _finish(self, end: JobEnd) -> JobEnd:
        """Save the result and end the kernel; returns the verdict, another one where that fails."""
        execution = self._parts.execution
        tell(end)
        if self._parts.engines.are_ranks:
            self._parts.shared.note()
        self._parts.progress.finish()
        self._parts.ending.explain(end)
        self._parts.losses.tell_rest()
        execution.settle()
        saving = asyncio.ensure_future(self._save_at_last())
        if end.state != "succeeded":
            await execution.stop(at_once=True)  # what runs in it must not wait for a disk
        elif not await saving:
            end = runner_failed()
        if not await saving:
            self._parts.notes.add("result-not-saved")
        await self._note_room(end)
        await execution.stop(at_once=end.state != "succeeded")
        return end

    async def _save_at_last(self) -> bool:
        """Save the result, in the room that was kept for it if there is no other; returns whether that worked."""
        result = self._parts.result
        saved = await asyncio.wrap_future(result.save())
        self._lacked = result.lacks
        (await self._keeping).give_back()
        if self._lacked is not None:
            saved = await asyncio.wrap_future(result.save())
        return saved

    async def _note_room(self, end: JobEnd) -> None:
        """Note that there was no room left, for the result or in the cell that ended the run."""
        what = self._lacked
        if what is None and end.code == "cell-error" and end.cause is not None:
            what = lacks_in(end.cause["evalue"])
        if what is not None:
            folder = self._folder
            told = await asyncio.get_running_loop().run_in_executor(None, numbers, folder)
            self._parts.notes.add("no-room", lacks=what, folder=str(folder), numbers=told)


def tell(end: JobEnd) -> None:
    cause = "" if end.cause is None else f" {json.dumps(end.cause)}"
    log.info("The end: %s%s", end.state, cause)


def end_of(task: asyncio.Future[Any]) -> JobEnd:
    """The JobEnd that a task has raised."""
    error = task.exception()
    if isinstance(error, JobEnd):
        return error
    log.error("The runner failed", exc_info=error)
    return runner_failed()


async def all_or_none(
    first: Coroutine[Any, Any, First], second: Coroutine[Any, Any, Second]
) -> tuple[First, Second]:
    """Wait for both; when one fails, the other is cancelled."""
    tasks = asyncio.ensure_future(first), asyncio.ensure_future(second)
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
