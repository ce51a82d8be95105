"""The empty folder that sshd shuts itself in before anybody has logged in.

Its place is built into sshd. Where the system's own SSH server has not made it, we do, and
the last test cluster that needs it takes it away again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from dev.cluster.folder import FOLDER, alone_on_machine

PLACE = Path("/run/sshd")
OURS = "jupyterlab-submit-cluster-*"


def make_privilege_separation() -> None:
    with alone_on_machine():
        with suppress(FileExistsError):
            PLACE.mkdir(mode=0o755)
            (PLACE / FOLDER.name).touch()
        if any(PLACE.glob(OURS)):
            (PLACE / FOLDER.name).touch()


def remove_privilege_separation() -> None:
    with alone_on_machine():
        if (PLACE / FOLDER.name).exists():
            (PLACE / FOLDER.name).unlink()
            with suppress(OSError):
                PLACE.rmdir()
