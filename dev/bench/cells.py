"""What running a cell costs beside nbclient, which runs it for us."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from dev.bench.compare import compare
from dev.bench.home import JUPYTER, Home
from dev.bench.notebooks import write_notebook
from dev.place import PYTHON

CELLS = 300
# The first and the last cell tell when they ran: starting and saving are not what is compared.
CLOCK = "import time\nprint(time.time())"
SMALL = "print(sum(range(1000)))"
NBCLIENT = """\
import sys
sys.modules["rfc3987_syntax"] = None
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read("notebook.ipynb", 4)
NotebookClient(notebook).execute()
nbformat.write(notebook, "executed.ipynb")
"""


def measure(home: Home, rounds: int) -> None:
    compare(
        f"{CELLS} small cells, from the first to the last",
        {"nbclient alone": lambda: alone(home), "jupyter submit": lambda: by_us(home)},
        rounds,
        {"nbclient alone": 1.05},
    )


def alone(home: Home) -> float:
    folder = folder_with_notebook(home)
    subprocess.run([PYTHON, "-c", NBCLIENT], cwd=folder, env=home.variables, check=True)
    return from_first_to_last(folder / "executed.ipynb")


def by_us(home: Home) -> float:
    folder = folder_with_notebook(home)
    command = [JUPYTER, "submit", "notebook.ipynb", "--cores", "1", "--time", "10m"]
    subprocess.run(command, cwd=folder, env=home.variables, check=True, stdout=subprocess.DEVNULL)
    return from_first_to_last(next(folder.glob("notebook.*.ipynb")))


def folder_with_notebook(home: Home) -> Path:
    folder = home.folder()
    write_notebook(folder / "notebook.ipynb", [CLOCK, *[SMALL] * CELLS, CLOCK])
    return folder


def from_first_to_last(file: Path) -> float:
    first, *_, last = json.loads(file.read_text())["cells"]
    return moment(last) - moment(first)


def moment(cell: dict) -> float:
    return float("".join(cell["outputs"][0]["text"]))
