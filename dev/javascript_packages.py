"""The JavaScript packages: node_modules, exactly as package-lock.json says."""

from __future__ import annotations

from dev.place import PACKAGES, ROOT, npm, variables
from dev.sealed import for_installing
from dev.stamp import Stamp
from dev.step import run_step


def ensure_javascript_packages() -> None:
    """Runs `npm ci` when the lock changed since the last time, with the Node.js of .venv."""
    # npm ci begins by deleting node_modules, and this stamp with it.
    stamp = Stamp(PACKAGES / ".stamp", [ROOT / "package-lock.json", ROOT / ".npmrc"])
    if stamp.is_valid():
        return
    when = "" if PACKAGES.exists() else " (first time, about 40 s)"
    command = [*npm(), "ci", "--no-progress", "--loglevel=error"]
    run_step(f"installing JavaScript packages{when}", command, variables(for_installing()))
    stamp.write()
