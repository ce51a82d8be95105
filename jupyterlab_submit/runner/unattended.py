"""Inside kernel and engines: IPython's shell where nobody is there (called by their configuration).

Siblings are imported here and not later: the process forgets our modules once it has this one.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from .import_hook import PatchOnImport

STORES = ("IPython.external.pickleshare", "pickleshare")  # by IPython's version


def prepare_shell(ours: str, users: str) -> None:
    """No debugger begins by itself, and what is stored is stored whole, with the person's own.

    `ours` is the job's folder of stored things, `users` the person's.
    """
    keep_debugger_off()
    with no_debugpy(), contextlib.suppress(ImportError):
        importlib.import_module("ipykernel.debugger")  # which looks once whether there is one
    keep_all_output()

    def patch(module: Any) -> None:
        store_whole(module, ours, users)

    for name in STORES:
        if name in sys.modules:
            patch(sys.modules[name])
    sys.meta_path.insert(0, PatchOnImport({name: patch for name in STORES}))


def keep_debugger_off() -> None:
    """A debugger asks, gets no answer, and so hides the error for which it began."""
    from IPython.core.interactiveshell import InteractiveShell

    def stay_off(shell: object, wish: object) -> None:
        if wish:
            print("In a job nobody answers a debugger: pdb stays off.", file=sys.stderr)

    InteractiveShell.call_pdb = property(lambda shell: False, stay_off)


@contextlib.contextmanager
def no_debugpy() -> Iterator[None]:
    """What is imported meanwhile does without: nobody attaches a debugger to a job. A notebook may still import it.

    A sixth of what a kernel takes to start.
    """
    loaded = sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # an import of it fails
    try:
        yield
    finally:
        if not loaded:
            del sys.modules["debugpy"]


def keep_all_output() -> None:
    """ZeroMQ throws away what nobody takes in time, on a node that is busy; a kernel is to hold it instead.

    Engines do so by themselves. The limit has to be off when the socket is bound: later it stays for who
    connects (zmq_setsockopt(3)).
    """
    import zmq
    from ipykernel.kernelapp import IPKernelApp

    changed: Any = IPKernelApp
    begin = changed.init_iopub

    def init_iopub(app: IPKernelApp, context: zmq.Context[Any]) -> None:
        context.setsockopt(zmq.SNDHWM, 0)  # of sockets that are made from now on
        try:
            begin(app, context)
        finally:
            del context.sockopts[zmq.SNDHWM]  # the notebook's own are as everywhere

    changed.init_iopub = init_iopub


def store_whole(module: Any, ours: str, users: str) -> None:
    """Two jobs may store under one name at once: each file is replaced in one step."""
    store = module.PickleShareDB.__setitem__

    def __setitem__(db: Any, key: str, value: object) -> None:
        if str(db.root) == ours and not os.path.islink(ours):
            adopt(ours, users)
        part = f".{os.getpid()}.part"
        try:
            store(db, part, value)
            file = db.root / key
            file.parent.mkdir(parents=True, exist_ok=True)
            os.replace(db.root / part, file)
            db.cache[file] = (value, file.stat().st_mtime)
        finally:
            db.cache.pop(db.root / part, None)
            with contextlib.suppress(OSError):
                os.unlink(db.root / part)

    module.PickleShareDB.__setitem__ = __setitem__


def adopt(ours: str, users: str) -> None:
    """The person has never stored anything: their folder is made when something is, and not before."""
    with contextlib.suppress(OSError):
        os.makedirs(users, mode=0o700, exist_ok=True)
        if os.access(users, os.W_OK):
            os.rmdir(ours)
            os.symlink(users, ours)
