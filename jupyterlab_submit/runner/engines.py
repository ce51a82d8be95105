"""Controller and engines: their processes, from start to end."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .environment import NEEDED, environment_end, what_is_missing
from .hub import Hub
from .job import READY_SECONDS, with_umask
from .log import log, tail
from .ports import HeldPorts
from .verdict import JobEnd

CONTROLLER_PORTS = 24  # ipyparallel 9.2 takes 18
LOOK_SECONDS = 0.025  # how often it is looked whether all engines are there


@dataclass
class Child:
    """A process of ours: `name` for people, the engines that end with it, and its log."""

    name: str
    process: subprocess.Popen
    log: Path
    engines: frozenset = frozenset()

    @property
    def is_dead(self):
        return self.process.poll() is not None

    def how_it_ended(self):
        code = self.process.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


class Engines:
    """The controller and N engines of a job, in the Python of its kernel."""

    def __init__(self, job, wanted, directory, guard):
        self.wanted = wanted
        self._job = job
        self._python = None
        self._directory = directory
        self._guard = guard
        self._hub = Hub(directory)
        self._children = []
        self._ports = HeldPorts(0)

    def start(self, python, env):
        """Start all processes at once; engines wait for the controller's connection file."""
        if not self.wanted:
            return
        directory = self._directory
        self._python = python
        self._ports = HeldPorts(CONTROLLER_PORTS)
        profile = f"--profile-dir={directory.controller_profile}"
        ports = f"--IPController.ports={','.join(map(str, self._ports.numbers))}"
        self._spawn("controller", [*python, "-m", "ipyparallel.controller", profile, ports], env)
        engine = [*python, "-m", "ipyparallel.engine", f"--profile-dir={directory.profile}"]
        if self._job.launch:
            argv = [*self._job.launch, *self._ranked(engine)]
            self._spawn("engines", argv, env, frozenset(range(self.wanted)))
            return
        for i in range(self.wanted):
            self._spawn(f"engine-{i}", [*engine, f"--IPEngine.id={i}"], env, frozenset([i]))

    def _ranked(self, engine):
        """The engine's argv, with the id that the launcher gives each of its processes.

        A launcher may have an umask of its own on other nodes.
        """
        variable = self._job.engine_id_variable
        ranked = "" if variable is None else f' "--IPEngine.id=${variable}"'
        command = f'umask {self._job.umask:04o}; exec "$@"{ranked}'
        return ["sh", "-c", command, "sh", *engine]

    def _spawn(self, name, argv, env, engines=frozenset()):
        path = self._job.logs / f"{name}.log"
        with open(path, "wb") as output:
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
        self._children.append(Child(name, process, path, engines))

    @property
    def ready(self):
        """How many are registered."""
        return len(self._hub.engines())

    async def wait_until_ready(self):
        """Return when N engines are registered; raise JobEnd when they cannot or do not come."""
        deadline = time.monotonic() + READY_SECONDS
        while self.ready < self.wanted:
            dead = [child for child in self._children if child.is_dead]
            if dead or time.monotonic() > deadline:
                raise self.why_they_do_not_come(dead)
            self._directory.share_connection_files()
            await asyncio.sleep(LOOK_SECONDS)
        self._ports.release()
        log.info("%d of %d engines are registered", self.wanted, self.wanted)

    def why_they_do_not_come(self, dead=()):
        """The JobEnd for engines that are not there, with the log of the processes that died."""
        for child in dead:
            log.info("%s %s", child.name, child.how_it_ended())
        missing = dead and what_is_missing(self._python, NEEDED["engines"])
        silent = [child for child in self._children if child.engines - self._hub.engines()]
        return missing or JobEnd(
            "failed",
            "engines-never-came",
            ready=self.ready,
            wanted=self.wanted,
            log=tail(*[child.log for child in (dead or silent)[:3]])
            or tail(*[child.log for child in self._children[:1]]),
        )

    def lost(self):
        """The JobEnd when an engine or the controller has died since they were ready, else None."""
        dead = [child for child in self._children if child.is_dead]
        gone = frozenset(range(self.wanted)) - self._hub.engines()
        for child in dead:
            gone |= child.engines or frozenset(range(self.wanted))
        if not gone:
            return None
        for child in dead:
            log.info("%s %s", child.name, child.how_it_ended())
        if dead and not self._children[0].is_dead:
            self._hub.unregister(gone)
        logs = [child.log for child in dead] or [
            child.log for child in self._children if child.engines & gone
        ]
        return JobEnd(
            "failed", "engines-lost", engines=sorted(gone), cell=None, log=tail(*logs[:3])
        )

    def stop(self):
        """End them: politely, then for good. Takes at most a second."""
        for number, seconds in ((signal.SIGTERM, 0.7), (signal.SIGKILL, 0.3)):
            for child in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, number)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and not all(c.is_dead for c in self._children):
                time.sleep(0.02)
