"""The Python that jobs of the test cluster's users run with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.users import User
from dev.place import ENVIRONMENT, PYTHON
from dev.python_environment import ensure_python_environment
from dev.set_up import alone

PLACE = FOLDER / "python"
NEEDED = ["ipykernel", "ipyparallel", "nbclient"]
CHECK = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"


def make_jobs_python(user: User) -> str | None:
    """Makes PLACE/bin/python, with the packages of the checkout's environment.

    An environment of its own, because the checkout's may be built on a Python in a home folder
    that nobody else may enter. Returns what is wrong and what to do, when no Python is found that
    the users can run.
    """
    with alone():
        ensure_python_environment()
    if works(PLACE / "bin/python", user):
        return None
    libraries = next(ENVIRONMENT.glob("lib/python3*/site-packages"))
    version = libraries.parent.name
    for interpreter in [
        PYTHON.resolve(),
        Path("/usr/local/bin", version),
        Path("/usr/bin", version),
    ]:
        if interpreter.exists():
            make_environment(interpreter, libraries)
            if works(PLACE / "bin/python", user):
                return None
    return (
        f"Users of the cluster have no Python for jobs: {libraries} and a {version} in /usr/bin or"
        " /usr/local/bin must be readable for everybody. Install that Python for the whole machine,"
        " and move a checkout that lies in a private home."
    )


def make_environment(interpreter: Path, libraries: Path) -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "bin").mkdir(parents=True)
    for name in ("python", "python3"):
        (PLACE / "bin" / name).symlink_to(interpreter)
    own = PLACE / "lib" / libraries.parent.name / "site-packages"
    own.mkdir(parents=True)
    (own / "checkout.pth").write_text(f"{libraries}\n")
    (PLACE / "pyvenv.cfg").write_text(f"home = {interpreter.parent}\n")


def works(python: Path, user: User) -> bool:
    """Whether a user of the cluster can run it and finds what a job needs."""
    account = user.account
    if account is None:
        return False
    try:
        return (
            subprocess.run(
                [python, "-c", CHECK, *NEEDED],
                cwd="/",
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                env={},
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ).returncode
            == 0
        )
    except OSError:
        return False
