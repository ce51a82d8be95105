"""The campaign's pure parts: the judge, whose every count can become more than zero, and the schedule."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from itertools import islice

import pytest

from dev.campaign.facts import Facts, Finding, JobFacts, SlurmJob
from dev.campaign.judge import COUNTS, MAY_END, counts, judge
from dev.campaign.link import Link
from dev.campaign.notebooks import (
    FILES,
    Note,
    cells,
    data_file,
    digest,
    done,
    notebook,
    printed,
    read_ledger,
)
from dev.campaign.place import stale_clocks
from dev.campaign.schedule import KINDS, TO_ALL, streams
from dev.campaign.words import SHOW
from dev.campaign.words import found as told
from dev.place import ROOT


def note(*words: str | int) -> Note:
    return Note("abcdefgh", "7", "n1", words)


def ran(kind: str, number: int, until: int | None = None) -> list[Note]:
    """What the ledger has of a job whose cells have run, all of them or up to one."""
    notes = []
    for cell in range(1, (until or len(cells(kind, number))) + 1):
        notes.append(note("start", cell))
        if kind == "files" and cell == 2:
            notes += [note("wrote", name, digest(name.encode())) for name in FILES]
        notes.append(note("done", cell))
    return notes


def right(kind: str = "files", **more) -> JobFacts:
    """A job that no fault has touched, and that went as it should."""
    fails = kind == "error"
    return replace(
        JobFacts(
            number=5,
            kind=kind,
            cluster="slurm",
            folder=5,
            id="abcdefgh",
            exit_code=1 if fails else 0,
            state="failed" if fails else "succeeded",
            cause="cell-error" if fails else None,
            told="failed" if fails else "succeeded",
            result_place="here",
            notes=[*ran(kind, 5, 1), note("start", 2)] if fails else ran(kind, 5),
            slurm=[SlurmJob("abcdefgh-notebook", "7", "COMPLETED", "n1")],
            printed=[cell.prints for cell in cells(kind, 5)],
            notebooks=1,
            digests=[digest(name.encode()) for name in FILES] if kind == "files" else [],
            is_result_there=True,
        ),
        **more,
    )


def found(job: JobFacts, **more) -> list[Finding]:
    return judge(Facts([job], **more))


def counted(job: JobFacts) -> dict[str, int]:
    return {name: number for name, number in counts(found(job)).items() if number}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found_where_all_went_well(kind):
    assert found(right(kind), before={"a": "1"}, after={"a": "1", "b": "2"}) == []


@pytest.mark.parametrize(
    "job",
    [
        right(id=None, state=None, said="No answer."),
        right(state=None),
        right(state="running"),
        right(printed=None),
        right(digests=right().digests[1:]),
        right(
            "plain",
            state="failed",
            cause="kernel-died",
            told=None,
            exit_code=1,
            printed=None,
            touched=frozenset({"kernel-killed"}),
        ),
    ],
)
def test_what_did_not_come_home_is_lost(job):
    assert counted(job) == {"lost": 1}


def test_a_job_that_nobody_was_told_of_is_lost():
    assert counts(judge(Facts([], strangers=["abcdefgh"])))["lost"] == 1


def test_nothing_is_lost_where_a_command_could_not_submit_for_a_fault():
    job = right(id=None, state=None, notes=[], touched=frozenset({"disk-full-records"}))
    assert found(job) == []


def test_what_was_written_counts_however_the_job_ended():
    killed = {"state": "failed", "cause": "node-failure", "told": None, "exit_code": 1}
    job = right(**killed, notes=ran("files", 5, 2), touched=frozenset({"node-killed"}))
    assert found(job) == []
    assert counted(replace(job, digests=[])) == {"lost": 3}


@pytest.mark.parametrize(
    "job",
    [
        right(notes=[*ran("files", 5), note("start", 1)]),
        right(slurm=[right().slurm[0], SlurmJob("abcdefgh-notebook", "8", "COMPLETED", "n2")]),
        right(notebooks=2),
        right(digests=[*right().digests, right().digests[0]]),
    ],
)
def test_what_ran_or_came_twice_is_doubled(job):
    assert counted(job) == {"doubled": 1}


def test_a_file_of_the_person_that_changed_or_went_is_overwritten():
    findings = found(right(), before={"a": "1", "b": "1", "c": "1"}, after={"a": "1", "b": "2"})
    assert counts(findings) == {**dict.fromkeys(COUNTS, 0), "overwritten": 2}


@pytest.mark.parametrize(
    "job",
    [
        right("error", state="succeeded", cause=None, told=None, exit_code=0),
        right(notes=ran("files", 5, 2)),
        right(state="cancelled", cause="cancelled", told=None, exit_code=1),
        right(state="timed-out", cause="time-limit", told=None, exit_code=1),
        right(state="lost", cause="no-word", told=None, exit_code=1),
        right(printed=["first 5\n", "", "last 10\n"]),
        right("error", exit_code=0),
        right("error", told="succeeded"),
        # A fault explains only what it does.
        right(
            state="failed",
            cause="kernel-died",
            told=None,
            exit_code=1,
            touched=frozenset({"cancelled", "node-killed", "link-cut"}),
        ),
    ],
)
def test_a_state_that_is_not_what_happened_is_a_wrong_verdict(job):
    assert set(counted(job)) == {"wrong verdict"}


def test_a_result_lacks_what_was_printed_only_where_the_job_says_that_it_could_not_be_saved():
    job = right("error", state="failed", cause="cell-error", told=None, exit_code=1)
    unsaved = replace(job, printed=["" for _ in job.printed or ()])
    assert counted(unsaved) == {"wrong verdict": len(done(job.notes))}
    assert found(replace(unsaved, is_unsaved=True)) == []


def test_the_end_of_one_job_may_be_written_twice():
    [one] = right().slurm
    assert found(right(slurm=[one, replace(one, state="NODE_FAIL")])) == []


@pytest.mark.parametrize("cause", ["no-room", "not-sent", "refused"])
def test_a_job_that_ran_was_sent(cause):
    faults = frozenset({"disk-full-cluster"})
    job = right(state="failed", cause=cause, told=None, exit_code=3, touched=faults)
    assert counted(job) == {"wrong verdict": 1}
    assert (
        found(replace(job, notes=[], digests=[], notebooks=0, printed=None, is_result_there=False))
        == []
    )


@pytest.mark.parametrize("fault", MAY_END)
def test_what_a_fault_may_bring_about_is_right_where_it_hit(fault):
    for state, cause in MAY_END[fault]:
        job = right("plain", state=state, cause=cause, told=None, exit_code=1, notes=[])
        assert set(counted(job)) == {"wrong verdict"}
        assert found(replace(job, touched=frozenset({fault}))) == []


# Causes that no fault of a campaign brings about, nor any of its notebooks.
NEVER = {
    *("environment", "kernel-missing", "mpi", "notebook-invalid", "engines-never-came"),
    *("time-limit", "deadline", "out-of-memory", "preempted", "restarted"),
    *("submission-unclear", "unknown"),
}


def test_whoever_adds_a_cause_says_which_fault_may_bring_it_about():
    text = (ROOT / "src/api/causes.ts").read_text("utf-8")
    causes = set(re.findall(r"code: v\.literal\('([\w-]+)'\)", text))
    known = {cause for verdicts in MAY_END.values() for _, cause in verdicts}
    assert causes == known | NEVER
    assert not known & NEVER


def test_what_is_left_is_counted():
    facts = Facts([right()], processes=["here: 7 node"], folders=["/tmp/x", "/tmp/y"])
    assert counts(judge(facts)) == {
        **dict.fromkeys(COUNTS, 0),
        "left processes": 1,
        "left folders": 2,
    }


def test_what_is_told_of_a_finding_names_its_job_and_the_faults_that_touched_it():
    job = right(notebooks=2, touched=frozenset({"link-cut", "asleep"}))
    texts = told(found(job), [job], ["job 7: Traceback\nKeyError: 'id'\n"])
    assert texts == [
        (
            "doubled",
            "job 5 (files on slurm, abcdefgh, touched by asleep, link-cut): its result is here 2 times",
        ),
        ("the campaign itself", "job 7: Traceback\nKeyError: 'id'"),
    ]
    job = right(notebooks=2)
    many = told([*found(job), *judge(Facts([], processes=["here: 7 node"] * SHOW))], [job], [])
    assert many[:2] == [
        (
            "doubled",
            "job 5 (files on slurm, abcdefgh, touched by no fault): its result is here 2 times",
        ),
        ("left processes", "here: 7 node"),
    ]
    assert many[SHOW:] == [("and more", "1")]


def test_a_seed_gives_the_same_jobs_and_faults_again():
    def first(seed: int) -> tuple:
        jobs, faults = streams(seed)
        # Neither hangs on how far the other one is.
        return list(islice(faults, 40)), list(islice(jobs, 60))

    jobs, faults = streams(7)
    assert first(7) == first(7) == (list(islice(faults, 40)), list(islice(jobs, 60)))
    assert first(7) != first(8)


def test_every_fault_comes_once_before_one_comes_again():
    _, faults = streams(3)
    kinds = [fault.kind for fault in islice(faults, 2 * len(TO_ALL))]
    assert set(kinds[: len(TO_ALL)]) == set(kinds[len(TO_ALL) :]) == set(TO_ALL)


def test_a_job_in_the_folder_of_another_has_its_notebook():
    jobs = list(islice(streams(11)[0], 200))
    again = [job for job in jobs if job.folder != job.number]
    assert again
    for job in again:
        other = jobs[job.folder - 1]
        assert other.folder == other.number < job.number
        assert (job.kind, job.cluster, job.on_small_disk) == (
            other.kind,
            other.cluster,
            other.on_small_disk,
        )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("engines", "long")])
def test_a_notebook_prints_and_notes_what_is_said_of_it(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTERLAB_SUBMIT_JOB", "abcdefgh")
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    monkeypatch.setenv("SLURMD_NODENAME", "n1")
    (tmp_path / "data.csv").write_text(data_file(5))
    ledger = tmp_path / "ledger"
    executed = json.loads(notebook(kind, 5, str(ledger)))
    variables: dict = {}
    for cell, expected in zip(executed["cells"], cells(kind, 5), strict=True):
        out = StringIO()
        try:
            with redirect_stdout(out):
                exec(cell["source"], variables)
        except ValueError:
            assert expected.fails
            break
        finally:
            text = {"output_type": "stream", "name": "stdout", "text": out.getvalue()}
            cell["outputs"] = [text]
    notes = read_ledger(ledger.read_text() + '["cut')
    files = [digest(file.read_bytes()) for file in tmp_path.rglob("*") if file.is_file()]
    job = right(kind, notes=notes, printed=printed(json.dumps(executed)), digests=files)
    assert found(job) == []


def test_what_a_killed_process_leaves_of_its_clock_is_found(tmp_path):
    for name in ("faketime_shm_7", "sem.faketime_sem_7", "faketime_shm_8", "others_7"):
        (tmp_path / name).touch()
    found = {file.name for file in stale_clocks(tmp_path, [8, 9])}
    assert found == {"faketime_shm_7", "sem.faketime_sem_7"}


def test_the_link_is_silent_cut_and_closed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=echo, args=(server,), daemon=True).start()
        link = Link(server.getsockname()[1])
        try:
            first = connect(link)
            assert say(first) == b"hello"
            link.silence()
            second = connect(link)
            first.sendall(b"hello")
            assert say(second) == say(second) == b"hello"
            first.setblocking(False)
            with pytest.raises(BlockingIOError):
                first.recv(100)
            link.cut()
            assert say(second) == b""
            link.down()
            assert say(connect(link)) == b""
            link.restore()
            assert say(connect(link)) == b"hello"
        finally:
            link.close()


def connect(link: Link) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port))


def say(end: socket.socket) -> bytes:
    """What comes back; nothing when the connection is over."""
    end.settimeout(60)
    try:
        end.sendall(b"hello")
        return end.recv(100)
    except ConnectionError:
        return b""


def echo(server: socket.socket) -> None:
    while True:
        try:
            end, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(end,), daemon=True).start()


def answer(end: socket.socket) -> None:
    try:
        while data := end.recv(100):
            end.sendall(data)
    except OSError:
        pass
    end.close()
