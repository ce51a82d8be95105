"""The project's own Python environment: .venv, the locked requirements, this package in place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dev.links import ensure_links, remove_links
from dev.place import ENVIRONMENT, ROOT
from dev.sealed import for_installing
from dev.stamp import Stamp
from dev.step import StepFailed, run_step

REQUIREMENTS = ROOT / "requirements.txt"


def ensure_python_environment() -> None:
    """Makes .venv as requirements.txt and pyproject.toml say; returns at once where it is so."""
    ensure_environment(ENVIRONMENT, REQUIREMENTS, "Python packages")
    package = Stamp(
        ENVIRONMENT / ".package",
        # package.json has the version. A moved repository needs new paths in .venv/bin.
        [ROOT / "pyproject.toml", ROOT / "hatch_build.py", ROOT / "package.json", str(ROOT)],
        [ENVIRONMENT / "bin/jupyter-submit"],
    )
    if not package.is_valid():
        package.remove()
        remove_links()
        in_place = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        install(ENVIRONMENT, in_place, "installing this package in place")
        package.write()
    ensure_links()


def ensure_environment(environment: Path, requirements: Path, what: str) -> None:
    """Makes a virtual environment of this Python with exactly these requirements."""
    python = environment / "bin/python"
    stamp = Stamp(environment / ".requirements", [requirements, sys.version, str(ROOT)], [python])
    if stamp.is_valid():
        return
    stamp.remove()
    if not matches_this_python(environment):
        create(environment)
    install(environment, ["--requirement", str(requirements)], f"installing {what}")
    stamp.write()


def matches_this_python(environment: Path) -> bool:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (environment / "bin/python").exists() and (environment / f"lib/python{version}").is_dir()


def create(environment: Path) -> None:
    """uv makes an environment in a quarter of a second, Python's own venv module in ten."""
    what = f"creating {environment.name}"
    uv = find_uv()
    if uv:
        try:
            return run_installer(
                what, [uv, "venv", "--clear", "--python", sys.executable, environment]
            )
        except StepFailed as failed:
            print(f"uv: {last_line(failed)}; trying without it")
    try:
        run_installer(what, [sys.executable, "-m", "venv", "--clear", environment])
    except StepFailed as failed:
        if "ensurepip" in failed.output:
            failed.add("On Debian and Ubuntu this helps: apt install python3-venv")
        raise


def install(environment: Path, arguments: list[str], what: str) -> None:
    """Installs with uv (3 s instead of 60), or with pip where uv is not to be had or fails.

    uv does not read pip's configuration, so behind a local mirror only pip may get through.
    """
    python = environment / "bin/python"
    uv = find_uv() or fetch_uv(environment)
    if uv:
        try:
            # Compiled as pip does: each job starts many Pythons, and some may not write there.
            command = [uv, "pip", "install", "--compile-bytecode", "--python", python]
            return run_installer(what, [*command, *arguments])
        except StepFailed as failed:
            print(f"uv: {last_line(failed)}; trying pip")
    if not has_pip(python):
        run_installer("installing pip", [python, "-m", "ensurepip"])
    run_installer(f"{what} (about a minute)", [python, "-m", "pip", "install", *arguments])


def find_uv() -> str | None:
    own = ENVIRONMENT / "bin/uv"
    for candidate in (str(own) if own.exists() else None, shutil.which("uv")):
        # A version manager's stand-in is found even where it leads to no uv.
        if candidate and succeeds([candidate, "--version"]):
            return candidate
    return None


def fetch_uv(environment: Path) -> str | None:
    python = environment / "bin/python"
    if not has_pip(python):
        return None
    try:
        run_installer("fetching uv, which installs faster", [python, "-m", "pip", "install", "uv"])
    except StepFailed as failed:
        print(f"no uv: {last_line(failed)}")
    return find_uv()


def has_pip(python: Path) -> bool:
    return succeeds([str(python), "-m", "pip", "--version"])


def succeeds(command: list[str]) -> bool:
    ended = subprocess.run(
        command, env=for_installing(), capture_output=True, stdin=subprocess.DEVNULL
    )
    return ended.returncode == 0


def run_installer(what: str, command: Sequence[str | Path]) -> None:
    run_step(what, command, for_installing())


def last_line(failed: StepFailed) -> str:
    return failed.output.splitlines()[-1].strip() if failed.output else str(failed)
