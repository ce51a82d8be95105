"""What a command that only asks takes."""

from __future__ import annotations

import subprocess

from dev.bench.compare import compare
from dev.bench.home import JUPYTER, Home


def measure(home: Home, rounds: int) -> None:
    def run(*arguments: str) -> None:
        command = [JUPYTER, *arguments]
        subprocess.run(command, env=home.variables, check=True, stdout=subprocess.DEVNULL)

    # Its sidecar runs, as it mostly does.
    run("submit", "list")
    compare(
        "a command that only asks",
        {
            "jupyter --version": lambda: run("--version"),
            "jupyter submit list": lambda: run("submit", "list"),
        },
        rounds,
    )
