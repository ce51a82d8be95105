"""Whether a sidecar is needed at Jupyter's start, out of a real database of records."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import threading
from pathlib import Path

import pytest

from jupyterlab_submit import unfinished
from jupyterlab_submit.folders import data_folder, records_file
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.unfinished import TERMINAL, finish_in_background, has_unfinished

ROOT = Path(__file__).parents[2]


def keep(file: Path, *records: object) -> Path:
    """As src/sidecar/records/recordsFile.ts makes it."""
    schema = re.search(r"const SCHEMA = `(.*?)`", STORE, re.DOTALL)
    assert schema is not None
    # Older SQLite knows no strict tables; what is read is the same.
    database = sqlite3.connect(file)
    database.executescript(re.sub(r"STRICT|\$\{\w+\}", "", schema[1]))
    for number, record in enumerate(records):
        text = record if isinstance(record, str) else json.dumps(record)
        database.execute("INSERT INTO jobs VALUES (?, ?, ?)", (f"job{number}", number, text))
    database.commit()
    database.close()
    return file


STORE = (ROOT / "src/sidecar/records/recordsFile.ts").read_text()


def job(state: str, place: str = "pending") -> dict:
    return {"state": state, "result": {"place": place}}


def states(terminal: bool) -> list[str]:
    listed = re.search(r"STATES = \[(.*?)\]", (ROOT / "src/api/job.ts").read_text(), re.DOTALL)
    assert listed is not None
    found = re.findall(r"'(.*?)'", listed[1])
    return found[-5:] if terminal else found[:-5]


def test_the_terminal_states_are_those_of_the_typescript_side():
    assert set(states(terminal=True)) == TERMINAL


@pytest.mark.parametrize("state", states(terminal=False))
def test_a_job_that_is_not_over_is_unfinished(tmp_path: Path, state: str):
    assert has_unfinished(keep(tmp_path / "a#b ?.sqlite", job("succeeded", "here"), job(state)))


@pytest.mark.parametrize("place", ["pending", "fetching"])
def test_so_is_a_result_that_is_still_to_come(tmp_path: Path, place: str):
    assert has_unfinished(keep(tmp_path / "jobs.sqlite", job("failed", place)))


@pytest.mark.parametrize("place", ["here", "kept", "none"])
def test_what_only_a_person_can_go_on_with_waits(tmp_path: Path, place: str):
    records = keep(tmp_path / "jobs.sqlite", *[job(state, place) for state in TERMINAL])
    before = records.read_bytes()
    assert not has_unfinished(records)
    assert records.read_bytes() == before
    assert list(tmp_path.iterdir()) == [records]


def test_no_records_and_none_of_ours_are_nothing_to_do(tmp_path: Path):
    assert not has_unfinished(tmp_path / "jobs.sqlite")
    assert not has_unfinished(keep(tmp_path / "jobs.sqlite", {}, [], "3"))


def test_records_that_cannot_be_read_are_the_sidecars_to_mend(tmp_path: Path):
    broken = tmp_path / "jobs.sqlite"
    broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 200)
    assert has_unfinished(broken)
    assert has_unfinished(keep(tmp_path / "other.sqlite", "{"))


def test_looking_makes_no_folder(home: Path):
    assert not has_unfinished(records_file())
    assert list(home.iterdir()) == []
    assert records_file() == data_folder() / "jobs.sqlite"


def test_a_thousand_old_jobs_are_looked_through_at_once(tmp_path: Path, monkeypatch):
    old = {**job("succeeded", "here"), "notTaken": ["x" * 3000]}
    records = keep(tmp_path / "jobs.sqlite", *[old] * 1000)
    asked, read = [], []
    monkeypatch.setattr(unfinished.sqlite3, "connect", connect_and_note(asked))
    monkeypatch.setattr(unfinished.json, "loads", lambda text: read.append(text) or old)
    assert not has_unfinished(records)
    # One question, and each record once.
    assert (len(asked), len(read)) == (1, 1000)


def connect_and_note(asked: list[str]):
    """Connects to a database that notes what it is asked."""
    connect = sqlite3.connect

    def connected(*arguments, **more):
        database = connect(*arguments, **more)
        database.set_trace_callback(asked.append)
        return database

    return connected


def test_the_start_waits_for_nothing_and_says_a_failure_in_one_line(
    home: Path, monkeypatch, caplog
):
    keep(data_folder() / "jobs.sqlite", job("running"))

    is_back = threading.Event()

    def ensure():
        # Not before the start has gone on.
        assert is_back.wait(60)
        raise Problem("The sidecar ended at once.\nIt said:\n  the disk is full")

    monkeypatch.setattr(unfinished, "ensure", ensure)
    finish_in_background(logging.getLogger("jupyter"))
    assert caplog.messages == []
    is_back.set()
    next(one for one in threading.enumerate() if one.name == "jupyterlab-submit").join(60)
    assert caplog.messages == [
        "jupyterlab-submit: unfinished jobs wait: "
        "The sidecar ended at once. It said: the disk is full"
    ]
