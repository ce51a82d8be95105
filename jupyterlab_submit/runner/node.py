"""The engines of one node: a Python that imports what an engine needs once, and forks them.

Runs in the engines' Python. It is the parent of its node's engines to their end: it says how each of them
ended, on its standard output, which a launcher carries to the runner at once.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from .launch import Plan
from .nodes import engine_words, node_words, sharing_words
from .shares import Share, core_of, shares
from .signals import FOR_THE_SCRIPT, reach_all
from .unattended import no_debugpy

# What an engine imports, at once or with its first cell: what was imported before the fork is in memory
# once. mpi4py would initialize MPI, and torch may not be forked once it has computed.
IMPORTS = (
    "ipyparallel.engine.app",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "unicodedata",
    "ipykernel.debugger",
    "pydoc",
    "sqlite3",
    "tornado.platform.asyncio",
)

STOPS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
# A warning before the time limit, which is the runner's, is passed on to all by some launchers.
SIGNALS = {*STOPS, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2}
END_SECONDS = 0.5  # what engines get to end by themselves
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # prctl(2)


def run_node(text: str) -> None:
    """Start this node's engines, and stay until they have ended or TERM comes. `text`: a Plan (nodes.py)."""
    plan: Plan = json.loads(text)
    node = int(os.environ[plan["rank"]]) if plan["rank"] else 0
    first = sum(plan["counts"][:node])
    count = plan["counts"][node]
    if count == 0:
        return
    name = os.environ.get(plan["launch"]["name"]) if plan["launch"] else None
    say(node_words(node, name or socket.gethostname(), range(first, first + count)))
    why_not = fork_hindrance() if plan["fork"] else "as the settings say"
    if why_not:
        say(f"One process an engine: {why_not}")
    own = shares(plan, node, os.environ, allowed_cpus(), core_of)
    gpus = len({share.gpus for share in own})
    if own[0].gpus and gpus < count:
        say(sharing_words(count, gpus))
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    engines: dict[int, int] = {}  # by process id
    for share in own:
        engine = first + len(engines)
        process = start(engine, share, plan, why_not is None)
        say(f"engine {engine} is process {process}: {share}")
        engines[process] = engine
    sys.exit(watch(engines))


def allowed_cpus() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def fork_hindrance() -> str | None:
    """Import what engines need; why they may not be forked from here afterwards, or None.

    A thread does not live on in a fork, and what it has locked stays so.
    """
    with no_debugpy():
        for name in IMPORTS:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    keep_modules(sys.argv[0])
    gc.collect()
    gc.freeze()  # a child that collects garbage looks at what it has made itself, and copies no pages of ours for it
    try:
        threads = len(os.listdir("/proc/self/task"))
    except OSError:
        return "this system does not say whether forking is safe"
    return f"{threads - 1} threads are there already" if threads > 1 else None


def keep_modules(program: str) -> None:
    """Import what the configuration of engines calls, and keep it where only that finds it (ipython_directory.py).

    The archive has sources alone, which each engine would compile.
    """
    for name in ("engine_signals", "handshakes", "unattended"):
        importlib.import_module(f"{__package__}.{name}")
    kept: Any = types.ModuleType(program)
    kept.modules = {name: module for name, module in sys.modules.items() if is_ours(name)}
    sys.modules[program] = kept


def is_ours(name: str) -> bool:
    return name.split(".")[0] == __package__


def start(engine: int, share: Share, plan: Plan, is_forked: bool) -> int:
    """Start an engine as a child; returns its process id. Only in the child it does not return."""
    parent = os.getpid()
    process = os.fork()
    if process:
        return process
    prepare(engine, parent, f"{plan['logs']}/engine-{engine}.log")
    share.apply()
    arguments = [plan["profile"], f"--IPEngine.id={engine}"]
    if is_forked:
        reseed()
        become_engine(arguments)
        sys.exit()
    python = [sys.executable, "-m", "ipyparallel.engine"]
    os.execv(sys.executable, [*python, *arguments])


def prepare(engine: int, parent: int, log: str) -> None:
    """In the child: what a process of its own would have from its start."""
    os.setsid()
    control(PR_SET_NAME, f"ipengine-{engine}".encode())  # in ps and top
    control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    ignored = set(FOR_THE_SCRIPT) if reach_all() else set()
    for number in SIGNALS - {signal.SIGINT}:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def control(option: int, value: int | bytes) -> None:
    """prctl(2), where there is one."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def reseed() -> None:
    """Random numbers of its own; Python's `random` sees to it by itself."""
    for name, function in (("numpy.random", "seed"), ("torch", "seed")):
        if name in sys.modules:
            getattr(sys.modules[name], function)()


def become_engine(arguments: list[str]) -> None:
    """As `python -m ipyparallel.engine`, so that the notebook's own modules are found and ours are not."""
    sys.path[0] = os.getcwd()
    for name in list(filter(is_ours, sys.modules)):
        del sys.modules[name]
    sys.argv = ["ipengine", *arguments]
    runpy.run_module("ipyparallel.engine", run_name="__main__", alter_sys=True)


def watch(engines: dict[int, int]) -> int:
    """Say how each of them ends, by process id; returns when all have, or after ending them at a signal."""
    while engines:
        number = signal.sigwait(SIGNALS)
        if number == signal.SIGCHLD:
            reap(engines, lambda engine, code: say(engine_words(engine, code)))
        elif number in STOPS:
            end(engines)
            return 0
    return 1


def end(engines: dict[int, int]) -> None:
    for number, seconds in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, END_SECONDS)):
        for process in engines:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + seconds
        while engines and time.monotonic() < deadline:
            signal.sigtimedwait({signal.SIGCHLD}, max(0.0, deadline - time.monotonic()))
            reap(engines, lambda engine, code: None)


def reap(engines: dict[int, int], told: Callable[[int, int], None]) -> None:
    while engines:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            engines.clear()
            return
        if process == 0:
            return
        engine = engines.pop(process, None)
        if engine is not None:
            told(engine, -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def say(line: str) -> None:
    """In one write, so that the words of two nodes do not mix."""
    os.write(1, f"{line}\n".encode())
