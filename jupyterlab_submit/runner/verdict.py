"""The verdict: how a run ended, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Literal

    # Of `ExitFile` in src/api/runFiles.ts, and those of src/api/causes.ts that are found out here; a test compares them.
    State = Literal["succeeded", "failed", "timed-out", "cancelled"]
    CauseCode = Literal[
        "cancelled",
        "cell-error",
        "ended-early",
        "engines-lost",
        "engines-never-came",
        "environment",
        "kernel-died",
        "kernel-missing",
        "killed",
        "mpi",
        "notebook-invalid",
        "time-limit",
    ]


class JobEnd(Exception):
    """The verdict: how the run ended, and why. `cause` is None or has a `code` and its values."""

    def __init__(self, state: State, code: CauseCode | None = None, **values: Any) -> None:
        super().__init__(state, code, values)
        self.state = state
        self.code = code
        self.cause: dict[str, Any] | None = None if code is None else {"code": code, **values}


def runner_failed() -> JobEnd:
    """The verdict when it is us; the log says why."""
    return JobEnd("failed", "ended-early", status=1)
