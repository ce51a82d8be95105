"""run.py build: set up, and build."""

from __future__ import annotations

from dev.place import BUNDLE, EXTENSION, ROOT
from dev.set_up import set_up


def main(arguments: list[str]) -> int:
    set_up()
    print(f"built: {BUNDLE.relative_to(ROOT)}/, {EXTENSION.relative_to(ROOT)}/")
    return 0
