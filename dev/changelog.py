"""run.py changelog VERSION: makes the files in changes/ into this version's part of CHANGELOG.md.

A change that a user sees is one file there, so that no two branches edit the same list.
"""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path

from dev.place import ROOT

# The kinds of changes, in the order in which they are listed.
KINDS = ("new", "changed", "fixed")
TEMPLATE = "template.md"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", arguments[0]):
        print("python3 run.py changelog VERSION, such as 1.2.0", file=sys.stderr)
        return 2
    try:
        count = release(ROOT, arguments[0], datetime.date.today())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} changes are in CHANGELOG.md under {arguments[0]}, and their files are gone.")
    return 0


def release(root: Path, version: str, day: datetime.date) -> int:
    """Puts all changes into the changelog, above earlier versions, removes their files, and says how many they were.

    Raises ValueError, and changes nothing, where one has not the template's form, there are none, or the version is listed.
    """
    files = change_files(root)
    if not files:
        raise ValueError("There is nothing in changes/.")
    changelog = root / "CHANGELOG.md"
    head, *earlier = re.split(r"^(?=## )", changelog.read_text(), flags=re.MULTILINE)
    if any(part.startswith(f"## {version} ") for part in earlier):
        raise ValueError(f"CHANGELOG.md has {version} already.")
    changes = [read_change(file) for file in files]
    changelog.write_text("".join([head, section(version, day, changes), *earlier]))
    for file in files:
        file.unlink()
    return len(files)


def change_files(root: Path) -> list[Path]:
    return sorted(file for file in (root / "changes").iterdir() if file.name != TEMPLATE)


def read_change(file: Path) -> tuple[str, str]:
    """The kind of a change, and its text; raises ValueError where the file has not the template's form."""
    found = re.fullmatch(r"([a-z]+)\n\n(\S[^\n]*(?:\n\S[^\n]*)*[.!?])\n", file.read_text())
    if file.suffix != ".md" or not found or found[1] not in KINDS:
        raise ValueError(f"changes/{file.name} has not the form of changes/{TEMPLATE}.")
    return found[1], found[2]


def section(version: str, day: datetime.date, changes: list[tuple[str, str]]) -> str:
    lines = [f"## {version} ({day.isoformat()})", ""]
    for kind in KINDS:
        texts = [text for which, text in changes if which == kind]
        if texts:
            lines += [f"### {kind.capitalize()}", ""]
            lines += ["- " + text.replace("\n", "\n  ") for text in texts] + [""]
    return "\n".join(lines) + "\n"
