"""The output of a cell: bounded, and what is more in a file of its own."""

import json
import os

from .stream import StreamJoiner


class CellOutput:
    """What one cell may put into the result; what is more goes into a text file of its own.

    Printed text is cut at `limit` characters in all, and so is each text that is displayed and
    updated, as %%px does. Figures and tables are results rather than floods: together they may
    have twenty times as much.
    """

    RICH_SHARE = 20
    FRAME = 100  # what an output takes beside its text, so that many tiny ones count, too
    TEXT_FILE_LIMIT = 1_000_000_000  # a cell that prints for days must not fill the disk

    def __init__(self, cell, limit, text_file):
        self.cell = cell
        self._limit = limit
        self._text_file = text_file
        self._joiner = StreamJoiner()
        self._room_in_file = self.TEXT_FILE_LIMIT
        self._file = None
        self._whole = {}  # the whole of displayed texts that were cut, by display id
        self.restart()

    def restart(self):
        """Nothing is shown: the cell begins, or has cleared its output."""
        self._printed = 0
        self._print_is_cut = False
        self._rich_sizes = {}
        self._rich_is_cut = False

    def admit(self, msg):
        """The message as it may be shown: whole, cut, or None."""
        if msg["msg_type"] == "stream":
            text = self._admit_text(msg["content"]["text"])
            return like(msg, "stream", {**msg["content"], "text": text}) if text else None
        if msg["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            return self._admit_rich(msg)
        return msg

    def add(self, outputs):
        self._joiner.add(outputs)

    def settle(self):
        self._joiner.settle()

    def close(self):
        """The cell has ended."""
        self.settle()
        for text in self._whole.values():
            self._keep(text + "\n")
        if self._file is not None:
            self._file.close()

    def _admit_text(self, text):
        if self._print_is_cut:
            self._keep(text)
            return ""
        room = self._limit - self._printed - self.FRAME * len(self.cell.outputs)
        if len(text) > room:
            # What was counted may have been overwritten since, by a progress bar.
            shown = self._shown()
            room += self._printed - len(shown)
            self._printed = len(shown)
        if len(text) > room:
            self._print_is_cut = True
            self._keep(shown + text)
            return text[: max(room, 0)] + self._marker()
        self._printed += len(text)
        return text

    def _shown(self):
        self.settle()
        return "".join(o.text for o in self.cell.outputs if o.output_type == "stream")

    def _admit_rich(self, msg):
        content = msg["content"]
        display_id = (content.get("transient") or {}).get("display_id")
        data = dict(content["data"])
        if display_id and isinstance(data.get("text/plain"), str):
            data["text/plain"] = self._cut(data["text/plain"], display_id)
        sizes = [len(v) if isinstance(v, str) else len(json.dumps(v)) for v in data.values()]
        size = self.FRAME + sum(sizes)
        place = display_id or len(self._rich_sizes)
        others = sum(self._rich_sizes.values()) - self._rich_sizes.get(place, 0)
        if others + size <= self.RICH_SHARE * self._limit:
            self._rich_sizes[place] = size
            return like(msg, msg["msg_type"], {**content, "data": data})
        self._keep(str(content["data"].get("text/plain", "")) + "\n")
        if self._rich_is_cut:
            return None
        self._rich_is_cut = True
        return like(msg, "stream", {"name": "stdout", "text": self._marker()})

    def _cut(self, text, display_id):
        """A displayed text that goes on growing, as the output of an engine under %%px does."""
        if len(text) <= self._limit:
            return text
        self._whole[display_id] = text
        return text[: self._limit] + self._marker()

    def _marker(self):
        name = os.path.join(self._text_file.parent.name, self._text_file.name)
        return (
            f"\n[... cut here: this cell put out too much for a notebook. All of it is in {name}]\n"
        )

    def _keep(self, text):
        if self._file is None:
            self._file = open(self._text_file, "a", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._file.write(text[: self._room_in_file])
        self._room_in_file -= min(len(text), self._room_in_file)


def like(msg, kind, content):
    """A message as `msg`, but of that kind and with that content."""
    return {
        **msg,
        "msg_type": kind,
        "header": {**msg["header"], "msg_type": kind},
        "content": content,
    }
