"""The verdict: how a run ended, and why."""


class JobEnd(Exception):
    """The verdict: how the run ended, and why. `cause` is None or has a `code` and its values."""

    def __init__(self, state, code=None, **values):
        super().__init__(state, code, values)
        self.state = state
        self.cause = None if code is None else {"code": code, **values}

    @property
    def code(self):
        return self.cause and self.cause["code"]


def runner_failed():
    """The verdict when it is us; the log says why."""
    return JobEnd("failed", "ended-early", status=1)
