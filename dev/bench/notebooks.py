"""The notebooks that are measured with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from dev.notebook import notebook_text

PX_CELLS = [
    "import ipyparallel as ipp\nrc = ipp.Client()\nrc.ids",
    "%%px\nimport os\nos.getpid()",
    "rc[:].map_sync(lambda x: x * x, range(32))",
]


def write_notebook(file: Path, sources: Sequence[str]) -> None:
    file.write_text(notebook_text(sources))


def check_px(file: Path, engines: int) -> None:
    """A way that did not run the notebook on all engines is not measured."""
    first, *_ = json.loads(file.read_text())["cells"]
    shown = "".join(first["outputs"][-1]["data"]["text/plain"])
    assert shown == str(list(range(engines))), shown
