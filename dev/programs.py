"""What the Python package carries: sidecar, command line, the extension, and the runner of jobs."""

from __future__ import annotations

from dev.place import BUNDLE, EXTENSION, ROOT, node, variables
from dev.runner_archive import ARCHIVE, pack_runner, runner_sources
from dev.stamp import Stamp
from dev.step import run_step

EVERY = ["build.mjs", "package.json", "package-lock.json", "tsconfig.base.json", "src/api"]


def ensure_programs() -> None:
    """Makes those of which a source changed since the last time."""
    ensure_runner()
    stale = {part: stamp for part, stamp in stamps().items() if not stamp.is_valid()}
    if not stale:
        return
    for stamp in stale.values():
        stamp.remove()
    run_step("building", [node(), "build.mjs", *stale], variables())
    for stamp in stale.values():
        stamp.write()


def ensure_runner() -> None:
    packer = ROOT / "dev/runner_archive.py"
    stamp = Stamp(BUNDLE / ".runner-stamp", [packer, *runner_sources(ROOT)], [ROOT / ARCHIVE])
    if stamp.is_valid():
        return
    stamp.remove()
    pack_runner(ROOT)
    stamp.write()


def stamps() -> dict[str, Stamp]:
    """The parts that build.mjs makes, by the names that it knows them by."""
    rooms = [
        "src/cli",
        "src/job",
        "src/profiles",
        "src/schedulers",
        "src/sidecar",
        "src/version.d.ts",
    ]
    return {
        "programs": Stamp(
            BUNDLE / ".stamp",
            [ROOT / name for name in [*EVERY, "dev/programs.mjs", *rooms]],
            [BUNDLE / name for name in ("sidecar.cjs", "cli.cjs", "version.txt")],
        ),
        "extension": Stamp(
            # Not inside its output: all that lies there is installed.
            BUNDLE / ".extension-stamp",
            [ROOT / name for name in [*EVERY, "dev/extension.mjs", "src/lab", "schema", "style"]],
            [EXTENSION / "package.json", EXTENSION / "static"],
        ),
    }
