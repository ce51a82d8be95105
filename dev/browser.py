"""The tests in a real browser: test/e2e, run by Playwright.

Where it may, it runs in a network of its own: Chromium gives up what it loads as soon as a
network comes or goes, and test clusters make some.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from typing import IO

from dev.check import script
from dev.place import ROOT, node, variables
from dev.report import Report, read_playwright, report_file

LIST = ROOT / "test/e2e/tests.txt"
CONFIG = "test/e2e/playwright.config.ts"
# In a new network, where nothing is up.
APART = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']


def has_own_network() -> bool:
    """Whether the browser is on a network of its own, so that the other tests can run beside it."""
    return os.geteuid() == 0 and all(map(shutil.which, ("unshare", "ip")))


def run_browser_tests(paths: list[str], names: list[str], words: IO[str] | None = None) -> Report:
    """Runs those of these files and names; all of them, which must be those of the list.

    What Playwright says goes into `words`.
    """
    chromium = find_chromium()
    if not chromium:
        return Report(skipped=["test/e2e: there is no Chromium: apt install chromium"])
    command = [node(), script("@playwright/test/cli.js"), "test", "--config", CONFIG]
    command += ["--pass-with-no-tests", "--reporter=list,json"]
    if names:
        command += ["--grep", "|".join(map(re.escape, names))]
    # Playwright takes a path for a regular expression.
    command += [re.escape(path) for path in paths]
    file = report_file("browser.json")
    more = {"CHROMIUM": chromium, "PLAYWRIGHT_JSON_OUTPUT_FILE": str(file)}
    # Told of a CI, Playwright would change what it prints and how.
    less = {name: value for name, value in variables().items() if name != "CI"}
    if has_own_network():
        command = [*APART, *command]
    ended = subprocess.run(
        command, cwd=ROOT, env={**less, **more}, stdout=words, stderr=words and subprocess.STDOUT
    )
    report, ran = read_playwright(file, ended.returncode)
    if not paths and not names:
        report.failed += compare(ran, LIST.read_text().splitlines(), words)
    return report


def find_chromium() -> str | None:
    """The browser: what CHROMIUM names, or a Chromium or Chrome on PATH."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def compare(ran: Iterable[str], listed: Iterable[str], words: IO[str] | None = None) -> int:
    """Says how the tests that ran differ from the list, and returns the number of differences."""
    ran, listed = set(ran), set(listed)
    for sign, lines in (("+", ran - listed), ("-", listed - ran)):
        for line in sorted(lines):
            print(f"{LIST.relative_to(ROOT)}: {sign} {line}", file=words)
    return len(ran ^ listed)
