"""A %%px notebook on engines of this machine: by hand in two ways, and by us."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev.bench.compare import compare
from dev.bench.home import JUPYTER, Home
from dev.bench.notebooks import PX_CELLS, check_px, write_notebook

ENGINES = 4

# What people write: the sleeps are those of the recipes that have gone round since 2014.
BY_HAND = """
ipcontroller --profile-dir="$P" --log-level=ERROR & controller=$!
{first}
for i in $(seq {engines}); do ipengine --profile-dir="$P" --log-level=ERROR & done
{then}
jupyter execute --inplace notebook.ipynb
kill $(jobs -p); wait
"""


def measure(home: Home, rounds: int) -> None:
    compare(
        f"a %%px notebook on {ENGINES} engines, from the command to the executed file",
        {
            "by hand, with the sleeps of the usual recipe": lambda: by_hand(home, True),
            "by hand, waiting for the engines": lambda: by_hand(home, False),
            "jupyter submit": lambda: by_us(home),
        },
        rounds,
        with_memory=True,
    )


def by_hand(home: Home, with_sleeps: bool) -> None:
    folder = home.folder()
    write_notebook(folder / "notebook.ipynb", PX_CELLS)
    waiting = f"python -c 'import ipyparallel as i; i.Client().wait_for_engines({ENGINES})'"
    until_file = 'until [ -s "$P/security/ipcontroller-engine.json" ]; do sleep 0.1; done'
    script = BY_HAND.format(
        first="sleep 10" if with_sleeps else until_file,
        then="sleep 25" if with_sleeps else waiting,
        engines=ENGINES,
    )
    profile = folder / "ipython/profile_default"
    profile.mkdir(parents=True)
    env = {**home.variables, "IPYTHONDIR": str(profile.parent), "P": str(profile)}
    quiet(["bash", "-c", script], folder, env)
    check_px(folder / "notebook.ipynb", ENGINES)


def by_us(home: Home) -> None:
    folder = home.folder()
    write_notebook(folder / "notebook.ipynb", PX_CELLS)
    command = [JUPYTER, "submit", "notebook.ipynb", "--time", "10m", "--cores", str(ENGINES)]
    quiet(command, folder, home.variables)
    check_px(next(folder.glob("notebook.*.ipynb")), ENGINES)


def quiet(command: list[str], cwd: Path, env: Mapping[str, str]) -> None:
    subprocess.run(
        command,
        cwd=cwd,
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
