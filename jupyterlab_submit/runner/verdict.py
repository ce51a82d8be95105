"""The verdict: how a run ended, and why."""

from __future__ import annotations

from typing import Any


class JobEnd(Exception):
    """The verdict: how the run ended, and why. `cause` is None or has a `code` and its values."""

    def __init__(self, state: str, code: str | None = None, **values: Any) -> None:
        super().__init__(state, code, values)
        self.state = state
        self.code = code
        self.cause: dict[str, Any] | None = None if code is None else {"code": code, **values}


def runner_failed() -> JobEnd:
    """The verdict when it is us; the log says why."""
    return JobEnd("failed", "ended-early", status=1)
