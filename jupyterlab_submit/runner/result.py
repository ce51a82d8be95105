"""`result.ipynb`: the notebook so far."""

import concurrent.futures
import time

from .atomic import write_atomically
from .log import log


class Result:
    """`result.ipynb`: the notebook as it is, saved when something has changed.

    The text is made here and written by one thread, so that saves keep their order and a slow file
    system holds nothing up. When a save takes more than a quarter of `seconds`, they get rarer. After
    many small cells it may come a little later, so that making the text takes little of the time.
    """

    SHARE = 0.02  # of the time, for making the text after cells

    def __init__(self, path, notebook, seconds):
        self.notebook = notebook
        self.changed = True
        self._path = path
        self._seconds = seconds
        self._soon = False
        self._next = 0.0  # monotonic time of the next save within a cell
        self._next_soon = 0.0  # the same of one that was asked for
        self._pending = None
        self._writer = concurrent.futures.ThreadPoolExecutor(max_workers=1)

    def save_soon(self):
        """Save now, or as soon as the last one is over and has had its share of the time."""
        self.changed = True
        self._soon = True
        self.save_if_due()

    def save_if_due(self):
        busy = self._pending is not None and not self._pending.done()
        due = self._next_soon if self._soon else self._next
        if self.changed and not busy and time.monotonic() >= due:
            self.save()

    def save(self):
        """Begin a save; returns a future that tells whether it worked."""
        from nbformat import v4

        began = time.monotonic()
        self.changed = self._soon = False
        text = v4.writes(self.notebook) + "\n"
        made = time.monotonic()
        self._next_soon = made + min(self._seconds, (made - began) / self.SHARE)
        self._pending = self._writer.submit(self._write, text, began)
        return self._pending

    def _write(self, text, began):
        try:
            write_atomically(self._path, text)
            return True
        except OSError as error:
            log.warning("The result could not be saved: %s", error)
            self.changed = True
            return False
        finally:
            took = time.monotonic() - began
            self._next = time.monotonic() + max(self._seconds - took, 4 * took)
