"""Controller and engines: their processes, from start to end."""

from __future__ import annotations

import asyncio
import json
import math
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .children import LAUNCHER_POLITE_SECONDS, POLITE_SECONDS, Child, end_children
from .environment import NEEDED, environment_end, what_is_missing
from .guard import Guard
from .heard import Heard
from .hub import Hub
from .ipython_directory import IPythonDirectory
from .job import READY_SECONDS, Job, with_umask
from .last_words import MOST_TOLD, excerpt, lost_words, silent_host_words, tell
from .log import log, tail
from .losses import Losses
from .nodes import (
    EngineEnd,
    Said,
    by_node,
    launch_argv,
    plan_of,
    unreached_words,
)
from .ports import HeldPorts
from .ranks import Ranks, World
from .renewal import answer
from .scale import too_few_files
from .signals import deaf
from .verdict import JobEnd

CONTROLLER_PORTS = 24  # ipyparallel 9.2 takes 18
NOT_RENEWED = "The engines have ended, and no others could take their place: {}"
LOOK_SECONDS = 0.025  # how often it is looked whether all engines are there


class Engines:
    """The controller and N engines of a job, in the Python of its kernel."""

    def __init__(
        self, job: Job, wanted: int, directory: IPythonDirectory, guard: Guard, losses: Losses
    ) -> None:
        self.wanted = wanted
        self._losses = losses
        self._job = job
        self._python: list[str] = []
        self.directory = directory
        self._guard = guard
        self._hub = Hub(directory)
        self._children: list[Child] = []
        self._nodes: Child | None = None  # what starts the engines of each node, where one does
        self._world: World | None = None  # of ranks that met
        self._renewing = False  # others are to take their place, or were to
        self._not_renewed = ""  # why they did not
        self._losing_since = math.inf  # when the first was seen of those whose loss is not told yet
        self._heard = Heard()
        self._ports = HeldPorts(0)
        self._env: dict[str, str] = {}
        self._place: str | None = None  # a folder for what a launcher of ranks is to read
        self._ranks: Ranks | None = None
        self._profile = f"--profile-dir={directory.profile}"
        # On one machine there is a single rank that is right without a launcher.
        alone = self.wanted == 1 and not job.launch["argv"]
        self.are_ranks = job.mpi and self.wanted > 0 and not alone

    def start(self, python: list[str], env: dict[str, str]) -> None:
        """Start all processes at once; engines wait for the controller's connection file."""
        if not self.wanted:
            return
        directory = self.directory
        self._python = python
        self._env = env
        self._ports = HeldPorts(CONTROLLER_PORTS)
        if too_few_files(self.wanted):
            log.warning(too_few_files(self.wanted).strip())
        profile = f"--profile-dir={directory.controller_profile}"
        ports = f"--IPController.ports={','.join(map(str, self._ports.numbers))}"
        self._spawn("controller", [*python, "-m", "ipyparallel.controller", profile, ports], env)
        if not self.are_ranks:
            self._start_plain()

    def _start_plain(self) -> None:
        """Engines that know nothing of each other, each with the id of its number."""
        launch = self._job.launch
        plan = plan_of(
            launch, self.wanted, os.environ, self._profile, str(self._job.logs), self._job.fork
        )
        if plan is None:
            self._start_each()
            return
        argv = [*self._python, self._job.program, "node", json.dumps(plan)]
        if plan["launch"] is not None:
            nodes = self._launch_argv(plan["launch"]["argv"], len(plan["counts"]))
            argv = [*nodes, *by_node(argv, self._job.umask, str(plan["rank"]))]
        self._nodes = self._spawn("engines", argv, self._env, frozenset(range(self.wanted)))

    def _start_each(self) -> None:
        """Each by the scheduler, in what it gives to one."""
        engine = [*self._python, "-m", "ipyparallel.engine", self._profile]
        launch = self._job.launch
        # The variable exists for each of the launcher's processes only.
        more = "" if launch["rank"] is None else f' "--IPEngine.id=${launch["rank"]}"'
        argv = [*self._launch_argv(launch["argv"], 0), *self._by_launcher(engine, more)]
        self._spawn("engines", argv, self._env, frozenset(range(self.wanted)))

    async def _start_ranks(self) -> None:
        """Engines as MPI ranks; plain ones where MPI cannot be used."""
        everyone = frozenset(range(self.wanted))
        # An mpiexec splits what it is told at spaces and colons: the job directory may have some.
        self._place = tempfile.mkdtemp(prefix="mpi-")
        self._ranks = Ranks(
            job=self._job,
            wanted=self.wanted,
            python=self._python,
            env=self._env,
            profile=self._profile,
            start=lambda launcher, rank, env: self._spawn(
                "engines", [*launcher, *self._by_launcher(rank)], env, everyone
            ),
            give_up=self._children.remove,
            check=self._expect_controller,
            place=Path(self._place),
        )
        self._world = await self._ranks.meet()
        if self._world is None:
            self._start_plain()

    async def renew(self) -> str:
        """Put other ranks, which have met, in the place of these; returns why they did not come, or ''."""
        if self._ranks is None or self._world is None:
            return self._not_renewed
        former, self._world = self._world, None
        self._heard, self._renewing = Heard(), True
        log.info("Other ranks take the place of these")
        try:
            await self._ranks.end(former, self._hub.kill)
            self._hub.unregister(self._hub.engines())
            await self._wait_until(lambda: self.ready == 0)
            self._world = await self._ranks.meet_again(former)
            await self._wait_until(lambda: self.ready == self.wanted)
        except JobEnd as end:
            why = end.cause or {}
            words = "; ".join(why.get("tried", ())) or why.get("log", "").strip()
            self._not_renewed = NOT_RENEWED.format(words)
            log.info(self._not_renewed)
            return self._not_renewed
        self._renewing = False
        return ""

    def _expect_controller(self) -> None:
        if self._children[0].is_dead:
            raise self.why_they_do_not_come(self._children[:1])

    def _launch_argv(self, argv: list[str], nodes: int) -> list[str]:
        return launch_argv(argv, nodes, str(self._job.folder))

    def _by_launcher(self, engine: list[str], more: str = "") -> list[str]:
        """The engine's argv under a launcher, which may have an umask of its own on other nodes."""
        script = f'{deaf()}umask {self._job.umask:04o}; exec "$@"{more}'
        return ["sh", "-c", script, "sh", *engine]

    def _spawn(
        self,
        name: str,
        argv: list[str],
        env: dict[str, str],
        engines: frozenset[int] = frozenset(),
    ) -> Child:
        path = self._job.logs / f"{name}.log"
        with open(path, "ab") as output:
            begin = output.tell()
            try:
                process = subprocess.Popen(
                    argv,
                    env=env,
                    cwd=self._job.work,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    **with_umask(self._job.umask),
                )
            except (FileNotFoundError, PermissionError, NotADirectoryError):
                raise environment_end("python", argv[0], "") from None
        self._guard.watch(process.pid)
        self._children.append(Child(name, process, path, engines, begin, argv))
        return self._children[-1]

    @property
    def ready(self) -> int:
        """How many are registered."""
        return len(self._hub.engines())

    @property
    def sharing(self) -> tuple[int, int] | None:
        """How many engines share how many GPUs of their node, where these are fewer."""
        return self._said().sharing

    async def wait_until_ready(self) -> None:
        """Return when N engines are registered; raise JobEnd when they cannot or do not come."""
        if self.are_ranks:
            await self._start_ranks()
        await self._wait_until(lambda: self.ready == self.wanted)
        self._ports.release()
        log.info("%d of %d engines are registered", self.wanted, self.wanted)
        if self._world is not None:
            answer(self.directory.security)

    async def _wait_until(self, is_so: Callable[[], bool]) -> None:
        """Return when it is; raise JobEnd when what has been started ends, or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not is_so():
            dead = [child for child in self._children if child.is_dead]
            if dead == [self._nodes] and self._began_nowhere():
                continue
            said = self._said()
            if dead or said.lost or said.unreached or time.monotonic() > deadline:
                raise self.why_they_do_not_come(dead)
            self.directory.share_connection_files()
            await asyncio.sleep(LOOK_SECONDS)

    def _said(self) -> Said:
        return self._heard.of(self._nodes, None if self._world is None else self._world.launcher)

    def _began_nowhere(self) -> bool:
        """Whether a launcher would not start one process a node, as it may for one an engine; that is begun then."""
        if not self._job.launch["argv"] or self._nodes is None or self._said().nodes:
            return False
        log.info("One process a node could not be started: %s", self._nodes.says().strip())
        self._children.remove(self._nodes)
        self._nodes = None
        self._start_each()
        return True

    def why_they_do_not_come(self, dead: Sequence[Child] = ()) -> JobEnd:
        """The JobEnd for engines that are not there, with the log of the processes that died."""
        lost = lost_words(self._said(), range(self.wanted))
        tell(dead, lost)
        unreached = [unreached_words(host) for host in self._said().unreached.values()]
        missing = what_is_missing(self._python, NEEDED["engines"]) if dead or lost else None
        silent = frozenset(range(self.wanted)) - self._hub.engines()
        return missing or JobEnd(
            "failed",
            "engines-never-came",
            ready=self.ready,
            wanted=self.wanted,
            log=too_few_files(self.wanted)
            + "".join(f"{line}\n" for line in unreached[:MOST_TOLD])
            + (self._excerpt(dead, silent) or tail(*[child.log for child in self._children[:1]])),
        )

    def lost(self, cell: int | None, wait: float = 0) -> JobEnd | None:
        """The JobEnd when an engine or the controller has died since they were ready, else None.

        None, too, where the job goes on with those that are left, and for `wait` seconds from the first sight: what
        ends one may be about to end others. `cell` is the number of the one that runs.
        """
        if self._renewing and not self._children[0].is_dead:
            return self._lost_for_others(cell)
        dead = [child for child in self._children if child.is_dead]
        known, ends = self._hub.engines(), self._said().lost
        gone = frozenset(range(self.wanted)) - known | ends.keys()
        for child in dead:
            gone |= child.engines or frozenset(range(self.wanted))
        gone -= self._losses.engines.keys()
        now = time.monotonic()
        self._losing_since = min(self._losing_since, now) if gone else math.inf
        if not gone or now - self._losing_since < wait:
            return None
        lost = lost_words(self._said(), gone)
        tell(dead, lost)
        log.info("Engines lost: %s", sorted(gone))
        has_controller = not self._children[0].is_dead
        if has_controller and gone & known:
            self._hub.unregister(gone & known)
        if has_controller and self._losses.go_on_without(
            {engine: ends.get(engine, EngineEnd()) for engine in gone}
        ):
            return None
        lost += silent_host_words(self._said(), gone)
        words = "".join(f"{line}\n" for line in lost[:MOST_TOLD])
        # The others of a world end with the first.
        named = self._said().lost if self._world else {}
        return JobEnd(
            "failed",
            "engines-lost",
            engines=sorted(named or gone),
            cell=cell,
            log=words + self._excerpt(dead, gone),
        )

    def _excerpt(self, dead: Sequence[Child], engines: frozenset[int]) -> str:
        return excerpt(self._children, dead, engines, self._job.logs)

    def _lost_for_others(self, cell: int | None) -> JobEnd | None:
        """The JobEnd when ranks have ended for others that did not come."""
        if not self._not_renewed:
            return None
        return JobEnd(
            "failed",
            "engines-lost",
            engines=list(range(self.wanted)),
            cell=cell,
            log=f"{self._not_renewed}\n",
        )

    def stop(self) -> None:
        """End them: politely, then for good."""
        end_children(self._children, LAUNCHER_POLITE_SECONDS if self._ranks else POLITE_SECONDS)
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)
