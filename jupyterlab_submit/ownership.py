"""Whether what lies in our folders is ours: what is written there must go nowhere else."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

from jupyterlab_submit.problem import Problem

FULL = {errno.ENOSPC, errno.EDQUOT}
OTHERS_WRITE = 0o022
# What the service, and whoever starts it, write in its folder; logs are renamed in front.
WRITTEN = ("sidecar", "jobs.sqlite", "start.lock", "notices.json")


def expect_own_folder(folder: Path) -> None:
    """Refuses a folder, or a link to one, that is somebody else's or that others may write.

    Some disks have no permissions or no owners (FAT, a share of Windows, a network disk of root's):
    what a new folder gets there, which was asked to be private, tells. Raises Problem.
    """
    found = folder.stat()
    owners = {found.st_uid, folder.lstat().st_uid}
    writable = found.st_mode & OTHERS_WRITE
    if owners == {os.getuid()} and not writable:
        return
    usual = of_a_private_folder(folder)
    if not owners <= {os.getuid(), usual.st_uid if usual else os.getuid()}:
        raise Problem(
            f"{folder} is not yours, so it is not used. Remove it, or set JUPYTER_DATA_DIR."
        )
    if writable and not (usual and usual.st_mode & OTHERS_WRITE):
        raise Problem(
            f"Others may write into {folder}, so it is not used. "
            f"Look whether all in it is yours, then run: chmod go-w '{folder}'"
        )


def of_a_private_folder(folder: Path) -> os.stat_result | None:
    """What the disk says of a folder that is made there for nobody else; None where none can be."""
    try:
        made = tempfile.mkdtemp(prefix=".private-", dir=folder)
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(folder) from error
        return None
    try:
        return os.stat(made)
    finally:
        os.rmdir(made)


def expect_own_files(folder: Path) -> None:
    """Refuses links, and files of somebody else, in the place of those that are written here."""
    for entry in os.scandir(folder):
        if entry.name.startswith(WRITTEN) or entry.name.endswith("-sidecar.log"):
            expect_own(entry.stat(follow_symlinks=False), folder / entry.name)


def expect_own(found: os.stat_result, file: Path) -> None:
    """`found` is what the system says of the file itself. Its folder has been looked at before."""
    owners = {os.getuid(), file.parent.stat().st_uid}
    if not stat.S_ISREG(found.st_mode) or found.st_uid not in owners:
        raise Problem(
            f"{file} is a link, or is not yours, so it is not used. "
            "Look at what it is, and remove it."
        )


def open_own(file: Path, flags: int) -> int:
    """A descriptor of a file of ours, 0600, made where it is missing; raises Problem."""
    try:
        opened = os.open(file, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(file.parent) from error
        if file.is_symlink():
            expect_own(file.lstat(), file)
        raise Problem(f"{file} cannot be opened: {error.strerror}.") from error
    try:
        expect_own(os.fstat(opened), file)
    except Problem:
        os.close(opened)
        raise
    return opened


def disk_full(folder: Path) -> Problem:
    return Problem(f"The disk with {folder} is full. Make room there, then try again.")
