"""Files for outputs that are too much for the notebook, beside it when it is home."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import mimetypes
import os
import re
import time
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from .atomic import file_to_append, new_file
from .job import Job
from .log import log
from .stored import InPieces, Joined, Stored, chunks_of, size_of

if TYPE_CHECKING:
    from .stored import Data, Text

ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/latex": ".tex",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "application/javascript": ".js",
}
TEXTS = ("xml", "json", "javascript", "latex", "yaml", "toml")  # ends of types that are no bytes


class OutputFiles:
    """The folder `outputs` of a job directory, which comes home in the folder of the result's files.

    What it takes is bounded: a cell that prints or draws for days must not fill the disk.
    """

    LIMIT = 10_000_000_000  # bytes of all files together
    MOST = 10_000  # files
    PAUSE = 1.0  # seconds until a file that is updated is written again
    WAITING_LIMIT = 20_000_000  # bytes of updates that wait for that

    def __init__(self, job: Job) -> None:
        self._folder = job.folder / "outputs"
        self._home = f"{job.files_folder}/outputs"
        self._job_id = job.id
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._written: dict[str, float] = {}  # when a file was written last, by its name
        self._waiting: dict[str, Data] = {}  # what waits to be written, by name
        self._waiting_size = 0
        self._text: IO[bytes] | None = None  # the file that printed text goes into, by its name
        self.by_display: dict[
            str, list[str]
        ] = {}  # the names of the files of a display that is updated, by its id

    def place(self, name: str) -> str:
        """Where a file is beside the result."""
        return f"{self._home}/{name}"

    def link(self, name: str) -> str:
        """The same as a link in the result."""
        return quote(self.place(name))

    @property
    def how_to_get(self) -> str:
        """What to do where a file is not there."""
        return f"jupyter submit fetch {self._job_id}"

    def write(self, name: str, data: Data) -> bool:
        """Write a file; False when there is no room for it. What is updated often waits a little."""
        size = size_of(data)
        if not self._has_room(name, size):
            return False
        self._total += size - self._sizes.get(name, 0)
        self._sizes[name] = size
        written = self._written.get(name)
        if written is not None and time.monotonic() - written < self.PAUSE:
            self._wait_with(name, data)
            if self._waiting_size > self.WAITING_LIMIT:
                self.flush()
            return True
        return self._put(name, data)

    def append(self, name: str, data: Text) -> bool:
        """Write more into a file, as much as there is room for; False when it is not all."""
        if not self._has_room(name, self._sizes.get(name, 0)):
            return False
        try:
            if self._text is None:
                self._folder.mkdir(exist_ok=True)
                self._text = file_to_append(self._folder / name)
            for chunk in chunks_of(data):
                kept = chunk[: max(self.LIMIT - self._total, 0)]
                self._text.write(kept)
                self._sizes[name] = self._sizes.get(name, 0) + len(kept)
                self._total += len(kept)
                if len(kept) < len(chunk):
                    return False
        except OSError as error:
            log.warning("Printed text could not be kept: %s", error)
            return False
        return True

    def remove(self, name: str) -> None:
        """Remove a file that nothing links to any more."""
        self._total -= self._sizes.pop(name, 0)
        self._written.pop(name, None)
        self._wait_with(name, None)
        try:
            os.unlink(self._folder / name)
        except OSError as error:
            log.info("%s stays: %s", name, error)

    def flush(self) -> None:
        """Write what waits."""
        for name, data in list(self._waiting.items()):
            self._put(name, data)
        if self._text is not None:
            with contextlib.suppress(OSError):
                self._text.flush()

    def close(self) -> None:
        """The cell has ended, and its printed text with it."""
        if self._text is not None:
            with contextlib.suppress(OSError):
                self._text.close()
        self._text = None

    def _put(self, name: str, data: Data) -> bool:
        self._wait_with(name, None)
        try:
            self._folder.mkdir(exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._folder / name)
            with new_file(self._folder / name) as file:
                for chunk in chunks_of(data):
                    file.write(chunk)
        except OSError as error:
            log.warning("An output of a cell could not be kept: %s", error)
            self._total -= self._sizes.pop(name, 0)
            self._written.pop(name, None)
            return False
        self._written[name] = time.monotonic()
        return True

    def _wait_with(self, name: str, data: Data | None) -> None:
        """Keep what a file is to be written with later; None: nothing waits."""
        self._waiting_size -= held(self._waiting.pop(name, b""))
        if data is not None:
            self._waiting[name] = data
            self._waiting_size += held(data)

    def _has_room(self, name: str, size: int) -> bool:
        more = size - self._sizes.get(name, 0)
        return self._total + more <= self.LIMIT and (
            name in self._sizes or len(self._sizes) < self.MOST
        )


def file_of(mime: str, value: Any) -> tuple[str, Data]:
    """The ending of a file that holds an output of this type, and its bytes, or what has them in pieces."""
    if isinstance(value, (Stored, Joined)):
        return stored_file_of(mime, value)
    text = "".join(value) if is_lines(value) else value
    if not isinstance(text, str):
        return ".json", json.dumps(value, indent=1).encode()
    if not mime.startswith("text/") and not mime.endswith(TEXTS):
        try:
            return ending(mime, ".bin"), base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            pass  # it is text after all
    if mime == "text/html" and not text.isascii() and "charset" not in text[:1000]:
        text = '<meta charset="utf-8">\n' + text
    return ending(mime, ".txt"), text.encode("utf-8", "replace")


def stored_file_of(mime: str, value: Stored | Joined) -> tuple[str, Data]:
    if isinstance(value, Stored) and value.is_json:
        return ".json", value
    if not mime.startswith("text/") and not mime.endswith(TEXTS):
        size = decoded_size(value)
        if size is not None:
            return ending(mime, ".bin"), Decoded(value, size)
    return ending(mime, ".txt"), value


class Decoded:
    """The bytes that a stored text in base64 stands for."""

    def __init__(self, text: InPieces, size: int) -> None:
        self.size = size
        self._text = text

    def chunks(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._text.chunks():
            data = rest + b"".join(chunk.split())
            whole = len(data) // 4 * 4
            yield base64.b64decode(data[:whole])
            rest = data[whole:]


def decoded_size(text: InPieces) -> int | None:
    """How many bytes a stored text in base64 stands for; None where it is none."""
    size = 0
    end = b""
    for chunk in text.chunks():
        data = b"".join(chunk.split())
        if not re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", data) or (data and end.endswith(b"=")):
            return None
        size += len(data)
        end = data[-2:] or end
    return None if size % 4 else size // 4 * 3 - end.count(b"=")


def held(data: Data) -> int:
    """The bytes in memory."""
    return len(data) if isinstance(data, bytes) else 0


def ending(mime: str, otherwise: str) -> str:
    if mime.endswith("json"):
        return ".json"
    return ENDINGS.get(mime) or mimetypes.guess_extension(mime) or otherwise


def is_lines(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)
