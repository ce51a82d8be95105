"""Files whose tests failed beside all the others, run once more by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dev.report import Report

# That more files than these fail is no chance.
MOST = 5


def once_more(report: Report, run: Callable[[list[str]], Report]) -> Report:
    """Calls flaky what failed in a file that now passes, whole (docs/decisions/0058-a-failure-is-tried-once-more.md)."""
    files = sorted({one.file for one in report.failed if one.file})
    if not 0 < len(files) <= MOST:
        return report
    print("-- once more, by themselves:", *files, flush=True)
    # Without a file, a runner itself has failed.
    bad = {one.file for one in run(files).failed}
    flaky = [one for one in report.failed if one.file and not bad & {one.file, None}]
    failed = [one for one in report.failed if one not in flaky]
    return replace(report, failed=failed, flaky=report.flaky + flaky)
