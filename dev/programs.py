"""The programs that the Python package carries: sidecar, command line, and the runner of jobs."""

from __future__ import annotations

from dev.place import BUNDLE, ROOT, node, variables
from dev.runner_archive import ARCHIVE, pack_runner, runner_sources
from dev.stamp import Stamp
from dev.step import run_step

INPUTS = ["src", "build.mjs", "package.json", "package-lock.json"]
OUTPUTS = ["sidecar.cjs", "cli.cjs", "version.txt"]


def ensure_programs() -> None:
    """Makes those of which a source changed since the last time."""
    ensure_runner()
    ensure_node_programs()


def ensure_runner() -> None:
    packer = ROOT / "dev/runner_archive.py"
    stamp = Stamp(BUNDLE / ".runner-stamp", [packer, *runner_sources(ROOT)], [ROOT / ARCHIVE])
    if stamp.is_valid():
        return
    stamp.remove()
    pack_runner(ROOT)
    stamp.write()


def ensure_node_programs() -> None:
    stamp = Stamp(
        BUNDLE / ".stamp", [ROOT / name for name in INPUTS], [BUNDLE / name for name in OUTPUTS]
    )
    if stamp.is_valid():
        return
    stamp.remove()
    run_step("building", [node(), "build.mjs"], variables())
    stamp.write()
