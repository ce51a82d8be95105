"""run.py bench [PART]... [--rounds N]: what the project costs, beside what people do by hand.

The ways are measured in turn on the same machine: the figures depend on it, the ratios much less.
Without a part, all of them. docs/performance.md says how to read it.
"""

from __future__ import annotations

import argparse
import importlib
import os

from dev.bench.home import Home
from dev.bench.left_out import LeftOut
from dev.place import ENVIRONMENT
from dev.set_up import set_up
from dev.step import run_step

PARTS = {
    "local": ("dev.bench.on_this_machine", "a %%px notebook on engines of this machine"),
    "cluster": ("dev.bench.on_the_cluster", "the same in Slurm, over SSH"),
    "engines": ("dev.bench.engines", "engines until they are registered, and their memory"),
    "slow-disk": ("dev.bench.slow_disk", "the same where each file takes 5 ms to be opened"),
    "cells": ("dev.bench.cells", "what running a cell costs beside nbclient"),
    "printed": ("dev.bench.printed", "the runner's memory, whatever a cell prints"),
    "commands": ("dev.bench.commands", "a command that only asks"),
    "sidecar": ("dev.bench.sidecar", "the service: its start, memory and watching"),
    "many": ("dev.bench.many", "many jobs, and jobs that wrote many files"),
    "forwarder": ("dev.bench.forwarder", "what the Jupyter server's hand-over adds"),
    "extension": ("dev.bench.extension", "its size, and JupyterLab's start with it"),
    "transfer": ("dev.bench.transfer", "files, beside scp and rsync"),
}


def main(arguments: list[str]) -> int:
    parts = "\n".join(f"  {name:<11}{what}" for name, (_, what) in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="run.py bench",
        description=__doc__,
        epilog=f"parts:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is taken (3)")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.part if name not in PARTS]
    if unknown or asked.rounds < 1:
        parser.error(f"parts are {', '.join(PARTS)}; --rounds is 1 or more")
    set_up()
    compile_packages()
    print(f"\non {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name in asked.part or PARTS:
        module, what = PARTS[name]
        try:
            with Home() as home:
                importlib.import_module(module).measure(home, asked.rounds)
        except LeftOut as why:
            print(f"\n{name} ({what}) is left out: {why}", flush=True)
    return 0


def compile_packages() -> None:
    """As pip and conda leave packages; uv does not, and a job's user may not write beside them."""
    python = str(ENVIRONMENT / "bin/python")
    # Some packages come with templates that are no Python; what is imported is compiled.
    code = "import compileall, sysconfig; compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2)"
    run_step("compiling Python's packages", [python, "-c", code])
