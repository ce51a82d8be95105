"""Files of the job directory, which the notebook may put anything into, too."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import IO


def write_atomically(
    path: Path, text: str | Sequence[str | bytes], is_lasting: bool = True
) -> None:
    """Replace `path` in one step: a reader sees the old text or the new one, never a part.

    Waits for the disk, unless that is not worth it for a text that soon gives way to the next.
    """
    side = f"{path}.{os.urandom(4).hex()}.part"
    try:
        with new_file(side) as file:
            for piece in [text] if isinstance(text, str) else text:
                file.write(piece.encode("utf-8", "replace") if isinstance(piece, str) else piece)
            file.flush()
            if is_lasting:
                os.fsync(file.fileno())
        put_in_place(side, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(side)  # on a full disk, half a file must not take the last of the space
        raise


def new_file(path: Path | str) -> IO[bytes]:
    """A file of ours, open for writing bytes, at a path where nothing is; not what a link leads to."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return open(os.open(path, flags, 0o666), "wb")


def file_to_append(path: Path) -> IO[bytes]:
    """A regular file, open for writing bytes at its end; an OSError where the path is a pipe or a link.

    Opening a pipe would wait for somebody who reads it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is no file")
    return open(descriptor, "ab")


def put_in_place(side: str, path: Path) -> None:
    """Rename `side` to `path`; a folder of that name goes out of the way."""
    try:
        os.replace(side, path)
    except IsADirectoryError:
        os.rename(path, f"{path}.{os.urandom(4).hex()}.folder")
        os.replace(side, path)
