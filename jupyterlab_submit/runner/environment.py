"""What a Python environment lacks, and the line that installs it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence

from .verdict import JobEnd
from .versions import OLDEST, too_old, versions_here

# What a Python needs, by what it is to do: the modules that are imported there.
NEEDED = {
    "kernel": ("ipykernel.kernelapp",),
    "engines": ("ipyparallel.engine", "ipyparallel.controller"),
}


PROBE = """
import importlib, importlib.util, json, sys
missing, broken, versions = [], {}, {}
def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:
        return False
for name in sys.argv[1:]:
    package = name.split(".")[0]
    try:
        importlib.import_module(name)
    except Exception as error:
        lacks = ((isinstance(error, ImportError) and error.name) or name).split(".")[0]
        if is_there(lacks):
            broken[package] = [lacks, type(error).__name__ + ": " + str(error)]
        else:
            missing.append(lacks)
    try:
        from importlib.metadata import version
        versions[package] = version(package)
    except Exception:
        pass
found = {"python": sys.executable, "missing": missing, "broken": broken, "versions": versions}
print(json.dumps(found))
"""


def what_is_missing(python: list[str], modules: Sequence[str]) -> JobEnd | None:
    """The JobEnd for modules that `python`, an argv prefix, cannot import; None when it can.

    Takes a second or so, and is asked only after a process has died.
    """
    command = [*python, "-c", PROBE, *modules]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30, check=True
        )
        found = json.loads(answer.stdout.decode("utf-8").strip().splitlines()[-1])
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return environment_end("python", python[0], "")
    except (subprocess.SubprocessError, ValueError, IndexError, OSError):
        return None  # no answer is no proof
    where = found["python"] or python[-1]
    return (
        old_end(found["versions"], where)
        or missing_end(found["missing"], where)
        or broken_end(found["broken"], where)
    )


def require(module: str) -> None:
    """Import a module here, in the Python of the runner; raises JobEnd when it cannot be."""
    try:
        importlib.import_module(module)
    except Exception as error:
        lacks = ((isinstance(error, ImportError) and error.name) or module).split(".")[0]
        if is_there(lacks):
            why = f"{type(error).__name__}: {error}"
            raise broken_package(module, lacks, why, sys.executable) from None
        raise missing_packages([lacks], sys.executable) from None


def require_versions(python: str, versions: dict[str, str]) -> None:
    """Raise JobEnd where one of these versions by package, as they are in `python`, is too old."""
    end = old_end(versions, python)
    if end is not None:
        raise end


def require_versions_here(packages: Sequence[str]) -> None:
    """The same for packages as they are in the Python of the runner."""
    require_versions(sys.executable, versions_here(packages))


def is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def old_end(versions: dict[str, str], python: str) -> JobEnd | None:
    """The JobEnd for packages that are too old; None when there are none."""
    old = too_old(versions)
    if not old:
        return None
    fix = install_line(python, ["-U", *[f"{name}>={OLDEST[name]}" for name in old]])
    name = old[0]
    return environment_end(name, python, fix, version=versions[name], oldest=OLDEST[name])


def missing_end(missing: list[str], python: str) -> JobEnd | None:
    return missing_packages(missing, python) if missing else None


def missing_packages(missing: list[str], python: str) -> JobEnd:
    fix = install_line(python, list(dict.fromkeys(missing)))
    return environment_end(missing[0], python, fix)


def broken_end(broken: dict[str, tuple[str, str]], python: str) -> JobEnd | None:
    """The JobEnd for packages that are there and cannot be imported: they do not fit together."""
    for package, (lacks, error) in broken.items():
        return broken_package(package, lacks, error, python)
    return None


def broken_package(package: str, lacks: str, error: str, python: str) -> JobEnd:
    fix = install_line(python, ["-U", *dict.fromkeys([package, lacks])])
    return environment_end(package, python, fix, error=error)


def environment_end(module: str, python: str, fix: str, **more: str) -> JobEnd:
    return JobEnd("failed", "environment", module=module, python=python, fix=fix, **more)


def install_line(python: str, words: list[str]) -> str:
    return " ".join(shlex.quote(word) for word in [python, "-m", "pip", "install", *words])
