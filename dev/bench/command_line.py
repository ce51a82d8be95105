"""What a command that only asks takes."""

from __future__ import annotations

import subprocess

from dev.place import ENVIRONMENT, variables

JUPYTER = str(ENVIRONMENT / "bin/jupyter")


def jupyter_version() -> None:
    run([JUPYTER, "--version"])


def submit_list() -> None:
    run([JUPYTER, "submit", "list"])


def run(command: list[str]) -> None:
    subprocess.run(command, env=variables(), check=True, stdout=subprocess.DEVNULL)
