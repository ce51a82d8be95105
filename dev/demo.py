"""run.py demo: an example notebook, on four engines of this machine, through the real sidecar."""

from __future__ import annotations

import os

from dev.place import ENVIRONMENT, ROOT, variables
from dev.set_up import set_up

DEMO = ["examples/monte_carlo_pi.ipynb", "--cores", "4", "--time", "10m"]


def main(arguments: list[str]) -> int:
    set_up()
    os.chdir(ROOT)
    jupyter = str(ENVIRONMENT / "bin/jupyter")
    # Ctrl-C and the exit code are then those of `jupyter submit` itself.
    os.execve(jupyter, [jupyter, "submit", *DEMO, *arguments], variables())
