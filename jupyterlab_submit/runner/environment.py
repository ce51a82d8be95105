"""What a Python environment lacks, and the line that installs it."""

import importlib
import json
import shlex
import subprocess
import sys

from .verdict import JobEnd

# What a Python needs, by what it is to do: the modules that are imported there.
NEEDED = {
    "kernel": ("ipykernel.kernelapp",),
    "engines": ("ipyparallel.engine", "ipyparallel.controller"),
}


PROBE = """
import importlib, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        missing.append((error.name or name).split(".")[0])
print(json.dumps({"python": sys.executable, "missing": missing}))
"""


def what_is_missing(python, modules):
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
    if not found["missing"]:
        return None
    missing = list(dict.fromkeys(found["missing"]))
    where = found["python"] or python[-1]
    return environment_end(missing[0], where, install_line(where, missing))


def require(module):
    """Import a module here, in the Python of the runner; raises JobEnd when it cannot be."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        fix = install_line(sys.executable, [missing])
        raise environment_end(missing, sys.executable, fix) from None


def environment_end(module, python, fix):
    return JobEnd("failed", "environment", module=module, python=python, fix=fix)


def install_line(python, modules):
    return " ".join(shlex.quote(word) for word in [python, "-m", "pip", "install", *modules])
