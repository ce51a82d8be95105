"""What a run of tests came to, summed over the runners."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.page_shown import page_shown
from dev.place import REPORTS, ROOT

# Where the campaign puts its counts, and what it found.
CAMPAIGN = "campaign.json"
CAMPAIGN_NAME = "run.py campaign"
# So much is told of why a test failed, in characters; all of it stands where it ran.
LONGEST_REASON = 1500
NO_REASON = "no reason given"
COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """A test that did not pass: its name, and why; `file` is that of a test which can be run by itself.

    `shown` is what its page showed, of one in a browser.
    """

    name: str
    reason: str | None = None
    file: str | None = None
    shown: str = ""

    def __str__(self) -> str:
        words = " ".join(COLOR.sub("", self.reason or "").split())
        shown = f" The page showed: {self.shown}" if self.shown else ""
        return f"{self.name}: {words[:LONGEST_REASON] or NO_REASON}{shown}"


@dataclass
class Report:
    """The number of tests that passed, and those that did not; `flaky` ones passed when they were run again.

    `seconds` are those of each file.
    """

    passed: int = 0
    failed: list[Outcome] = field(default_factory=list)
    flaky: list[Outcome] = field(default_factory=list)
    skipped: list[Outcome] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Report) -> Report:
        return Report(
            self.passed + other.passed,
            self.failed + other.failed,
            self.flaky + other.flaky,
            self.skipped + other.skipped,
            Counter(self.seconds) + Counter(other.seconds),
        )

    def __str__(self) -> str:
        flaky = f", {len(self.flaky)} flaky" if self.flaky else ""
        return (
            f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped{flaky}"
        )


def report_file(name: str) -> Path:
    """A file that is not there yet: a runner that crashes must not leave an older run's numbers."""
    REPORTS.mkdir(exist_ok=True)
    file = REPORTS / name
    file.unlink(missing_ok=True)
    return file


def read_vitest(file: Path, exit_code: int) -> Report:
    """What dev/vitest_report.mjs wrote."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return no_report("vitest")
    failed, skipped = (
        [Outcome(item["name"], item["reason"], item.get("file")) for item in found[list_name]]
        for list_name in ("failed", "skipped")
    )
    report = Report(found["passed"], failed, skipped=skipped, seconds=found["seconds"])
    return blamed(report, "vitest", exit_code)


def read_pytest(file: Path, exit_code: int) -> Report:
    """What `pytest --junitxml` wrote."""
    try:
        suites = ElementTree.parse(file).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return no_report("pytest")
    report, seconds = Report(), Counter()
    for suite in suites:
        for case in suite.iter("testcase"):
            file = file_of(case.get("classname", ""))
            seconds[file] += float(case.get("time", 0))
            name = f"{case.get('classname')} > {case.get('name')}"
            ends = {end: case.find(end) for end in ("skipped", "failure", "error")}
            skip, *bad = ends.values()
            wrong = next((end for end in bad if end is not None), None)
            if skip is not None:
                report.skipped.append(Outcome(name, skip.get("message")))
            elif wrong is not None:
                report.failed.append(Outcome(name, wrong.get("message"), file))
            else:
                report.passed += 1
    report.seconds = seconds
    # 5: no test was selected, which is no failure of a run that may select from another runner.
    return blamed(report, "pytest", 0 if exit_code == 5 else exit_code)


def read_playwright(file: Path, exit_code: int) -> tuple[Report, list[str]]:
    """What Playwright's JSON reporter wrote, and the names of the tests that ran, passed or not."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return no_report("playwright"), []
    report, ran, seconds = Report(), [], Counter()
    for name, spec in playwright_tests(found["suites"], []):
        for test in spec["tests"]:
            took = sum(result["duration"] for result in test["results"]) / 1000
            seconds[f"test/e2e/{spec['file']}"] += took
            if test["status"] == "skipped":
                reasons = [note.get("description") for note in test["annotations"]]
                report.skipped.append(Outcome(name, next(filter(None, reasons), None)))
                continue
            ran.append(name)
            if test["status"] == "expected":
                report.passed += 1
            else:
                said = [reason(result.get("errors", [])) for result in test["results"]]
                why = next(filter(None, said), None)
                bad = report.flaky if test["status"] == "flaky" else report.failed
                bad.append(Outcome(name, why, shown=page_shown(test["results"])))
    report.seconds = seconds
    return blamed(report, "playwright", exit_code), ran


def read_campaign(file: Path, exit_code: int) -> Report:
    """What dev/campaign wrote: each of its counts is a test, passed when it is zero; each finding is a failure."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return no_report(CAMPAIGN_NAME)
    if found["left_out"] is not None:
        return Report(skipped=[Outcome(CAMPAIGN_NAME, found["left_out"])])
    seeded = f"{CAMPAIGN_NAME} --seed {found['seed']}"
    failed = [Outcome(f"{seeded} > {name}", text) for name, text in found["found"]]
    passed = sum(number == 0 for number in found["counts"].values())
    report = Report(passed, failed, seconds={CAMPAIGN_NAME: found["seconds"]})
    return blamed(report, CAMPAIGN_NAME, exit_code)


def slowest(seconds: Mapping[str, float], number: int) -> list[str]:
    """Lines of the files that took longest, the slowest last: that is where a person looks first."""
    files = sorted(seconds, key=lambda file: seconds[file])[-number:]
    return [f"{seconds[file]:7.1f} s  {file}" for file in files]


def file_of(module: str) -> str:
    """The file of what pytest calls a class: the module, and the class within it where there is one."""
    parts = module.split(".")
    paths = ["/".join(parts[:end]) + ".py" for end in range(len(parts), 0, -1)]
    return next((path for path in paths if (ROOT / path).exists()), module)


def playwright_tests(suites: list[dict], above: list[str]) -> Iterator[tuple[str, dict]]:
    """The tests by name, as Playwright prints them: file, groups, title."""
    for suite in suites:
        names = [*above, suite["title"]]
        for spec in suite.get("specs", []):
            yield " › ".join([*names, spec["title"]]), spec
        yield from playwright_tests(suite.get("suites", []), names)


def reason(errors: list[dict]) -> str:
    """Of all errors of a run: one that took too long says only in the second what it waited for."""
    return " ".join(error.get("message", "") for error in errors)


def no_report(runner: str) -> Report:
    """What a runner that left no report came to."""
    return Report(failed=[Outcome(runner, "left no report")])


def blamed(report: Report, runner: str, exit_code: int) -> Report:
    """A runner that ended badly with no failed test is a failure all the same."""
    if exit_code != 0 and not report.failed:
        report.failed = [Outcome(runner, f"ended with {exit_code}")]
    return report
