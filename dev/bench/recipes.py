"""A %%px notebook on engines of this machine: by hand in two ways, and by us."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from dev.place import ENVIRONMENT, variables

ENGINES = 4
CELLS = [
    "import ipyparallel as ipp\nrc = ipp.Client()\nrc.ids",
    "%%px\nimport os\nos.getpid()",
    "rc[:].map_sync(lambda x: x * x, range(32))",
]

# What people write: the sleeps are those of the recipes that have gone round since 2014.
BY_HAND = """
ipcontroller --profile-dir="$P" --log-level=ERROR & controller=$!
{first}
for i in $(seq {engines}); do ipengine --profile-dir="$P" --log-level=ERROR & done
{then}
jupyter execute --inplace notebook.ipynb
kill $(jobs -p); wait
"""


def by_hand(place: Path, with_sleeps: bool) -> None:
    folder = Path(tempfile.mkdtemp(dir=place))
    write_notebook(folder / "notebook.ipynb")
    waiting = f"python -c 'import ipyparallel as i; i.Client().wait_for_engines({ENGINES})'"
    until_file = 'until [ -s "$P/security/ipcontroller-engine.json" ]; do sleep 0.1; done'
    script = BY_HAND.format(
        first="sleep 10" if with_sleeps else until_file,
        then="sleep 25" if with_sleeps else waiting,
        engines=ENGINES,
    )
    home = folder / "ipython"
    (home / "profile_default").mkdir(parents=True)
    env = {**variables(), "IPYTHONDIR": str(home), "P": str(home / "profile_default")}
    quiet(["bash", "-c", script], cwd=folder, env=env)
    check(folder / "notebook.ipynb")


def by_us(place: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=place))
    write_notebook(folder / "notebook.ipynb")
    command = [str(ENVIRONMENT / "bin/jupyter"), "submit", "notebook.ipynb", "--time", "10m"]
    quiet([*command, "--cores", str(ENGINES)], cwd=folder, env=variables())
    check(next(folder.glob("notebook.*.ipynb")))


def quiet(command: list[str], cwd: Path, env: dict[str, str]) -> None:
    subprocess.run(
        command,
        cwd=cwd,
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def write_notebook(file: Path) -> None:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": cells,
    }
    file.write_text(json.dumps(notebook))


def check(file: Path) -> None:
    """A way that did not run the notebook on all engines is not measured."""
    first, *_ = json.loads(file.read_text())["cells"]
    shown = "".join(first["outputs"][-1]["data"]["text/plain"])
    assert shown == str(list(range(ENGINES))), shown
