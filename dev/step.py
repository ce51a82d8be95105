"""One step of the set-up: a line for the person, and the command's output only when it fails."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.place import ROOT


class StepFailed(Exception):
    """A step that did not work: what it was, the command, how it ended, and its output."""

    def __init__(self, what: str, command: Sequence[str | Path], ended: str, output: str):
        self.what = what
        self.output = output.strip()
        line = shlex.join(str(word) for word in command)
        self.text = f"{what} failed ({ended}):\n  {line}\n\n{self.output}".rstrip()
        super().__init__(self.text)

    def __str__(self) -> str:
        return self.text

    def add(self, advice: str) -> None:
        """Puts a sentence at the end that says what to do."""
        self.text += f"\n\n{advice}"


def run_step(
    what: str, command: Sequence[str | Path], variables: Mapping[str, str] | None = None
) -> None:
    """Runs a command in the repository's root, silently; raises StepFailed."""
    print(f"{what} ...", end=" ", flush=True)
    started = time.monotonic()
    try:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        print("failed", flush=True)
        raise StepFailed(what, command, "it could not be started", str(error)) from error
    if ended.returncode != 0:
        print("failed", flush=True)
        raise StepFailed(what, command, f"exit code {ended.returncode}", ended.stdout)
    print(f"{time.monotonic() - started:.0f} s", flush=True)
