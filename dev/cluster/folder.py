"""Which test cluster is meant, where it keeps everything, and what it must not do at the same time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.place import ROOT

VARIABLE = "JUPYTERLAB_SUBMIT_CLUSTER"


def chosen_name() -> str:
    """What the variable says, or a name of this checkout's own."""
    given = os.environ.get(VARIABLE, "")
    if given in ("", "0"):
        return hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    # Names of users and the paths of sockets are made of it.
    if not re.fullmatch("[a-z0-9]{1,8}", given):
        sys.exit(f"{VARIABLE} is '{given}', and has to be one to eight of a-z and 0-9.")
    return given


NAME = chosen_name()
PLACE = Path("/tmp")
# Short, as the paths of sockets must be, and one for each person.
FOLDER = PLACE / f"jupyterlab-submit-cluster-{os.geteuid()}-{NAME}"
SLURM_CONF = FOLDER / "slurm.conf"


@contextmanager
def alone() -> Iterator[None]:
    """Makes the folder; two commands at once wait for each other."""
    while True:
        FOLDER.mkdir(mode=0o755, exist_ok=True)
        with locked(FOLDER) as folder:
            if os.fstat(folder).st_uid != os.geteuid():
                raise PermissionError(f"{FOLDER} belongs to somebody else")
            # Who had it before may have removed it.
            if FOLDER.exists() and os.path.samestat(os.fstat(folder), os.stat(FOLDER)):
                yield
                return


@contextmanager
def alone_on_machine() -> Iterator[None]:
    """The same for what all clusters of the machine share; for a moment only."""
    # A file there would be the first one's, and others might not open it.
    with locked(PLACE):
        yield


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
