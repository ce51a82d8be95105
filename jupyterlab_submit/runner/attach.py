"""Inside the kernel: `Cluster(...)` attaches to the job's engines (called by the kernel's config).

Siblings are imported here and not later: the kernel forgets our modules once it has this one.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys
from typing import Any

from .attached import too_many
from .engine_errors import error_lines
from .import_hook import PatchOnImport


def attach_notebook(config: Any, engines: int, security: str) -> None:
    """Make every spelling of `ipyparallel.Cluster` use the job's `engines`, when it is imported.

    `config` is the kernel's configuration, `security` the folder of the connection files. Costs
    nothing in a notebook that never imports ipyparallel.
    """
    config.Cluster.delay = 0  # seconds between controller and engines, which are there already
    sys.meta_path.insert(
        0,
        PatchOnImport(
            {
                "ipyparallel.cluster.launcher": lambda module: attach_launchers(
                    module, engines, security
                ),
                "ipyparallel.client.client": lambda module: attach_clients(module, security),
                "ipyparallel.client.asyncresult": name_parents,
                "ipyparallel.client.magics": silence_progress_bar,
                "ipyparallel.error": name_errors,
            }
        ),
    )


def attach_launchers(module: Any, engines: int, security: str) -> None:
    """Replace ipyparallel's launchers, which short names ("mpi", "slurm") lead to, by ours."""

    kind: Any = type(module.EngineLauncher)

    class ForPeople(kind):
        """ipyparallel puts the name of a class into what it tells: "Starting 2 engines with ..."."""

        def __repr__(cls) -> str:
            return "jupyterlab-submit (they run already)"

    class AttachController(module.ControllerLauncher):
        connection_files = {
            kind: os.path.join(security, f"ipcontroller-{kind}.json")
            for kind in ("client", "engine")
        }

        def find_args(self) -> list[str]:
            return ["attached"]

        async def start(self) -> None:
            self.notify_start({})

        def poll(self) -> None:
            return None

        async def join(self, timeout: float | None = None) -> None:
            return None

        async def stop(self) -> None:
            self.notify_stop({})

    class AttachEngines(module.EngineLauncher, metaclass=ForPeople):
        find_args = AttachController.find_args
        poll = AttachController.poll
        join = AttachController.join
        stop = AttachController.stop

        async def start(self, n: int) -> None:
            nobody_asked = self.parent.n is None and n == multiprocessing.cpu_count()
            if n > engines and not nobody_asked:
                raise ValueError(too_many(n, engines))
            self.n = engines
            self.notify_start({})

        def signal(self, sig: int) -> None:
            raise RuntimeError("The engines of a job cannot be signalled from its notebook")

    for name in dir(module):
        if name.endswith("EngineSetLauncher"):
            setattr(module, name, AttachEngines)
        elif name.endswith("ControllerLauncher") and name != "ControllerLauncher":
            setattr(module, name, AttachController)


def attach_clients(module: Any, security: str) -> None:
    """Whatever cluster a Client is to look up, by profile, id or a file that is not here: it is the job's.

    The engines end with the job: a notebook that shuts its cluster down may start it again.
    """
    job_file = os.path.join(security, "ipcontroller-client.json")
    look_up = module.Client.__init__

    @functools.wraps(look_up)
    def attach(client: object, connection_info: Any = None, **asked: Any) -> None:
        for older_name in ("url_or_file", "url_file"):
            connection_info = asked.pop(older_name, None) or connection_info
        if not isinstance(connection_info, dict) and not is_file(connection_info):
            connection_info = job_file
            for way in ("profile_dir", "cluster_id", "sshserver", "sshkey", "password", "paramiko"):
                asked.pop(way, None)
        look_up(client, connection_info, **asked)

    module.Client.__init__ = attach
    module.Client.shutdown = lambda self, *args, **kwargs: None


def is_file(named: Any) -> bool:
    return named is not None and os.path.isfile(os.path.expanduser(named))


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
    """While output streams, ipyparallel says of errors no more than "3 errors"."""
    if hasattr(module, "AlreadyDisplayedError"):
        module.AlreadyDisplayedError.__str__ = lambda error: error_lines(error.original_error.elist)
