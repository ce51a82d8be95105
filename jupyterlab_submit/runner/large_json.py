"""The content of a message that is too large to hold: texts and values that are long are left in files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .json_values import read_json
from .stored import Stored

if TYPE_CHECKING:
    from .stored import Text

LONG = 65_536  # bytes, from which on a value is stored
MOST_MEMBERS = 1000  # of what is taken apart
NO_BLANK = re.compile(rb"[^ \t\r\n]")
SCALAR = re.compile(rb"[^ \t\r\n,\]}]{1,400}")
TOKENS = re.compile(rb'["\[\]{}]')
OPENING = (b"[", b"{")


def read_large(chunks: Iterable[bytes], folder: str) -> dict[str, Any]:
    """The content of a message, from pieces of its JSON; what is long in it is a Stored.

    Only what outputs have is taken apart: `data` and `traceback`. Raises ValueError.
    """
    return LargeReader(chunks, folder).content()


class LargeReader:
    """Reads JSON from the front, and holds a few pieces of it at once."""

    def __init__(self, chunks: Iterable[bytes], folder: str) -> None:
        self._chunks = iter(chunks)
        self._folder = folder
        self._buffer = b""
        self._at = 0

    def content(self) -> dict[str, Any]:
        return self._members(
            lambda name: (
                self._members(lambda _: self._value())
                if name == "data" and self._next() == b"{"
                else self._elements()
                if name == "traceback" and self._next() == b"["
                else self._value()
            )
        )

    def _members(self, read_member: Callable[[str], Any]) -> dict[str, Any]:
        self._expect(b"{")
        members: dict[str, Any] = {}
        if self._next() == b"}":
            self._at += 1
            return members
        while len(members) < MOST_MEMBERS:
            name = self._string()
            if isinstance(name, Stored):
                raise ValueError("it has a name that is too long")
            self._expect(b":")
            members[name] = read_member(name)
            if not self._goes_on(b"}"):
                return members
        raise ValueError("it has too many parts")

    def _elements(self) -> list[Any]:
        self._expect(b"[")
        elements: list[Any] = []
        if self._next() == b"]":
            self._at += 1
            return elements
        while len(elements) < MOST_MEMBERS:
            elements.append(self._value())
            if not self._goes_on(b"]"):
                return elements
        raise ValueError("it has too many parts")

    def _value(self) -> Any:
        first = self._next()
        if first == b'"':
            return self._string()
        if first in OPENING:
            return self._container()
        while True:
            scalar = SCALAR.match(self._buffer, self._at)
            if scalar is None:
                raise ValueError("it is no JSON")
            if scalar.end() < len(self._buffer) or not self._more():
                break
        self._at = scalar.end()
        return read_json(scalar.group())

    def _string(self) -> Text:
        self._expect(b'"')
        text = LongText(self._folder)
        while True:
            piece, masked = self._piece()
            end = masked.find(b'"')
            if end >= 0:
                text.add(piece[:end])
                self._at += end + 1
                return text.value()
            text.add(piece)
            self._at += len(piece)
            self._need_more()

    def _container(self) -> Any:
        kept = Kept(self._folder)
        depth = 0
        in_string = False
        while True:
            piece, masked = self._piece()
            for token in TOKENS.finditer(masked):
                character = token.group()
                if character == b'"':
                    in_string = not in_string
                elif not in_string:
                    depth += 1 if character in OPENING else -1
                    if depth == 0:
                        kept.add(piece[: token.end()])
                        self._at += token.end()
                        return kept.value()
            kept.add(piece)
            self._at += len(piece)
            self._need_more()

    def _piece(self) -> tuple[bytes, bytes]:
        """What is there, and the same without what is escaped; a backslash at its end waits for what comes."""
        piece = self._buffer[self._at :]
        masked = piece.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        if masked.endswith(b"\\"):
            return piece[:-1], masked[:-1]
        return piece, masked

    def _next(self) -> bytes:
        """The next byte that is no blank; it is not taken."""
        while True:
            found = NO_BLANK.search(self._buffer, self._at)
            if found:
                self._at = found.start()
                return found.group()
            self._at = len(self._buffer)
            self._need_more()

    def _goes_on(self, closing: bytes) -> bool:
        """Whether a comma comes; otherwise it has to be the end."""
        separator = self._next()
        self._at += 1
        if separator not in (b",", closing):
            raise ValueError("it is no JSON")
        return separator == b","

    def _expect(self, byte: bytes) -> None:
        if self._next() != byte:
            raise ValueError("it is no JSON")
        self._at += 1

    def _need_more(self) -> None:
        if not self._more():
            raise ValueError("it ends in the middle")

    def _more(self) -> bool:
        chunk = next(self._chunks, b"")
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return bool(chunk)


class Kept:
    """The JSON of a container: held while it is short."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._data = b""
        self._stored: Stored | None = None

    def add(self, data: bytes) -> None:
        if self._stored is None and len(self._data) + len(data) <= LONG:
            self._data += data
            return
        if self._stored is None:
            self._stored = Stored(self._folder, is_json=True)
            self._stored.add(self._data)
        self._stored.add(data)

    def value(self) -> Any:
        return read_json(self._data) if self._stored is None else self._stored


class LongText:
    """The text of a JSON string, from pieces of it: held while it is short."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._rest = b""  # may end within an escape or a character
        self._texts: list[str] = []
        self._length = 0
        self._stored: Stored | None = None

    def add(self, data: bytes) -> None:
        data = self._rest + data
        end = whole_until(data)
        self._rest = data[end:]
        self._keep(data[:end])

    def value(self) -> Text:
        self._keep(self._rest)
        return "".join(self._texts) if self._stored is None else self._stored

    def _keep(self, data: bytes) -> None:
        text = json.loads('"' + data.decode("utf-8", "replace") + '"', strict=False)
        self._length += len(text)
        if self._stored is None and self._length <= LONG:
            self._texts.append(text)
            return
        if self._stored is None:
            self._stored = Stored(self._folder)
            self._stored.add("".join(self._texts).encode("utf-8", "replace"))
        self._stored.add(text.encode("utf-8", "replace"))


def whole_until(data: bytes) -> int:
    r"""Where a piece of a string can be cut: not within UTF-8, `\u1234`, or two of these that are one character."""
    end = len(data)
    for back in range(1, min(4, end + 1)):
        if data[-back] >= 0xC0:
            end -= back
        if data[-back] < 0x80 or data[-back] >= 0xC0:
            break
    tail = data.replace(b"\\\\", b"__")[max(end - 24, 0) : end]
    last = tail.rfind(b"\\u")
    if last < 0 or len(tail) - last > 11:
        return end
    is_low = last >= 6 and re.fullmatch(rb"\\u[dD][89abAB]..", tail[last - 6 : last])
    return end - len(tail) + last - (6 if is_low else 0)
