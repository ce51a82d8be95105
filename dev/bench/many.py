"""Many jobs, and jobs that wrote many files: what the list of jobs takes, and what fetching leaves in memory."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from dev.bench.compare import figure, heading
from dev.bench.forwarder import UnixConnection, ask, median
from dev.bench.home import Home
from dev.bench.processes import resident_megabytes
from dev.bench.sidecar import start
from dev.place import ROOT, node

JOBS = 1000
FILES = 20_000
FETCHED = (20_000, 200_000)
REST_SECONDS = 5


def measure(home: Home, _: int) -> None:
    heading(f"a list of {JOBS:,} jobs that wrote {FILES:,} files each")
    folder = home.folder()
    said = build(folder, str(JOBS), str(FILES))
    process, took = start(folder)
    try:
        connection = UnixConnection(str(folder / "socket"))
        figure("from the start of the service until it listens", took * 1000, "ms")
        figure("its length", length(connection) / 1e6, "MB", 1)
        figure(
            "time (median of 200)", median(lambda: ask(connection, "/api/jobs")) * 1000, "ms", 100
        )
        figure("memory of the service", resident_megabytes(process.pid), "MB")
        figure("the records on disk, with all names", said["bytes"] / 1e6, "MB")
    finally:
        process.terminate()
        process.wait()
    heading("fetching a job that wrote many files, on this machine")
    for files in FETCHED:
        fetched = build(home.folder(), "fetch", str(files))
        what = f"{files:,} files"
        figure(f"{what}: memory before", fetched["before"], "MB")
        figure("  at most", fetched["peak"], "MB")
        figure(f"  {REST_SECONDS} s later", fetched["after"], "MB", fetched["before"] + 50)
        figure("  time", fetched["seconds"], "s")
        figure("  the longest event that is told", fetched["longestEvent"] / 1000, "kB", 3)


def build(folder: Path, *arguments: str) -> dict[str, float]:
    """Runs many.ts, which has the sidecar's own code."""
    command = [node(), ROOT / "dev/bench/run.mjs", "many", str(folder), *arguments]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(said)


def length(connection: UnixConnection) -> int:
    connection.request("GET", "/api/jobs")
    return len(connection.getresponse().read())
