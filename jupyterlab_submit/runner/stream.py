"""Printed output: joined as it arrives."""

import re


class StreamJoiner:
    r"""Joins pieces of a stream into one output, as Lab does; `\r` and `\b` take effect.

    Pieces wait in a list until they are needed: 20,000 flushed lines are joined a few times only.
    """

    def __init__(self):
        self._output = None
        self._pieces = []
        self._waiting = 0

    def add(self, outputs):
        """Take the stream output that was just appended into the one before it, if it goes on."""
        latest = outputs[-1]
        text = latest.text
        if len(outputs) > 1 and outputs[-2] is self._output and latest.name == self._output.name:
            outputs.pop()
        else:
            self.settle()
            self._output = latest
            latest.text = ""
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting > 100_000:
            self.settle()

    def settle(self):
        """Bring the output up to date."""
        if self._pieces:
            text = self._output.text
            line = text.rfind("\n") + 1
            self._output.text = text[:line] + overwrite("".join([text[line:], *self._pieces]))
        self._pieces = []
        self._waiting = 0


def overwrite(text):
    r"""What is seen of a text in which `\r` went back to the start of a line, `\b` by one."""
    if "\b" in text:
        kept = []
        for character in text:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] != "\n":
                kept.pop()
        text = "".join(kept)
    return re.sub(r".*\r(?=[^\n])", "", text) if "\r" in text else text
