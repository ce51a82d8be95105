"""What a run of tests came to, summed over the runners."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.place import REPORTS, ROOT

# Where the campaign puts its counts.
CAMPAIGN = "campaign.json"


@dataclass
class Report:
    """Numbers of tests; `skipped` has a line for each: its name and the reason. `seconds` are those of each file."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Report) -> Report:
        return Report(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            Counter(self.seconds) + Counter(other.seconds),
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {len(self.skipped)} skipped"


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
        return Report(failed=1)
    skipped = [line(item["name"], item["reason"]) for item in found["skipped"]]
    return blamed(Report(found["passed"], found["failed"], skipped, found["seconds"]), exit_code)


def read_pytest(file: Path, exit_code: int) -> Report:
    """What `pytest --junitxml` wrote."""
    try:
        suites = ElementTree.parse(file).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return Report(failed=1)
    report, seconds = Report(), Counter()
    for suite in suites:
        for case in suite.iter("testcase"):
            seconds[file_of(case.get("classname", ""))] += float(case.get("time", 0))
            skip = case.find("skipped")
            if skip is not None:
                name = f"{case.get('classname')} > {case.get('name')}"
                report.skipped.append(line(name, skip.get("message")))
            elif case.find("failure") is not None or case.find("error") is not None:
                report.failed += 1
            else:
                report.passed += 1
    report.seconds = seconds
    # 5: no test was selected, which is no failure of a run that may select from another runner.
    return blamed(report, 0 if exit_code == 5 else exit_code)


def read_playwright(file: Path, exit_code: int) -> tuple[Report, list[str]]:
    """What Playwright's JSON reporter wrote, and the names of the tests that ran, passed or not."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return Report(failed=1), []
    report, ran, seconds = Report(), [], Counter()
    for name, spec in playwright_tests(found["suites"], []):
        for test in spec["tests"]:
            took = sum(result["duration"] for result in test["results"]) / 1000
            seconds[f"test/e2e/{spec['file']}"] += took
            if test["status"] == "skipped":
                reasons = [note.get("description") for note in test["annotations"]]
                report.skipped.append(line(name, next(filter(None, reasons), None)))
                continue
            ran.append(name)
            if test["status"] == "expected":
                report.passed += 1
            else:
                report.failed += 1
    report.seconds = seconds
    return blamed(report, exit_code), ran


def read_campaign(file: Path, exit_code: int) -> Report:
    """What dev/campaign wrote: each of its counts is a test, passed when it is zero."""
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return Report(failed=1)
    if found["left_out"] is not None:
        return Report(skipped=[line("run.py campaign", found["left_out"])])
    zeros = sum(number == 0 for number in found["counts"].values())
    failed = len(found["counts"]) - zeros
    return blamed(Report(zeros, failed, seconds={"run.py campaign": found["seconds"]}), exit_code)


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


def line(name: str, reason: str | None) -> str:
    return f"{name}: {reason or 'no reason given'}"


def blamed(report: Report, exit_code: int) -> Report:
    """A runner that ended badly with no failed test is a failure all the same."""
    if exit_code != 0 and report.failed == 0:
        report.failed = 1
    return report
