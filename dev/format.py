"""run.py format [path]...: every source file, or those named, as its formatter lays it out."""

from __future__ import annotations

import subprocess

from dev.check import script
from dev.place import ENVIRONMENT, ROOT, node, variables
from dev.set_up import set_up_tools


def main(arguments: list[str]) -> int:
    set_up_tools()
    return max(
        subprocess.run(command, cwd=ROOT, env=variables()).returncode
        for command in commands(arguments or ["."])
    )


def commands(paths: list[str]) -> list[list[str]]:
    prettier = [node(), script("prettier/bin/prettier.cjs"), "--log-level=warn", "--ignore-unknown"]
    found = [[*prettier, "--write", *paths]]
    # ruff would read any file that it is given as Python.
    pythonic = [path for path in paths if path.endswith(".py") or (ROOT / path).is_dir()]
    if pythonic:
        ruff = str(ENVIRONMENT / "bin/ruff")
        found.append([ruff, "check", "--quiet", "--fix", "--select", "I", *pythonic])
        found.append([ruff, "format", "--quiet", *pythonic])
    return found
