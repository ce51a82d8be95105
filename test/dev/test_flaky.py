from __future__ import annotations

import pytest

from dev.flaky import MOST, once_more
from dev.report import Outcome, Report

LINK = Outcome("a link is cut", "took too long", "test/cluster/link.test.ts")
LIMIT = Outcome("a limit is kept", "0 == 1", "test/runner/test_time.py")
TYPES = Outcome("types")


@pytest.mark.parametrize(
    ("second", "flaky", "failed"),
    [
        (Report(passed=9), [LINK, LIMIT], [TYPES]),
        # Another test of the file, too: it is the file that is not right.
        (Report(failed=[Outcome("another", None, LINK.file)]), [LIMIT], [TYPES, LINK]),
        (Report(failed=[LINK, LIMIT]), [], [TYPES, LINK, LIMIT]),
        (Report(failed=[Outcome("vitest", "ended with 1")]), [], [TYPES, LINK, LIMIT]),
    ],
)
def test_what_fails_beside_others_and_passes_by_itself_is_flaky(second, flaky, failed):
    asked: list[str] = []

    def run(files: list[str]) -> Report:
        asked.extend(files)
        return second

    report = once_more(Report(passed=5, failed=[TYPES, LINK, LIMIT]), run)
    assert asked == [LINK.file, LIMIT.file]
    # What was run twice is not counted twice.
    assert (report.passed, report.flaky, report.failed) == (5, flaky, failed)


def test_what_fails_everywhere_is_not_run_again():
    def run(files: list[str]) -> Report:
        raise AssertionError(files)

    many = [Outcome("a", "b", f"test/{number}.test.ts") for number in range(MOST + 1)]
    for failed in ([], [TYPES], many):
        report = Report(failed=failed)
        assert once_more(report, run) == report
