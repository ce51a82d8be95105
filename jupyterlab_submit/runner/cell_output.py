"""The output of a cell: bounded, and what is more in files of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .json_values import read_json, weight
from .messages import DISPLAYS, UNREADABLE
from .output_files import OutputFiles
from .output_links import cut_note, link
from .room import Room
from .spilled_outputs import VIEW, SpilledOutputs
from .stored import Joined, Stored, head_of, size_of
from .stream import StreamJoiner

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from .messages import Message
    from .output_links import Kept
    from .stored import Text


class CellOutput:
    """What one cell may put into the result; what is more goes into `files`, with a link in its place.

    Printed text is cut at `limit` characters in all, and so is each text that is displayed and
    updated, as %%px does, and each error. Figures and tables are results rather than floods: together
    they may have twenty times as much, and those of all cells what `room` has.
    """

    RICH_SHARE = 20
    FRAME = (
        100  # what a piece of printed text takes beside its text, so that many tiny ones count, too
    )
    RICH_FRAME = 2000  # the same of other outputs, which are several objects each
    MOST_LINKS = 200  # then one link says where the others are
    ERROR_SHARE = 10  # of the limit is shown of an error that is cut

    def __init__(
        self, cell: NotebookNode, number: int, limit: int, files: OutputFiles, room: Room
    ) -> None:
        self.cell = cell
        self.is_captured = False  # what comes goes into an output widget
        self._number = number
        self._limit = limit
        self._files = files
        self._room = room
        self._text_file = f"cell-{number}.txt"
        self._joiner = StreamJoiner()
        self._spilled = SpilledOutputs(files, number)
        self._text_is_whole = True
        self._said: set[str] = set()
        self._rich = 0  # what figures and tables take
        self.restart()

    def restart(self) -> None:
        """Nothing is shown: the cell begins, or has cleared its output."""
        self._printed = 0
        self._counted = 0  # characters printed since the shown ones were counted
        self._print_is_cut = False
        self._take(-self._rich)
        self._sizes: dict[str, int] = {}  # of displays that may be updated
        self._links = 0
        self._spilled.clear()

    def admit(self, msg: Message) -> list[Message]:
        """The messages to show for one: itself, whole or cut, a link, or none."""
        kind = msg["msg_type"]
        if kind == "stream":
            return self._admit_text(msg)
        if kind in DISPLAYS:
            return self._admit_rich(msg)
        if kind == "error":
            return self._admit_error(msg)
        if kind == UNREADABLE:
            why = msg["content"]["why"]
            note = f"\n[... an output of this cell could not be read: {why}]\n"
            return self._admit_text(shown_text(msg, note))
        return [msg]

    def say_once(self, msg: Message, text: str) -> list[Message]:
        """The message that says something in the cell; none for what it has said already."""
        if text in self._said:
            return []
        self._said.add(text)
        return [shown_text(msg, f"\n[... {text}]\n")]

    def add(self, outputs: list[NotebookNode]) -> None:
        self._joiner.add(outputs)

    def settle(self) -> None:
        self._joiner.settle()
        self._files.flush()

    def close(self) -> None:
        """The cell has ended."""
        self.settle()
        self._files.close()

    def _admit_text(self, msg: Message) -> list[Message]:
        text = msg["content"]["text"]
        if self._print_is_cut:
            return self._keep(msg, text)
        size = size_of(text) if isinstance(text, Stored) else len(text)
        room = self._limit - self._printed - self.FRAME * len(self.cell.outputs)
        self._counted += size
        if size > room and not self.is_captured and self._counted > self._limit / 10:
            # What was counted may have been overwritten since, by a progress bar.
            shown = len(self._shown())
            room += self._printed - shown
            self._printed = shown
            self._counted = 0
        if size > room:
            return self._cut_text(msg, text, max(room, 0))
        text = text.text() if isinstance(text, Stored) else text
        self._printed += len(text)
        return [shown_text(msg, text)]

    def _cut_text(self, msg: Message, text: Text, room: int) -> list[Message]:
        self._print_is_cut = True
        more = self._keep(msg, self._shown()) or self._keep(msg, text)
        if more:
            return [shown_text(msg, head_of(text, room)), *more]
        where = self._files.place(self._text_file)
        note = f"\n[... cut here: this cell printed too much for a notebook. All of it: {where}]\n"
        data = link(self._files, [(self._text_file, "text/plain", None)], "The whole printed text")
        cut = shown_text(msg, head_of(text, room) + note)
        return [cut, like(msg, "display_data", {"data": data, "metadata": {}})]

    def _shown(self) -> str:
        self._joiner.settle()
        return "".join(o.text for o in self.cell.outputs if o.output_type == "stream")

    def _keep(self, msg: Message, text: Text) -> list[Message]:
        """Add printed text to its file; what to say when it is not all there, once."""
        if self._files.append(self._text_file, text) or not self._text_is_whole:
            return []
        self._text_is_whole = False
        note = "\n[... there was no room to keep the rest of what this cell printed]\n"
        return [shown_text(msg, note)]

    def _admit_rich(self, msg: Message) -> list[Message]:
        msg, notes = self._without_large_metadata(msg)
        content = msg["content"]
        display_id = content["transient"].get("display_id")
        is_update = msg["msg_type"] == "update_display_data"
        data = dict(content["data"])
        text: Any = data.get("text/plain")
        is_cut = bool(display_id) and is_long_text(text, self._limit)
        if is_cut:
            # A displayed text that goes on growing, as the output of an engine under %%px does.
            data["text/plain"] = head_of(text, self._limit)
        frame = 0 if is_update else self.RICH_FRAME
        before = self._sizes.get(display_id, 0)
        size = self._weight([*data.values(), content["metadata"]])
        if display_id and not is_update:
            self._spilled.own(display_id)
        if self._has_room(frame + size - before):
            self._count(display_id, frame, size)
            whole = {"text/plain": text}
            data = {mime: loaded(value) for mime, value in data.items()}
            if not is_cut:
                self._spilled.forget(display_id)
                return [*notes, like(msg, msg["msg_type"], {**content, "data": data})]
            data["text/plain"] += cut_note(self._files, self._spilled.add(whole, display_id))
        else:
            names = self._spilled.add(content["data"], display_id)
            # An update takes the place of something that is shown already.
            self._links += not is_update
            if self._links > self.MOST_LINKS:
                return notes
            data = self._in_place_of(content["data"], names)
            self._count(display_id, frame, self._weight(data.values()))
        return [*notes, like(msg, msg["msg_type"], {**content, "data": data, "metadata": {}})]

    def _without_large_metadata(self, msg: Message) -> tuple[Message, list[Message]]:
        """The message, and what is said of metadata that was taken out of it."""
        metadata = msg["content"]["metadata"]
        if not isinstance(metadata, Stored) and weight(metadata) <= self._limit:
            return msg, []
        msg = like(msg, msg["msg_type"], {**msg["content"], "metadata": {}})
        self._links += 1
        if self._links > self.MOST_LINKS:
            return msg, []
        names = self._spilled.add({"application/json": metadata}, None)
        return msg, [shown_text(msg, cut_note(self._files, names, "the metadata of an output"))]

    def _admit_error(self, msg: Message) -> list[Message]:
        content = msg["content"]
        texts = [content["ename"], content["evalue"], *content["traceback"]]
        size = sum(map(size_of, texts))
        if size <= self._limit and self._has_room(self.RICH_FRAME + size):
            self._count(None, self.RICH_FRAME, size)
            parts = {"ename": loaded(texts[0]), "evalue": loaded(texts[1])}
            return [
                like(msg, "error", {**content, **parts, "traceback": [*map(loaded, texts[2:])]})
            ]
        names = self._spilled.add({"text/plain": Joined(texts[2:] or texts)}, None)
        self._links += 1
        if self._links > self.MOST_LINKS:
            return []
        most = self._limit // self.ERROR_SHARE
        ename, evalue, *lines = (head_of(text, most // len(texts) + 1) for text in texts)
        lines.append(cut_note(self._files, names, "this error"))
        cut = {**content, "ename": ename[:200], "evalue": evalue, "traceback": lines}
        self._count(None, self.RICH_FRAME, self._weight(lines))
        return [like(msg, "error", cut)]

    def _weight(self, values: Iterable[Any]) -> int:
        """What values take, or their bytes where these are too many in any case."""
        stored = sum(value.size for value in values if isinstance(value, Stored))
        if stored > self.RICH_SHARE * self._limit:
            return stored
        return sum(map(weight, values))

    def _has_room(self, size: int) -> bool:
        return self._rich + size <= self.RICH_SHARE * self._limit and self._room.has(size)

    def _count(self, display_id: str | None, frame: int, size: int) -> None:
        if display_id:
            frame -= self._sizes.get(display_id, 0)
            self._sizes[display_id] = size
        self._take(frame + size)

    def _take(self, size: int) -> None:
        self._rich += size
        self._room.take(size)

    def _in_place_of(self, data: dict[str, Any], names: list[Kept]) -> dict[str, Any]:
        """What the cell shows for an output that is in files."""
        if not names:
            text = "This output is too much for a notebook, and there was no room to keep it."
            return {"text/plain": text}
        shown = link(self._files, names, "An output too large for a notebook")
        if self._links == self.MOST_LINKS:
            rest = f"More such outputs of this cell are beside it: cell-{self._number}-…"
            shown = {mime: f"{text}\n{rest}" for mime, text in shown.items()}
        if VIEW in data and not isinstance(data[VIEW], Stored):
            shown[VIEW] = data[VIEW]
        return shown


def is_long_text(value: object, limit: int) -> bool:
    if isinstance(value, Stored):
        return not value.is_json and value.size > limit
    return isinstance(value, str) and len(value) > limit


def loaded(value: Any) -> Any:
    if not isinstance(value, Stored):
        return value
    return read_json(value.text().encode()) if value.is_json else value.text()


def shown_text(msg: Message, text: str) -> Message:
    return like(msg, "stream", {"name": msg["content"].get("name", "stdout"), "text": text})


def like(msg: Message, kind: str, content: dict[str, Any]) -> Message:
    """A message as `msg`, but of that kind and with that content."""
    return {
        **msg,
        "msg_type": kind,
        "header": {**msg["header"], "msg_type": kind},
        "content": content,
    }
