"""Engines that are MPI ranks: started in one way after the other, until they have met."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from .children import LAUNCHER_POLITE_SECONDS, Child, end_children
from .environment import environment_end, install_line
from .job import Job
from .log import log, tail
from .mpi import (
    MEET_SECONDS,
    Mpi,
    Way,
    apart_words,
    are_apart,
    have_met,
    install_mpiexec,
    mpi_of,
    no_plugin,
    reports,
    ways,
)
from .mpi_hosts import told_hosts
from .verdict import JobEnd

APART_SECONDS = 1  # for what the other ranks say, once one has not met them
WORDS = 200  # of what a launcher says, in characters
LOOK_SECONDS = 0.025  # how often it is looked what they have said
END_SECONDS = 1.5  # what ranks and their launcher get to end by themselves
FAR_END_SECONDS = 40  # the same where there are other nodes: srun itself waits for 32 s


@dataclass(frozen=True)
class World:
    """Ranks that have met: the process that has started them, and in which way."""

    launcher: Child
    way: Way
    mpi: Mpi


@dataclass(frozen=True)
class Ranks:
    """So many ranks of a job, each with this profile, an argument of an engine.

    `start` starts a launcher with these words before a rank's, `give_up` forgets one, and `check` raises JobEnd where
    nothing could come of any. `place` is a folder for what a launcher is to read.
    """

    job: Job
    wanted: int
    python: list[str]
    env: dict[str, str]
    profile: str
    start: Callable[[list[str], list[str], dict[str, str]], Child]
    give_up: Callable[[Child], None]
    check: Callable[[], None]
    place: Path

    async def meet(self) -> World | None:
        """The World of those that met; None where MPI cannot be used, and nobody asked for it; else raise JobEnd."""
        loop = asyncio.get_running_loop()
        where = (self.env, self.job.work)
        mpi = await loop.run_in_executor(None, mpi_of, self.python, *where)
        if mpi is None and self.job.mpi_asked:
            # What uses it unseen would compute alone in each engine.
            python = self.python[0]
            raise environment_end("mpi4py", python, install_line(python, ["mpi4py"]))
        if mpi is None:
            # Nothing can be computed wrongly with it: the cell that imports it says what is missing.
            log.info("MPI cannot be used in %s", self.python)
            return None
        asked = (self.job.launch, mpi, self.wanted, *where)
        told = partial(
            told_hosts,
            self.job.launch,
            mpi.library,
            wanted=self.wanted,
            env=self.env,
            place=self.place,
            directory=str(self.job.folder),
        )
        found = await loop.run_in_executor(None, lambda: ways(*asked, told))
        tried = [] if found else no_plugin(self.job.launch["mpi"])
        for way in found:
            log.info("Engines as ranks of %s, by %s", mpi.name or "MPI", way.name)
            met = await self._try(way, mpi.module)
            if isinstance(met, Child):
                return World(met, way, mpi)
            log.info("They did not meet: %s", met)
            tried.append(f"{way.name}: {met}")
        raise self._apart(mpi, tried)

    async def meet_again(self, world: World) -> World:
        """Another World, started as that one, which has ended; else raise JobEnd."""
        log.info("Once more by %s", world.way.name)
        met = await self._try(world.way, world.mpi.module)
        if isinstance(met, Child):
            return replace(world, launcher=met)
        raise self._apart(world.mpi, [f"{world.way.name}: {met}"])

    def _apart(self, mpi: Mpi, tried: list[str]) -> JobEnd:
        return JobEnd(
            "failed",
            "mpi",
            engines=self.wanted,
            library=mpi.name,
            tried=tried,
            fix="" if tried else install_mpiexec(mpi, self.python),
            log=tail(self.job.logs / "engines.log") if tried else "",
        )

    async def end(self, world: World, kill: Callable[[], None]) -> None:
        """End its launcher, and by that its ranks. `kill` ends ranks that wait for one that has ended."""
        launcher = world.launcher
        with contextlib.suppress(ProcessLookupError):
            os.killpg(launcher.process.pid, signal.SIGTERM)
        if not await ends(launcher, END_SECONDS):
            kill()
            # One that is killed leaves ranks on other nodes behind.
            await ends(launcher, FAR_END_SECONDS if self.job.launch["argv"] else END_SECONDS)
        self.give_up(launcher)
        end_children([launcher], LAUNCHER_POLITE_SECONDS)

    async def _try(self, way: Way, module: str) -> Child | str:
        """Start them in this way: the process that did when all have met, else in a few words what came of it."""
        env = {name: value for name, value in {**self.env, **way.env}.items() if value is not None}
        rank = [*self.python, self.job.program, "rank", module, str(self.wanted), self.profile]
        try:
            child = self.start(way.argv, rank, env)
        except JobEnd:
            return "cannot be started"
        deadline = time.monotonic() + MEET_SECONDS
        while True:
            over = child.is_dead or time.monotonic() > deadline
            said = reports(child.says())
            if have_met(said, self.wanted):
                return child
            self.check()
            if over:
                break
            if are_apart(said, self.wanted):
                # They end by themselves; what the others of them say is worth a moment.
                deadline = min(deadline, time.monotonic() + APART_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)
        self.give_up(child)
        end_children([child], LAUNCHER_POLITE_SECONDS)
        if said:
            return apart_words(said)
        words = child.says().strip().partition("\n")[0][:WORDS]
        ended = child.how_it_ended() if child.is_dead else f"no word in {MEET_SECONDS} s"
        return f"{ended}, {words}" if words else ended


async def ends(child: Child, seconds: float) -> bool:
    """Whether it ends within that time."""
    deadline = time.monotonic() + seconds
    while not child.is_dead and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
    return child.is_dead
