"""The tests in a real browser: test/e2e, run by Playwright."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from dev.check import script
from dev.place import REPORTS, ROOT, node, variables
from dev.report import Report, read_playwright, report_file

FOLDER = ROOT / "test/e2e"
LIST = FOLDER / "tests.txt"
CONFIG = "test/e2e/playwright.config.ts"
# They take the time of what a page does: nothing else may keep the machine busy meanwhile.
ALONE = ["test/e2e/quick.spec.ts"]
# The reports of the two parts of a whole run.
PARTS = ("browser", "browser-alone")


def run_most(words: IO[str]) -> Report:
    """Runs all but what has to be alone; what they say goes into `words`."""
    files = sorted(str(file.relative_to(ROOT)) for file in FOLDER.glob("*.spec.ts"))
    return run_browser_tests([file for file in files if file not in ALONE], [], words, PARTS[0])


def run_the_rest_alone() -> Report:
    """After `run_most`: runs the others; together they must be the tests of the list."""
    report = run_browser_tests(ALONE, [], part=PARTS[1])
    if find_chromium():
        ran = [name for part in PARTS for name in read_playwright(file_of(part), 0)[1]]
        report.failed += compare(ran, LIST.read_text().splitlines())
    return report


def run_browser_tests(
    paths: list[str], names: list[str], words: IO[str] | None = None, part: str = PARTS[0]
) -> Report:
    """Runs those of these files and names; without any, all."""
    chromium = find_chromium()
    if not chromium:
        return Report(skipped=["test/e2e: there is no Chromium: apt install chromium"])
    command = [node(), script("@playwright/test/cli.js"), "test", "--config", CONFIG]
    command += ["--pass-with-no-tests", "--reporter=list,json"]
    if names:
        command += ["--grep", "|".join(map(re.escape, names))]
    # Playwright takes a path for a regular expression.
    command += [re.escape(path) for path in paths]
    file = report_file(file_of(part).name)
    more = {"CHROMIUM": chromium, "PLAYWRIGHT_JSON_OUTPUT_FILE": str(file)}
    # Told of a CI, Playwright would change what it prints and how.
    less = {name: value for name, value in variables().items() if name != "CI"}
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**less, **more},
        stdout=words,
        stderr=words and subprocess.STDOUT,
    )
    return read_playwright(file, ended.returncode)[0]


def file_of(part: str) -> Path:
    return REPORTS / f"{part}.json"


def find_chromium() -> str | None:
    """The browser: what CHROMIUM names, or a Chromium or Chrome on PATH."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def compare(ran: Iterable[str], listed: Iterable[str]) -> int:
    """Prints how the tests that ran differ from the list, and returns the number of differences."""
    ran, listed = set(ran), set(listed)
    for sign, lines in (("+", ran - listed), ("-", listed - ran)):
        for line in sorted(lines):
            print(f"{LIST.relative_to(ROOT)}: {sign} {line}")
    return len(ran ^ listed)
