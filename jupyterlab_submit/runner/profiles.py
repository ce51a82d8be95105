"""The names of IPython profiles that programs of a notebook ask for.

In the kernel every name leads to the job's engines, whatever says it. A Python that a cell starts
(`!python fit.py`) knows nothing of that, and looks for a folder of that name.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

ASKED = re.compile(r"""profile\s*=\s*\\?["']([A-Za-z0-9_.-]+)\\?["']""")
MOST_FILES = 500
MOST_BYTES = 200_000


def profiles_asked_for(folder: Path) -> list[str]:
    """The names in the notebooks and programs of a folder, and those that are usual."""
    names = {"mpi"}
    files = itertools.chain(folder.glob("*.ipynb"), folder.rglob("*.py"))
    for file in itertools.islice(files, MOST_FILES):
        try:
            with open(file, encoding="utf-8", errors="replace") as text:
                names |= set(ASKED.findall(text.read(MOST_BYTES)))
        except OSError:
            continue
    return sorted(name for name in names - {"default", "jupyterlab_submit"} if name.strip("."))
