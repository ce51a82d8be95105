"""The two Node programs that the Python package carries: the sidecar and the command line."""

from __future__ import annotations

from dev.place import BUNDLE, ROOT, node, variables
from dev.stamp import Stamp
from dev.step import run_step

INPUTS = ["src", "build.mjs", "package.json", "package-lock.json"]
OUTPUTS = ["sidecar.cjs", "cli.cjs", "version.txt"]


def ensure_programs() -> None:
    """Bundles both programs when a source changed since the last time."""
    stamp = Stamp(
        BUNDLE / ".stamp", [ROOT / name for name in INPUTS], [BUNDLE / name for name in OUTPUTS]
    )
    if stamp.is_valid():
        return
    stamp.remove()
    run_step("building", [node(), "build.mjs"], variables())
    stamp.write()
