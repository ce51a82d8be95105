"""Inside kernel, engines and programs of cells: ipyparallel attaches to the job's engines.

Called by their configuration, and by every Python of the job (`python_hook.py`). Siblings are imported
here and not later: the process forgets our modules once it has this one.
"""

from __future__ import annotations

import functools
import sys
from typing import Any

from .attach_clients import attach_clients
from .attach_clusters import attach_clusters, attach_launchers
from .engine_errors import DEATH, error_lines
from .engine_use import EngineUse
from .handshakes import connect_clients
from .import_hook import PatchOnImport


def attach(engines: int, security: str, work: str) -> None:
    """Make every spelling of `ipyparallel` use the job's `engines`, when it is imported.

    `security` is the folder of the connection files, `work` the working directory. Costs nothing in a
    process that never imports ipyparallel; a second call changes nothing.
    """
    if any(getattr(finder, "attaches", False) for finder in sys.meta_path):
        return
    use = EngineUse(engines, security, work)
    patch = PatchOnImport(
        {
            "ipyparallel.cluster.launcher": lambda module: attach_launchers(module, use),
            "ipyparallel.cluster.cluster": lambda module: attach_clusters(module, use),
            "ipyparallel.client.client": lambda module: take_clients(module, use),
            "ipyparallel.client.asyncresult": name_parents,
            "ipyparallel.client.magics": silence_progress_bar,
            "ipyparallel.error": name_errors,
        }
    )
    patch.attaches = True
    sys.meta_path.insert(0, patch)


def take_clients(module: Any, use: EngineUse) -> None:
    """Clients hear all that engines say, and find the job's."""
    connect_clients(module)
    attach_clients(module, use)


def silence_progress_bar(module: Any) -> None:
    """It writes ten lines a second. Not by -1, with which %%px loses output (seen in 9.2)."""
    if hasattr(module, "ParallelMagics"):
        module.ParallelMagics.progress_after_seconds = 1e9


def name_parents(module: Any) -> None:
    """What engines have printed before it streams, ipyparallel hands on without saying what for.

    Up to 8.4 it fails there (seen with %%px on a busy machine); later, one engine's takes the place
    of another's.
    """
    stream = "_iopub_streaming_output_callback"
    show = getattr(getattr(module, "AsyncResult", None), stream, None)
    if show is None:
        return

    @functools.wraps(show)
    def show_of(result: Any, engine: int, future: Any, message: Any) -> None:
        message.setdefault("parent_header", {"msg_id": getattr(future, "msg_id", "")})
        show(result, engine, future, message)

    setattr(module.AsyncResult, stream, show_of)


def name_errors(module: Any) -> None:
    """While output streams, ipyparallel says of errors no more than "3 errors".

    Engines that died come last, so that whatever else went wrong is among the few that are shown.
    """
    if hasattr(module, "CompositeError"):
        take = module.CompositeError.__init__

        @functools.wraps(take)
        def take_in_order(error: Any, message: str, elist: Any) -> None:
            take(error, message, sorted(elist, key=lambda one: one[0] == DEATH))

        module.CompositeError.__init__ = take_in_order
    if hasattr(module, "AlreadyDisplayedError"):
        module.AlreadyDisplayedError.__str__ = lambda error: error_lines(error.original_error.elist)
