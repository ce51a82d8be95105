"""The most memory that everything which a measurement starts has at once."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

# Not one of ours, which the command line keeps out of jobs.
VARIABLE = "BENCH_MARK"
SECONDS = 0.2


class Peak:
    """The highest sum so far, in MB of proportional set size: shared pages count once."""

    megabytes = 0.0


@contextlib.contextmanager
def measured() -> Iterator[Peak]:
    """Marks all processes that are started meanwhile, and adds their memory up now and then."""
    mark = uuid.uuid4().hex
    os.environ[VARIABLE] = mark
    peak = Peak()
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(f"{VARIABLE}={mark}".encode(), peak, over))
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        del os.environ[VARIABLE]


def watch(mark: bytes, peak: Peak, over: threading.Event) -> None:
    while not over.wait(SECONDS):
        found = [process for process in Path("/proc").glob("[0-9]*") if carries(process, mark)]
        total = sum(map(proportional_kilobytes, found)) / 1000
        peak.megabytes = max(peak.megabytes, total)


def carries(process: Path, mark: bytes) -> bool:
    # The benchmark itself was there before the mark was.
    try:
        return mark in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def proportional_kilobytes(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
