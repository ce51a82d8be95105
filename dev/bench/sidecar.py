"""The service in the background: its start, what it takes while nothing happens, and watching jobs."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import time
from pathlib import Path

from dev.bench.compare import figure, heading
from dev.bench.home import Home, moments
from dev.bench.processes import cpu_seconds, resident_megabytes
from dev.place import BUNDLE, ROOT, node

IDLE_SECONDS = 60
JOBS = 1000


def measure(home: Home, rounds: int) -> None:
    heading(f"the sidecar (its start: median of {max(rounds, 5)})")
    starts = [start_once(home) for _ in range(max(rounds, 5))]
    figure("from its start until it listens", statistics.median(starts) * 1000, "ms", 250)
    process, _ = start(home.folder())
    try:
        time.sleep(2)
        before = cpu_seconds(process.pid)
        time.sleep(IDLE_SECONDS)
        figure("CPU in a minute without jobs", (cpu_seconds(process.pid) - before) * 1000, "ms")
        figure("memory after that (resident)", resident_megabytes(process.pid), "MB", 90)
    finally:
        process.terminate()
        process.wait()
    for jobs in (1, JOBS):
        watched = watch(home, jobs)
        what = f"a minute with {jobs:,} running {'job' if jobs == 1 else 'jobs'}, seen in a list"
        figure(f"CPU in {what}", watched["cpuMs"], "ms")
        figure("  remote commands in it", watched["commands"], "")
        figure("  of which ask the queue", watched["queueQuestions"], "")


def start_once(home: Home) -> float:
    process, took = start(home.folder())
    process.terminate()
    process.wait()
    return took


def start(folder: Path) -> tuple[subprocess.Popen, float]:
    """A sidecar, and the seconds until it took a connection."""
    path = folder / "socket"
    command = [node(), BUNDLE / "sidecar.cjs", "--socket", path, "--data", folder / "data"]
    began = time.monotonic()
    process = subprocess.Popen([*command, "--runner", BUNDLE / "run_notebook.pyz"], cwd="/")
    for _ in moments(30):
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(str(path))
                return process, time.monotonic() - began
            except OSError:
                continue
    process.kill()
    raise TimeoutError("the sidecar does not listen")


def watch(home: Home, jobs: int) -> dict[str, float]:
    """Lets the sidecar's own code watch so many jobs through a minute of a clock that is moved by hand."""
    command = [node(), ROOT / "dev/bench/run.mjs", "watching", str(home.folder()), str(jobs)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(said)
