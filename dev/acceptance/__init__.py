"""test/acceptance/run: a folder of notebooks, executed as it is everywhere and by us, compared cell by cell.

Stock is ipyparallel's own cluster on this machine and plain nbclient, twice: what differs between
these two runs (random numbers, process ids) is compared without its numbers. Ours is `jupyter
submit`, to a test cluster or to *This machine*. Notebooks are copied, and nothing of them is kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from dev.acceptance.differences import differences
from dev.acceptance.runs import NotRun, ours, stock
from dev.acceptance.table import row, shown
from dev.bench.home import Home
from dev.bench.test_cluster import HOST, test_cluster
from dev.place import REPORTS
from dev.set_up import set_up

Notebook = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Returns 1 where a cell differs."""
    asked = parse(arguments)
    notebooks = sorted(asked.folder.rglob("*.ipynb"))
    chosen = [file for file in notebooks if file.match(asked.only) and ".ipynb_" not in str(file)]
    if not chosen:
        sys.exit(f"{asked.folder} has no notebook {asked.only}")
    set_up()
    shutil.rmtree(asked.keep, ignore_errors=True)
    rows, details = (
        [row("notebook", "cells", "same", "differ", "loosely", "errors", "s, s", "how")],
        [],
    )
    with Home() as home, nullcontext() if asked.cluster == "local" else test_cluster(home):
        for file in chosen:
            try:
                cells, lines = accept(home, file, asked)
            except NotRun as why:
                cells, lines = f"{file.name} was not run", [str(why)]
            rows.append(cells)
            details += lines
            print(cells, *lines, sep="\n", flush=True)
    print("", *rows, sep="\n")
    return 1 if details else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="test/acceptance/run", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folder", type=lambda name: Path(name).resolve())
    parser.add_argument("--only", default="*", help="notebooks of such names")
    parser.add_argument("--engines", type=int, default=4, help="(default: 4)")
    parser.add_argument(
        "--cluster",
        choices=[HOST, "local"],
        default=HOST,
        help="a test cluster (default), or local",
    )
    parser.add_argument(
        "--python",
        type=Path,
        help="has what the notebooks need (default: .venv's, or the cluster's)",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        default=REPORTS / "acceptance",
        help="the executed notebooks, to look into (default: .reports/acceptance)",
    )
    parser.add_argument(
        "--mpi", action="store_true", help="the stock cluster beside the notebook is of MPI ranks"
    )
    parser.add_argument("--minutes", type=int, default=10, help="for a run (default: 10)")
    return parser.parse_args(arguments)


def accept(home: Home, file: Path, asked: argparse.Namespace) -> tuple[str, list[str]]:
    """Runs and compares one notebook: its row of the table, and a line for each difference."""
    first, seconds = stock(home, file, asked)
    second, _ = stock(home, file, asked)
    result, our_seconds, how = ours(home, file, asked)
    name = str(file.relative_to(asked.folder))
    keep(asked.keep / name, {"stock": first, "stock-again": second, "ours": result})
    found = differences(first, second, result)
    code = [cell for cell in first["cells"] if cell["cell_type"] == "code"]
    errors = sum(any(out["output_type"] == "error" for out in cell["outputs"]) for cell in code)
    differ = len({cell for cell, _ in found.different})
    times = f"{seconds:.0f}, {our_seconds:.0f}"
    counts = (len(code), len(code) - differ, differ, found.loosely, errors, times, how)
    return row(name, *map(str, counts)), [shown(name, cell, why) for cell, why in found.different]


def keep(file: Path, notebooks: dict[str, Notebook]) -> None:
    """To look into: file.ipynb as file.stock.ipynb and so on. The next run removes it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for way, notebook in notebooks.items():
        file.with_suffix(f".{way}.ipynb").write_text(json.dumps(notebook))
