"""One notebook, executed: by plain nbclient with a cluster of ipyparallel's own, and by us."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from dev.bench.home import JUPYTER, Home
from dev.place import PYTHON

PROGRAM = Path(__file__).parent / "stock_program.py"
# As many engines as a job has, where a notebook does not say how many.
CONFIG = "c = get_config()\nc.Cluster.n = {engines}\n"


class NotRun(Exception):
    """Stock has made nothing of it, not even an error of a cell; its words are those of the log."""


def stock(home: Home, file: Path, asked: argparse.Namespace) -> tuple[dict[str, Any], float]:
    """The executed notebook, as far as it came, and seconds."""
    folder = copied(home, file, asked)
    own = home.folder()
    profile = own / "ipython/profile_default"
    profile.mkdir(parents=True)
    for name in ("ipython_kernel_config", "ipcluster_config"):
        (profile / f"{name}.py").write_text(CONFIG.format(engines=asked.engines))
    python = asked.python or PYTHON
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    variables = {**home.variables, "IPYTHONDIR": str(profile.parent), "PATH": path}
    result = own / "result.ipynb"
    kind = "mpi" if asked.mpi else "local"
    command = [python, PROGRAM, file.name, result, str(asked.engines), kind]
    began = time.monotonic()
    with open(own / "log", "wb") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder / file.parent.relative_to(asked.folder),
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(asked.minutes * 60)
        except subprocess.TimeoutExpired:
            process.terminate()  # saves what there is, and ends its cluster
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
        finally:
            end_all(profile.parent)
    if not result.exists():
        raise NotRun((own / "log").read_text())
    return json.loads(result.read_text()), time.monotonic() - began


def end_all(ipython: Path) -> None:
    """Whatever a notebook has left: clusters of its own are in sessions of their own, and have this folder."""
    mark = f"IPYTHONDIR={ipython}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def ours(home: Home, file: Path, asked: argparse.Namespace) -> tuple[dict[str, Any], float, str]:
    """The result as it came home, seconds, and the job's end in a word."""
    folder = copied(home, file, asked)
    results = home.folder()
    command = [JUPYTER, "submit", file.name, "--cluster", asked.cluster, "--allow-errors", "--json"]
    options = ["--cores", asked.engines, "--time", f"{asked.minutes}m"]
    # A test cluster has one that its users can read, with the same packages.
    python = asked.python or (PYTHON if asked.cluster == "local" else None)
    options += ["--python", python] if python else []
    began = time.monotonic()
    done = subprocess.run(
        [*command, *map(str, options), "--results-folder", str(results)],
        cwd=folder / file.parent.relative_to(asked.folder),
        env=home.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    seconds = time.monotonic() - began
    found = sorted(results.glob("*.ipynb"))
    result = json.loads(found[0].read_text()) if found else {"cells": []}
    return result, seconds, how_it_ended(done.stdout.decode(errors="replace"))


def how_it_ended(records: str) -> str:
    """The last line of `jupyter submit --json`: the state, and its cause where there is one."""
    last = records.strip().rpartition("\n")[2]
    try:
        record = json.loads(last)
        cause = record.get("cause")
        return record["state"] + (f": {json.dumps(cause)[:200]}" if cause else "")
    except (ValueError, KeyError, AttributeError):
        return last[:200] or "said nothing"


def copied(home: Home, file: Path, asked: argparse.Namespace) -> Path:
    """A copy of the folder, whatever notebooks write into it."""
    folder = home.folder() / asked.folder.name
    shutil.copytree(
        asked.folder, folder, ignore=shutil.ignore_patterns(".git", ".ipynb_checkpoints")
    )
    return folder
