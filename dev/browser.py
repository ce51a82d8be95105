"""The tests in a real browser: test/e2e, run by Playwright."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable

from dev.check import script
from dev.place import ROOT, node, variables
from dev.report import Outcome, Report, read_playwright, report_file

LIST = ROOT / "test/e2e/tests.txt"
CONFIG = "test/e2e/playwright.config.ts"


def run_browser_tests(paths: list[str], names: list[str]) -> Report:
    """Runs those of these files and names; all of them, which must be those of the list."""
    chromium = find_chromium()
    if not chromium:
        return Report(skipped=[Outcome("test/e2e", "there is no Chromium: apt install chromium")])
    command = [node(), script("@playwright/test/cli.js"), "test", "--config", CONFIG]
    command += ["--pass-with-no-tests", "--reporter=list,json"]
    if paths or names:
        # Paths and names do not choose among what follows the other tests; without that order, one at a time.
        command += ["--no-deps", "--workers=1"]
    if names:
        command += ["--grep", "|".join(map(re.escape, names))]
    # Playwright takes a path for a regular expression.
    command += [re.escape(path) for path in paths]
    file = report_file("browser.json")
    more = {"CHROMIUM": chromium, "PLAYWRIGHT_JSON_OUTPUT_FILE": str(file)}
    # Told of a CI, Playwright would change what it prints and how.
    less = {name: value for name, value in variables().items() if name != "CI"}
    exit_code = subprocess.run(command, cwd=ROOT, env={**less, **more}).returncode
    report, ran = read_playwright(file, exit_code)
    if not paths and not names:
        report.failed += compare(ran, LIST.read_text().splitlines())
    return report


def find_chromium() -> str | None:
    """The browser: what CHROMIUM names, or a Chromium or Chrome on PATH."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def compare(ran: Iterable[str], listed: Iterable[str]) -> list[Outcome]:
    """How the tests that ran differ from the list."""
    ran, listed = set(ran), set(listed)
    return [
        Outcome(str(LIST.relative_to(ROOT)), f"{sign} {line}")
        for sign, lines in (("+", ran - listed), ("-", listed - ran))
        for line in sorted(lines)
    ]
