"""The processes of the test cluster; only our own are ever ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev.cluster.folder import FOLDER

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo", "srun"]
SEARCHED = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
# Every process of ours carries this variable; a job's processes do, too.
MARK = "JUPYTERLAB_SUBMIT_CLUSTER"
STOP_SECONDS = 10


def missing_programs() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name, path=SEARCHED) is None]


@dataclass(frozen=True)
class Daemon:
    """One process in the foreground, in a session of its own, which outlives whoever starts it."""

    name: str
    argv: Sequence[str]
    variables: Mapping[str, str]

    @property
    def _pid_file(self) -> Path:
        return FOLDER / f"{self.name}.started"

    @property
    def output(self) -> Path:
        return FOLDER / f"{self.name}.output"

    @property
    def pid(self) -> int | None:
        """The process, if it runs and is ours: its number may have a new owner."""
        try:
            pid = int(self._pid_file.read_text())
            variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if f"{MARK}={self.name}".encode() in variables else None

    @property
    def is_alive(self) -> bool:
        return self.pid is not None

    def start(self) -> None:
        program = shutil.which(self.argv[0], path=SEARCHED) or self.argv[0]
        with open(self.output, "wb") as output:
            process = subprocess.Popen(
                [program, *self.argv[1:]],
                cwd="/",
                env={"PATH": SEARCHED, "LANG": "C.UTF-8", **self.variables, MARK: self.name},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.write_text(str(process.pid))

    def stop(self) -> None:
        """Ends it, politely first; returns when it is gone."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            while (pid := self.pid) is not None and time.monotonic() < deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                time.sleep(0.1)
        self._pid_file.unlink(missing_ok=True)
