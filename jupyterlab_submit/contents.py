"""Paths of Jupyter's contents and files, each into the other; nothing else knows how."""

from __future__ import annotations

import asyncio
import os

from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.services.contents.manager import ContentsManager
from jupyter_server.utils import ensure_async
from tornado.web import HTTPError

from jupyterlab_submit.refusal import Refusal


def file_of(contents: ContentsManager, path: str) -> str:
    """The absolute path of the file behind a path of Jupyter's contents.

    Links stay as they are: a result belongs beside what the person sees. Raises Refusal where the
    contents are not files, or the path leads out of the server's root.
    """
    refusal = Refusal("not-a-file", path=path)
    if not isinstance(contents, FileManagerMixin):
        raise refusal
    try:
        file: str = os.path.abspath(contents._get_os_path(path.strip("/")))
        # `RTC:a.ipynb` is a.ipynb of another drive, unless a file really has that name.
        is_drive = ":" in path.strip("/").split("/")[0] and not os.path.exists(file)
        os.fsencode(file)
    # A ValueError: no file can have such a name.
    except (HTTPError, ValueError) as error:
        raise refusal from error
    if is_drive:
        raise refusal
    return file


async def visible_file_of(contents: ContentsManager, path: str) -> str:
    """As `file_of`; raises Refusal also for what this server is configured to keep hidden."""
    file = file_of(contents, path)
    if not contents.allow_hidden and await ensure_async(contents.is_hidden(path.strip("/"))):
        raise Refusal("hidden-file", path=path)
    return file


async def path_of(contents: ContentsManager, file: str) -> str | None:
    """The path under which Jupyter's contents open a file; None where they do not."""
    if isinstance(contents, FileManagerMixin) and os.path.isabs(file):
        # Disks of other machines may take their time.
        for path in await asyncio.to_thread(paths_to, contents, file):
            if contents.allow_hidden or not await ensure_async(contents.is_hidden(path)):
                return path
    return None


def paths_to(contents: FileManagerMixin, file: str) -> list[str]:
    """Below the root as it is written, and where links really lead; best first."""
    found = []
    root: str = contents._get_os_path("")
    for base in (root, os.path.realpath(root)):
        for place in (os.path.normpath(file), real(file)):
            path = os.path.relpath(place, base).replace(os.sep, "/")
            if path not in found and is_same(contents, path, file):
                found.append(path)
    return found


def real(file: str) -> str:
    """Where links lead; a name that no file can have leads nowhere else."""
    try:
        return os.path.realpath(file)
    except ValueError:
        return file


def is_same(contents: FileManagerMixin, path: str, file: str) -> bool:
    try:
        place = contents._get_os_path(path)
        # One that was removed is still inside: whoever opens it is told that it is missing.
        return not os.path.lexists(file) or os.path.samefile(place, file)
    except (OSError, ValueError, HTTPError):
        # Another file, outside the root, or a name that no file can have.
        return False
