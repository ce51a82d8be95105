"""The job: what is to be done, and where its files are."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TYPE_CHECKING = False  # without `typing`, the guard is there sooner
if TYPE_CHECKING:
    from typing import Any

    from .launch import Launch

JOB_VARIABLE = "JUPYTERLAB_SUBMIT_JOB"  # every process of a job carries its id in this variable
UPTIME_VARIABLE = "JUPYTERLAB_SUBMIT_UPTIME"  # of the machine, when the script began
UMASK_VARIABLE = "JUPYTERLAB_SUBMIT_UMASK"  # the person's own; that of the job directory is ours
READY_SECONDS = 600  # the longest wait for engines and kernel
END_EARLY_SECONDS = 10  # the run ends this long before the job's limit


@dataclass(frozen=True)
class Job:
    """What `job.json` asks for; `folder` is the job directory, times are monotonic.

    They do not count what a machine sleeps: a job gets the time that was asked for.
    """

    program: str  # the archive that all of this is in
    folder: Path
    id: str
    notebook: str
    directory: str
    files_folder: str  # the name of the folder that files go to, beside the result
    engines: int
    limit_seconds: float
    allow_errors: bool
    allow_lost_engines: bool
    kernel: str
    launch: Launch
    mpi: bool  # whether the engines are to be MPI ranks
    mpi_asked: bool  # as the person says, whatever is seen of it
    fork: bool  # whether one Python a node may fork its engines
    output_limit: int
    save_seconds: float
    started: float
    umask: int  # for all that the notebook makes

    @classmethod
    def read(cls, folder: Path) -> Job:
        asked = json.loads((folder / "job.json").read_text("utf-8"))
        return cls(
            program=os.path.abspath(sys.argv[0]),
            folder=folder,
            id=asked["id"],
            notebook=asked["notebook"],
            directory=asked["directory"],
            files_folder=asked["filesFolder"],
            engines=asked["engines"],
            limit_seconds=asked["limitSeconds"],
            allow_errors=asked["allowErrors"],
            allow_lost_engines=asked["allowLostEngines"],
            kernel=asked["kernel"],
            launch=asked["launch"],
            mpi=asked["mpi"],
            mpi_asked=asked["mpiAsked"],
            fork=asked["fork"],
            output_limit=asked["outputLimitBytes"],
            save_seconds=asked["saveSeconds"],
            started=started(folder),
            umask=persons_umask(),
        )

    @property
    def work(self) -> Path:
        """The working directory: the staged copy of the notebook's own folder."""
        return self.folder / self.directory

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def ends_at(self) -> float:
        """When the run ends by its own clock: ten seconds early, less for a very short limit."""
        return self.started + self.limit_seconds - min(END_EARLY_SECONDS, self.limit_seconds / 4)


def persons_umask() -> int:
    """As the environment lines left it; this process's own when it was started by hand."""
    given = os.environ.pop(UMASK_VARIABLE, None)
    own = os.umask(0o077)
    return own if given is None else int(given, 8)


def with_umask(umask: int) -> dict[str, Any]:
    """What makes Popen start a process with it."""
    if sys.version_info >= (3, 9):
        return {"umask": umask}
    return {"preexec_fn": lambda: os.umask(umask)}


def started(folder: Path) -> float:
    """When the job started; now, when the runner was started by hand.

    The script says it by the machine's uptime, which nobody sets; where there is none, by the clock.
    """
    seconds = 0.0
    given = os.environ.pop(UPTIME_VARIABLE, None)
    with contextlib.suppress(OSError, ValueError, KeyError):
        if given:
            seconds = uptime() - float(given)
        else:
            text = (folder / "started.json").read_text("utf-8")
            seconds = time.time() - float(json.loads(text)["startedAt"])
    return time.monotonic() - max(seconds, 0)


def uptime() -> float:
    with open("/proc/uptime", encoding="ascii") as file:  # proc_uptime(5)
        return float(file.read().split()[0])
