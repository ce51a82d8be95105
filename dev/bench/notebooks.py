"""The notebooks that are measured with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

PX_CELLS = [
    "import ipyparallel as ipp\nrc = ipp.Client()\nrc.ids",
    "%%px\nimport os\nos.getpid()",
    "rc[:].map_sync(lambda x: x * x, range(32))",
]


def write_notebook(file: Path, sources: Sequence[str]) -> None:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": cells,
    }
    file.write_text(json.dumps(notebook))


def check_px(file: Path, engines: int) -> None:
    """A way that did not run the notebook on all engines is not measured."""
    first, *_ = json.loads(file.read_text())["cells"]
    shown = "".join(first["outputs"][-1]["data"]["text/plain"])
    assert shown == str(list(range(engines))), shown
