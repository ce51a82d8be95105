"""The folder of a campaign: the person's home, the small disks, the clock that can be turned."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.cluster.folder import NAME, locked
from dev.cluster.processes import processes, variables
from dev.place import REPORTS
from dev.step import StepFailed

FOLDER = Path(f"/tmp/submit-campaign-{os.geteuid()}-{NAME}")
HOME = FOLDER / "home"
TEMPORARY = FOLDER / "tmp"
# One for each command's output, kept for a job that was found wrong.
OUTPUT = FOLDER / "output"
CLOCK = FOLDER / "clock"
# Disks that are filled: what they hold, and how large they are.
RECORDS, SOURCES, CLUSTER = (FOLDER / name for name in ("records", "small", "cluster"))
SIZES = {RECORDS: "48m", SOURCES: "48m", CLUSTER: "64m"}
# Of POSIX, in memory; see shm_overview(7).
SHARED = Path("/dev/shm")
# None where libfaketime is not installed.
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
# Jobs on this machine have it too.
VARIABLE = "SUBMIT_CAMPAIGN"


@contextmanager
def place() -> Iterator[None]:
    """Makes the folder, with the disks; takes it away, with every process that was started for it."""
    clear()
    try:
        FOLDER.mkdir(mode=0o755)
        for folder in (HOME, TEMPORARY, OUTPUT, *SIZES):
            folder.mkdir(mode=0o700)
        for folder, size in SIZES.items():
            mount(folder, size)
        turn_clock(0)
        yield
    finally:
        clear()


def mount(folder: Path, size: str) -> None:
    """Raises StepFailed where this user may not."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        raise StepFailed("making a small disk", command, str(ended.returncode), ended.stderr)


def clear() -> None:
    """Also after a campaign that was killed."""
    for pid in ours():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    for words in map(str.split, mounts):
        if words[1].startswith(f"{FOLDER}/"):
            subprocess.run(["umount", "-l", words[1]], check=True)
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    for file in stale_clocks(SHARED, processes()):
        file.unlink(missing_ok=True)


def stale_clocks(shared: Path, alive: Collection[int]) -> list[Path]:
    """What libfaketime has for each process, and leaves there when that is killed."""
    pids = {file: file.name.rpartition("_")[2] for file in shared.glob("*faketime_*_*")}
    return [file for file, pid in pids.items() if pid.isdigit() and int(pid) not in alive]


def ours() -> list[int]:
    """Every process that was started by the person, or by something that was, on this machine."""
    mark = f"{VARIABLE}={FOLDER}".encode()
    return [pid for pid in processes() if pid != os.getpid() and mark in variables(pid)]


@contextmanager
def alone() -> Iterator[None]:
    """Two campaigns of one checkout wait for each other."""
    REPORTS.mkdir(exist_ok=True)
    with locked(REPORTS):
        yield


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leaves no byte of room on a disk."""
    filler = disk / "filler"
    try:
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
        yield
    finally:
        filler.unlink()


def turn_clock(seconds: int) -> None:
    """What a service takes for the time of day from now on, where it was started under this clock."""
    new = CLOCK.with_suffix(".new")
    new.write_text(f"{seconds:+d}s\n")
    new.rename(CLOCK)


def clock_variables() -> dict[str, str]:
    """For what is to run under it: Node.js alone, as Python could not sleep any more."""
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(CLOCK),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_ONLY_CMDS": "node",
        "FAKETIME_DISABLE_SHM": "1",
        "NO_FAKE_STAT": "1",
    }
