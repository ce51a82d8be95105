"""run.py demo: an example notebook, on four engines of this machine, through the real sidecar.

Its jobs and its sidecar are kept in the checkout, beside nothing of the person's.
"""

from __future__ import annotations

import os

from dev.place import ENVIRONMENT, ROOT, variables
from dev.sealed import become, sealed
from dev.set_up import set_up

HOME = ROOT / ".demo"
DEMO = ["examples/monte_carlo_pi.ipynb", "--cores", "4", "--time", "10m"]


def main(arguments: list[str]) -> int:
    set_up()
    os.chdir(ROOT)
    HOME.mkdir(exist_ok=True)
    jupyter = str(ENVIRONMENT / "bin/jupyter")
    # Ctrl-C and the exit code are then those of `jupyter submit` itself.
    become([jupyter, "submit", *DEMO, *arguments], {**variables(), **sealed(str(HOME))})
