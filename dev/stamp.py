"""Stamps: what an output was made from, kept inside that output, so that both vanish together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path


class Stamp:
    """Whether outputs are still made from these inputs.

    An input is a file, a folder with all that is below it, or a text. A missing output makes the
    stamp invalid, however right its content.
    """

    def __init__(self, file: Path, inputs: Sequence[Path | str], outputs: Sequence[Path] = ()):
        self.file = file
        self.outputs = outputs
        self.digest = digest(inputs)

    def is_valid(self) -> bool:
        if not all(output.exists() for output in self.outputs):
            return False
        try:
            return self.file.read_text() == self.digest
        except OSError:
            return False

    def remove(self) -> None:
        """Called before the work, so that a half-done one is done again."""
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        """Called after the work, and only when it succeeded."""
        self.file.write_text(self.digest)


def digest(inputs: Iterable[Path | str]) -> str:
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            total.update(f"text {item}\0".encode())
            continue
        for file in files(item):
            total.update(f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}\0".encode())
    return total.hexdigest()


def files(path: Path) -> list[Path]:
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
