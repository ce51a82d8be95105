"""At Jupyter's start: jobs that were under way when the machine went down are gone on with."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any

from jupyterlab_submit.folders import records_file
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.sidecar import ensure

# As in src/api/job.ts.
TERMINAL = {"succeeded", "failed", "timed-out", "cancelled", "lost"}
# Of a job that is over; `kept` waits for a person (src/sidecar/lifecycle/life.ts).
STILL_TO_COME = {"pending", "fetching"}


def finish_in_background(log: logging.Logger) -> None:
    """Starts the sidecar when it has something to do; returns at once and never fails."""
    threading.Thread(target=finish, args=[log], name="jupyterlab-submit", daemon=True).start()


def finish(log: logging.Logger) -> None:
    try:
        if has_unfinished(records_file()):
            ensure()
    except (Problem, OSError) as error:
        log.warning("jupyterlab-submit: unfinished jobs wait: %s", " ".join(str(error).split()))


def has_unfinished(records: Path) -> bool:
    """Whether a sidecar would find something to do; without starting Node.js to ask."""
    if not records.exists():
        return False
    try:
        database = sqlite3.connect(f"{records.absolute().as_uri()}?mode=ro", uri=True)
        try:
            rows = database.execute("SELECT record FROM jobs ORDER BY created DESC")
            return any(is_unfinished(json.loads(record)) for (record,) in rows)
        finally:
            database.close()
    except (sqlite3.Error, ValueError):
        # Left behind by a crash, half written: the sidecar can mend that, and we must not.
        return True


def is_unfinished(record: Any) -> bool:
    """Whether `Life.resume` in src/sidecar/lifecycle/life.ts would go on with it."""
    try:
        is_over = record["state"] in TERMINAL
        return not is_over or record["result"]["place"] in STILL_TO_COME
    except (KeyError, TypeError):
        # Of another version; a sidecar of ours passes it over too.
        return False
