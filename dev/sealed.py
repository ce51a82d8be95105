"""What run.py starts has nothing of the person who runs it: neither variables nor a home.

Installing packages is the exception, which may need a proxy, an index or a cache; and `run.py
lab`, which is the person's own JupyterLab.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from typing import NoReturn

# Where programs are, what they write to, and what is said to run.py itself.
KEPT = {
    "PATH",
    "LD_LIBRARY_PATH",
    "TERM",
    "CI",
    "CHROMIUM",
    "JUPYTERLAB_SUBMIT_CLUSTER",
    "JUPYTERLAB_SUBMIT_FUZZ_RUNS",
    "JUPYTERLAB_SUBMIT_FUZZ_SEED",
    "JUPYTERLAB_SUBMIT_OLDEST_PYTHON",
}
# They would change how an installer itself runs, or leave out what the tests need.
NOT_FOR_INSTALLERS = {"NODE_ENV", "NODE_OPTIONS", "NODE_PATH"}

_persons: dict[str, str] = {}


def seal() -> None:
    """Takes them away from this process, and so from all that it starts."""
    _persons.update(os.environ)
    home = tempfile.mkdtemp(prefix="submit-home-", dir="/tmp")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    os.environ.clear()
    os.environ.update({**kept, **sealed(home)})


def sealed(home: str) -> dict[str, str]:
    """The variables that keep everything in this home."""
    # OpenSSH takes the home of the system's list of users, whatever HOME says.
    return {"HOME": home, "LANG": "C.UTF-8", "JUPYTERLAB_SUBMIT_SSH_CONFIG": os.devnull}


def become(command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Ends run.py, and goes on as this program in its place."""
    # Nothing that is to be done at the end will be.
    shutil.rmtree(os.environ["HOME"])
    os.execve(command[0], command, environment)


def for_installing() -> dict[str, str]:
    """The person's variables, for programs that install packages."""
    return {
        name: value
        for name, value in the_persons().items()
        if name not in NOT_FOR_INSTALLERS and not name.startswith("PYTHON")
    }


def the_persons() -> dict[str, str]:
    """All variables that run.py was started with."""
    return {**(_persons or os.environ)}
