"""What every Python of a job runs at its start, whoever starts it: it knows the job's engines, too.

A `sitecustomize` (docs.python.org/3/library/site.html), first on PYTHONPATH, which takes itself away
and gives way to the next one of that name. It imports nothing of ours before ipyparallel is imported.
"""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

HOOK = """\
import sys
folder = {folder!r}
sys.path[:] = [path for path in sys.path if path != folder]
ours = sys.modules.pop("sitecustomize", None)
try:
    import sitecustomize
except ImportError as error:
    if getattr(error, "name", "sitecustomize") != "sitecustomize":
        raise
finally:
    sys.modules.setdefault("sitecustomize", ours)


class Attach:
    called = False

    def find_spec(self, name, path=None, target=None):
        if not self.called and name.partition(".")[0] == "ipyparallel":
            self.called = True
{attach}


if sys.version_info >= (3, 8):
    sys.meta_path.insert(0, Attach())
"""


def write_hook(folder: Path, attach: str) -> None:
    """Put it into `folder`; `attach` is lines of Python."""
    folder.mkdir()
    text = HOOK.format(folder=str(folder), attach=textwrap.indent(attach, " " * 12))
    (folder / "sitecustomize.py").write_text(text, "utf-8")


def with_hook(folder: Path, python_path: str) -> str:
    """PYTHONPATH with the hook in front; as it is where a folder's name cannot stand there."""
    if os.pathsep in str(folder):
        return python_path
    return os.pathsep.join(filter(None, [str(folder), python_path]))
