"""What a page showed when a test failed: what matters of the snapshot that Playwright leaves, in one line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# So much is told of each part, in characters, and of all of them; the whole snapshot is below .reports/browser.
LONGEST_PART = 500
LONGEST = 1500
# What our tests are about; the rest of a page is Jupyter's.
PART = re.compile(
    r"""- '?(dialog|alert|menu\b|tab .*\[selected\]|form "Submit to cluster"|region "Jobs")"""
)
SNAPSHOT = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Properties, and what could be chosen and is not.
LEFT_OUT = re.compile(r"- (/|option (?!.*\[selected\]))")
MARKS = re.compile(r" \[(ref|cursor)=.*?\]")
ROLES = re.compile(r"- ((generic|group|img|list|listitem|paragraph|text|toolbar)\b:? ?)?")


def page_shown(results: Iterable[dict]) -> str:
    """What the page showed in the first of a test's runs that says so; nothing where none does."""
    files = [
        Path(attachment["path"])
        for result in results
        for attachment in result.get("attachments", [])
        if attachment["name"] == "error-context"
    ]
    if not files or not files[0].is_file():
        return ""
    lines = "\n".join(SNAPSHOT.findall(files[0].read_text("utf-8"))).splitlines()
    shown = (words(part) for part in [*parts(lines)] or [lines])
    return shortened(" | ".join(shortened(part, LONGEST_PART) for part in shown), LONGEST)


def parts(lines: list[str]) -> Iterator[list[str]]:
    """Each part: its line, and those below it that are indented more."""
    end = 0
    for number, line in enumerate(lines):
        if number >= end and PART.match(line.lstrip()):
            rest = range(number + 1, len(lines))
            end = next((at for at in rest if indent(lines[at]) <= indent(line)), len(lines))
            yield lines[number:end]


def words(lines: list[str]) -> str:
    told = [line.strip() for line in lines if not LEFT_OUT.match(line.strip())]
    return " ".join(filter(None, (ROLES.sub("", MARKS.sub("", line), count=1) for line in told)))


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def shortened(text: str, most: int) -> str:
    """Beginning and end of what is too long: a form ends with its buttons."""
    half = (most - 3) // 2
    return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"
