"""The environment that a Python belongs to, and what activating it would set."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .log import log

ACTIVATE_SECONDS = 60  # what the scripts of packages get

# What `conda activate` reads beside the scripts of packages (conda/activate.py).
STATE_FILE = "conda-meta/state"
ACTIVATE = """
for script in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do . "$script" >&2; done
exec "$0" -Ic 'import json, os, sys; json.dump(dict(os.environ), sys.stdout)'
"""
OF_THE_SHELL = ("_", "SHLVL", "PWD", "OLDPWD")


def activated(env: dict[str, str], python: list[str] | None) -> dict[str, str]:
    """`env` with the environment of `python`, an argv prefix, activated where it is one.

    So `!python3`, `!pip` and console scripts are those beside it, and packages find their data
    (GDAL_DATA, PROJ_DATA), as after `conda activate` or `source bin/activate`. Where it is active
    already, whatever was put on PATH since then stays in front.
    """
    prefix = prefix_of(python)
    if prefix is None:
        return env
    env = dict(env)
    folder = str(prefix / "bin")
    first = shutil.which("python3", path=env.get("PATH", ""))
    if first is None or os.path.dirname(first) != folder:
        env["PATH"] = os.pathsep.join([folder, *filter(None, [env.get("PATH")])])
    if (prefix / "pyvenv.cfg").is_file():
        env.pop("PYTHONHOME", None)
        return {**env, "VIRTUAL_ENV": str(prefix)}
    if env.get("CONDA_PREFIX") == str(prefix):
        return env
    env.pop("VIRTUAL_ENV", None)
    env.update(CONDA_PREFIX=str(prefix), CONDA_DEFAULT_ENV=prefix.name, CONDA_SHLVL="1")
    return {**after_scripts(env, prefix), **variables_of(prefix)}


def prefix_of(python: list[str] | None) -> Path | None:
    """The venv or conda environment of an interpreter; None for a wrapper, which has its own way."""
    if not python or len(python) > 1 or not os.path.isabs(python[0]):
        return None
    prefix = Path(python[0]).parent.parent
    is_one = (prefix / "pyvenv.cfg").is_file() or (prefix / "conda-meta").is_dir()
    return prefix if is_one and Path(python[0]).parent.name == "bin" else None


def after_scripts(env: dict[str, str], prefix: Path) -> dict[str, str]:
    """`env` after the scripts that conda packages have for that; as it is where they fail."""
    if not any((prefix / "etc/conda/activate.d").glob("*.sh")):
        return env
    try:
        ended = subprocess.run(
            ["bash", "-c", ACTIVATE, sys.executable],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ACTIVATE_SECONDS,
        )
        after = json.loads(ended.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.warning("The activation scripts of %s failed: %s", prefix, error)
        return env
    if ended.stderr:
        text = ended.stderr.decode("utf-8", "replace").strip()
        log.info("Activating %s: %s", prefix, text[-2000:])
    return {name: value for name, value in after.items() if name not in OF_THE_SHELL}


def variables_of(prefix: Path) -> dict[str, str]:
    """Variables that the person gave the environment (`conda env config vars set`)."""
    try:
        variables = json.loads((prefix / STATE_FILE).read_text("utf-8"))["env_vars"]
        return {name: value for name, value in variables.items() if isinstance(value, str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
