"""Where the test cluster keeps everything, and the ports that it listens on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Clusters of different numbers run side by side, such as those of two checkouts.
NUMBER = int(os.environ.get("JUPYTERLAB_SUBMIT_CLUSTER", "0"))
# Short, as the paths of sockets must be, and one for each person.
FOLDER = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}{f'-{NUMBER}' if NUMBER else ''}")
SLURM_CONF = FOLDER / "slurm.conf"
FIRST_PORT = 17000 + 100 * NUMBER


@contextmanager
def alone() -> Iterator[None]:
    """Makes the folder; two commands at once wait for each other."""
    while True:
        FOLDER.mkdir(mode=0o755, exist_ok=True)
        folder = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(folder).st_uid != os.geteuid():
                raise PermissionError(f"{FOLDER} belongs to somebody else")
            fcntl.flock(folder, fcntl.LOCK_EX)
            # Who had it before may have removed it.
            if FOLDER.exists() and os.path.samestat(os.fstat(folder), os.stat(FOLDER)):
                yield
                return
        finally:
            os.close(folder)
