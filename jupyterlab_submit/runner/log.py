"""The runner's own log, and the ends of the logs of others."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
from pathlib import Path
from typing import IO

LOG_TAIL_CHARACTERS = 2000
log = logging.getLogger("runner")


def open_log(path: Path) -> None:
    """Send our log, and the warnings of libraries, to `path`, each line with its time."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(
        logging.Formatter("%(asctime)s.%(msecs)03d  %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    logging.captureWarnings(True)
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)


def tail(*paths: Path) -> str:
    """The last lines of logs, at most 2000 characters in all, without terminal colors."""
    share = LOG_TAIL_CHARACTERS // max(len(paths), 1)
    ends = []
    for path in paths:
        with contextlib.suppress(OSError), open_file(path) as file:
            file.seek(max(0, os.path.getsize(path) - 2 * share))
            ends.append(plain(file.read().decode("utf-8", "replace")).strip()[-share:])
    return "\n".join(end for end in ends if end)


def open_file(path: Path) -> IO[bytes]:
    """Opens a file for reading bytes; an OSError at once where it is a pipe, which could keep us waiting."""
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(f"{path} is no file")
    return file


def plain(text: str) -> str:
    """Text without the escape sequences that color it in a terminal."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
