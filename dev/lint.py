"""run.py lint: all checks."""

from __future__ import annotations

from dev.check import run_checks
from dev.set_up import set_up_tools


def main(arguments: list[str]) -> int:
    set_up_tools()
    failed = run_checks()
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0
