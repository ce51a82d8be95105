"""Which kernels Jupyter has here, by name: looked up in folders, at no more cost than needed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from pathlib import Path

from jupyter_core.paths import jupyter_path

# What jupyter_client makes of the Python that it runs in, where no folder has one of this name.
NATIVE = "python3"
# What else may know kernels: nb_conda_kernels does, which costs seconds to ask.
FINDERS = ("nb_conda_kernels",)


def kernel_names() -> list[str] | None:
    """All names, in lower case; None where others than folders may know more."""
    if any(importlib.util.find_spec(finder) for finder in FINDERS):
        return None
    users = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()
    found = {NATIVE}
    for folder in [*map(Path, jupyter_path("kernels")), users / "kernels"]:
        with contextlib.suppress(OSError):
            found.update(
                kernel.name.lower()
                for kernel in folder.iterdir()
                if (kernel / "kernel.json").is_file()
            )
    return sorted(found)
