"""A %%px notebook in Slurm behind SSH: by hand in two ways, and by us."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from dev.bench import by_hand
from dev.bench.compare import compare
from dev.bench.home import JUPYTER, Home, moments
from dev.bench.notebooks import PX_CELLS, check_px, write_notebook
from dev.bench.test_cluster import HOST, test_cluster
from dev.cluster.readiness import idle_nodes

USUAL = "by hand, with the sleeps of the usual recipe"
EXPERT = "by hand, an expert's script without sleeps"
# By the number of engines.
AIMS = {4: {USUAL: 0.12, EXPERT: 0.40}, 16: {USUAL: 0.12, EXPERT: 0.35}}


def measure(home: Home, rounds: int) -> None:
    with test_cluster(home) as ssh:
        for engines, aims in AIMS.items():
            ways = {
                USUAL: by_hand.with_sleeps,
                EXPERT: by_hand.as_an_expert,
                "jupyter submit": by_us,
            }
            compare(
                f"a %%px notebook on {engines} engines, over SSH to Slurm and back",
                {name: partial(timed, way, home, ssh, engines) for name, way in ways.items()},
                rounds,
                aims,
            )


def timed(way: Callable[..., None], home: Home, ssh: Sequence[str], engines: int) -> float:
    """The time that a way takes, from nothing: no connection, no sidecar, an idle cluster."""
    folder = home.folder()
    began = time.monotonic()
    way(ssh, folder, engines, home.variables)
    took = time.monotonic() - began
    home.end_sidecar()
    for _ in moments(30):
        if idle_nodes() == 4:
            break
    return took


def by_us(_: Sequence[str], folder: Path, engines: int, env: dict[str, str]) -> None:
    write_notebook(folder / "notebook.ipynb", PX_CELLS)
    command = [JUPYTER, "submit", "notebook.ipynb", "--cluster", HOST, "--time", "10m"]
    subprocess.run(
        [*command, "--cores", str(engines)],
        cwd=folder,
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    check_px(next(folder.glob("notebook.*.ipynb")), engines)
