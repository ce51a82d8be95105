"""The output of a cell: bounded, and what is more in files of its own."""

import html
import json

from .output_files import file_of
from .stream import StreamJoiner


class CellOutput:
    """What one cell may put into the result; what is more goes into `files`, with a link in its place.

    Printed text is cut at `limit` characters in all, and so is each text that is displayed and
    updated, as %%px does. Figures and tables are results rather than floods: together they may
    have twenty times as much.
    """

    RICH_SHARE = 20
    FRAME = 100  # what an output takes beside its text, so that many tiny ones count, too
    MOST_LINKS = 200  # then one link says where the others are
    VIEW = "application/vnd.jupyter.widget-view+json"  # a word on what the notebook's metadata has

    def __init__(self, cell, number, limit, files):
        self.cell = cell
        self._number = number
        self._limit = limit
        self._files = files
        self._text_file = f"cell-{number}.txt"
        self._joiner = StreamJoiner()
        self._file_count = 0
        self._own_files = []  # of outputs that this cell shows
        self._own_displays = set()
        self._text_is_whole = True
        self.restart()

    def restart(self):
        """Nothing is shown: the cell begins, or has cleared its output."""
        self._printed = 0
        self._print_is_cut = False
        self._rich_sizes = {}
        self._links = 0
        for name in self._own_files:
            self._files.remove(name)
        for display_id in self._own_displays:
            self._forget(display_id)
        self._own_files = []
        self._own_displays = set()

    def admit(self, msg):
        """The messages to show for one: itself, whole or cut, a link, or none."""
        if msg["msg_type"] == "stream":
            return self._admit_text(msg)
        if msg["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            return self._admit_rich(msg)
        return [msg]

    def add(self, outputs):
        self._joiner.add(outputs)

    def settle(self):
        self._joiner.settle()
        self._files.flush()

    def close(self):
        """The cell has ended."""
        self.settle()
        self._files.close()

    def _admit_text(self, msg):
        text = msg["content"]["text"]
        if self._print_is_cut:
            return self._keep(msg, text)
        room = self._limit - self._printed - self.FRAME * len(self.cell.outputs)
        if len(text) > room:
            # What was counted may have been overwritten since, by a progress bar.
            shown = self._shown()
            room += self._printed - len(shown)
            self._printed = len(shown)
        if len(text) > room:
            self._print_is_cut = True
            more = self._keep(msg, shown + text)
            if more:
                return [shown_text(msg, text[: max(room, 0)]), *more]
            where = self._files.place(self._text_file)
            note = (
                f"\n[... cut here: this cell printed too much for a notebook. All of it: {where}]\n"
            )
            link = self._link([(self._text_file, "text/plain", None)], "The whole printed text")
            cut = shown_text(msg, text[: max(room, 0)] + note)
            return [cut, like(msg, "display_data", {"data": link, "metadata": {}})]
        self._printed += len(text)
        return [msg]

    def _shown(self):
        self._joiner.settle()
        return "".join(o.text for o in self.cell.outputs if o.output_type == "stream")

    def _keep(self, msg, text):
        """Add printed text to its file; what to say when it is not all there, once."""
        kept = self._files.append(self._text_file, text.encode("utf-8", "replace"))
        if kept or not self._text_is_whole:
            return []
        self._text_is_whole = False
        return [
            shown_text(
                msg, "\n[... there was no room to keep the rest of what this cell printed]\n"
            )
        ]

    def _admit_rich(self, msg):
        content = msg["content"]
        display_id = (content.get("transient") or {}).get("display_id")
        data = dict(content["data"])
        text = data.get("text/plain")
        is_cut = bool(display_id) and isinstance(text, str) and len(text) > self._limit
        if is_cut:
            # A displayed text that goes on growing, as the output of an engine under %%px does.
            data["text/plain"] = text[: self._limit]
        size = self.FRAME + sum(map(length, data.values()))
        place = display_id or len(self._rich_sizes)
        others = sum(self._rich_sizes.values()) - self._rich_sizes.get(place, 0)
        fits = others + size <= self.RICH_SHARE * self._limit
        if fits:
            self._rich_sizes[place] = size
        if fits and not is_cut:
            self._forget(display_id)
            return [msg]
        whole = {"text/plain": text} if fits else content["data"]
        if display_id and msg["msg_type"] != "update_display_data":
            self._own_displays.add(display_id)
        names = self._spill(whole, display_id)
        if fits:
            data["text/plain"] += self._cut_note(names)
        else:
            self._rich_sizes[place] = self.FRAME
            # An update takes the place of something that is shown already.
            self._links += msg["msg_type"] != "update_display_data"
            if self._links > self.MOST_LINKS:
                return []
            data = self._in_place_of(content["data"], names)
        return [like(msg, msg["msg_type"], {**content, "data": data, "metadata": {}})]

    def _cut_note(self, names):
        if not names:
            return "\n[... cut here: this is too much for a notebook, and there was no room to keep it]\n"
        where = self._files.place(names[0][0])
        return f"\n[... cut here: this is too much for a notebook. All of it: {where}]\n"

    def _in_place_of(self, data, names):
        """What the cell shows for an output that is in files."""
        if not names:
            text = "This output is too much for a notebook, and there was no room to keep it."
            return {"text/plain": text}
        shown = self._link(names, "An output too large for a notebook")
        if self._links == self.MOST_LINKS:
            rest = f"More such outputs of this cell are beside it: cell-{self._number}-…"
            shown = {mime: f"{text}\n{rest}" for mime, text in shown.items()}
        if self.VIEW in data:
            shown[self.VIEW] = data[self.VIEW]
        return shown

    def _link(self, names, what):
        """Links to files, which are right where the result is."""
        files = self._files
        places = [files.place(name) for name, _, _ in names]
        links = ", ".join(
            f'<a href="{html.escape(files.link(name))}">{html.escape(files.place(name))}</a>'
            + html.escape(f" ({mime}{'' if size is None else f', {readable(size)}'})")
            for name, mime, size in names
        )
        otherwise = f"If it is not there: {files.how_to_get}"
        return {
            "text/plain": f"{what}: {', '.join(places)}\n{otherwise}",
            "text/html": f"{html.escape(what)}: {links}<br><small>{html.escape(otherwise)}</small>",
        }

    def _spill(self, data, display_id):
        """Put an output into files, one for each of its types; their names, types and sizes.

        Of a display that is updated the last one counts: it keeps its files.
        """
        types = [mime for mime in data if mime not in ("text/plain", self.VIEW)]
        old = list(self._files.by_display.get(display_id, [])) if display_id else []
        names = []
        for mime in types or ["text/plain"]:
            end, content = file_of(mime, data.get(mime, ""))
            name = next((known for known in old if known.endswith(end)), None)
            if name is None:
                self._file_count += 1
                name = f"cell-{self._number}-{self._file_count}{end}"
                if not display_id:
                    self._own_files.append(name)
            else:
                old.remove(name)
            if self._files.write(name, content):
                names.append((name, mime, len(content)))
        for name in old:
            self._files.remove(name)
        if display_id:
            self._files.by_display[display_id] = [name for name, _, _ in names]
        return names

    def _forget(self, display_id):
        """An output that fits now needs no file."""
        for name in self._files.by_display.pop(display_id, []) if display_id else []:
            self._files.remove(name)


def length(value):
    return len(value) if isinstance(value, str) else len(json.dumps(value))


def readable(size):
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(size / 1e3, 0.1):.1f} kB"


def shown_text(msg, text):
    return like(msg, "stream", {"name": msg["content"].get("name", "stdout"), "text": text})


def like(msg, kind, content):
    """A message as `msg`, but of that kind and with that content."""
    return {
        **msg,
        "msg_type": kind,
        "header": {**msg["header"], "msg_type": kind},
        "content": content,
    }
