"""Bytes and texts that are too many to hold: in a file without a name, which is gone when nobody refers to it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, Union

if TYPE_CHECKING:
    Text = Union[str, "Stored"]
    Data = Union[str, bytes, "InPieces"]

CHUNK = 1_000_000  # bytes that are held at once


class InPieces(Protocol):
    """So many bytes, which are not held at once."""

    @property
    def size(self) -> int: ...

    def chunks(self) -> Iterator[bytes]: ...


class Stored:
    """Bytes in a file; `is_json` tells a JSON value from the text of a string."""

    def __init__(self, folder: str, is_json: bool = False) -> None:
        self.size = 0
        self.is_json = is_json
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)

    def add(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self.size += len(data)

    def chunks(self) -> Iterator[bytes]:
        """All of it, in pieces."""
        at = 0
        while at < self.size:
            data = os.pread(self._file.fileno(), CHUNK, at)
            if not data:
                raise OSError("a file of ours has become shorter")
            at += len(data)
            yield data

    def head(self, characters: int) -> str:
        """The text's first characters."""
        data = os.pread(self._file.fileno(), 4 * characters, 0)
        return data.decode("utf-8", "replace")[:characters]

    def text(self) -> str:
        """All of it, for what turns out to have room."""
        return b"".join(self.chunks()).decode("utf-8", "replace")


class Joined:
    """Texts one after the other, a line each at least; each may be stored."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = texts
        self.size = sum(size_of(text) + 1 for text in texts)

    def chunks(self) -> Iterator[bytes]:
        for text in self._texts:
            yield from chunks_of(text)
            yield b"\n"


def size_of(value: Data) -> int:
    """The bytes of a text, of bytes, or of what is stored."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "replace"))
    return len(value) if isinstance(value, bytes) else value.size


def chunks_of(value: Data) -> Iterable[bytes]:
    if isinstance(value, str):
        return [value.encode("utf-8", "replace")]
    return [value] if isinstance(value, bytes) else value.chunks()


def head_of(value: Text, characters: int) -> str:
    return value[:characters] if isinstance(value, str) else value.head(characters)
