"""Files that are replaced in one step."""

import contextlib
import os


def write_atomically(path, text, is_lasting=True):
    """Replace `path` in one step: a reader sees the old text or the new one, never a part.

    Waits for the disk, unless that is not worth it for a text that soon gives way to the next.
    """
    side = f"{path}.part"
    try:
        with open(side, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            if is_lasting:
                os.fsync(file.fileno())
        os.replace(side, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(side)  # on a full disk, half a file must not take the last of the space
        raise
