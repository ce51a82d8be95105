"""That there was no room left to write, on a disk or in the person's quota, and what the system tells of both."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal

    # Of the note `no-room` in src/api/notes.ts.
    Lacks = Literal["disk", "quota"]

QUOTA_SECONDS = 5  # a server of a network's files may never answer


def lacks(error: OSError) -> Lacks | None:
    """What an error says that there was none left of; None for any other."""
    if error.errno == errno.EDQUOT:
        return "quota"
    return "disk" if error.errno == errno.ENOSPC else None


def lacks_in(said: str) -> Lacks | None:
    """The same of an error that is a text, in the system's words."""
    if os.strerror(errno.EDQUOT) in said:
        return "quota"
    return "disk" if os.strerror(errno.ENOSPC) in said else None


def numbers(folder: Path) -> str:
    """How much is taken of the disk of a folder and of the person's quotas, in a line; what cannot be told is left out."""
    told = []
    with contextlib.suppress(OSError):
        disk = os.statvfs(folder)
        taken, size = disk.f_blocks - disk.f_bfree, disk.f_blocks
        told.append(f"{in_mb(taken * disk.f_frsize)} of {in_mb(size * disk.f_frsize)} are taken")
    told += [f"quota: {line}" for line in exceeded_quotas()]
    return "; ".join(told)[:500]


def in_mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def exceeded_quotas() -> list[str]:
    """The lines of quota(1) that have a limit which is exceeded, marked by an asterisk."""
    try:
        said = subprocess.run(
            ["quota", "-s", "-w"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=QUOTA_SECONDS,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return []
    return [" ".join(line.split()) for line in said.splitlines() if "*" in line]
