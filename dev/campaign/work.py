"""One submission: from the notebook to the end of the job, with the fault that is meant for it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dev.campaign import place
from dev.campaign.bed import LEDGERS, Bed
from dev.campaign.facts import ENDS, SETTLED
from dev.campaign.notebooks import DATA, cores, data_file, digest, notebook, read_ledger
from dev.campaign.person import OTHER_RUNTIME, end
from dev.campaign.schedule import PlannedJob
from dev.cluster.processes import name, processes, title, variables

NOTEBOOK = "notebook.ipynb"
# Seconds: for a command, for a job from its submission to its result, and between two looks.
COMMAND_SECONDS = 200
JOB_SECONDS = 420
LOOK_SECONDS = 0.2
# What is killed for a fault, by how the name or the command line of such a process begins.
VICTIMS = {"kernel-killed": r"\S*python\S* -m ipykernel_launcher ", "engine-killed": "ipengine-"}


@dataclass
class Work:
    """A submission as it goes."""

    planned: PlannedJob
    id: str | None = None
    begin: float = 0
    end: float = 0
    exit_code: int | None = None
    told: str | None = None
    hit: bool = False
    """Whether the fault that was meant for it has come to it."""
    sources: dict[str, str] = field(default_factory=dict)
    """Digests of what it began with, by path."""
    planted: dict[Path, str] = field(default_factory=dict)
    timeline: list[tuple[float, str]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        parent = place.SOURCES if self.planned.on_small_disk else place.HOME / "work"
        return parent / f"job-{self.planned.folder}"

    @property
    def ledger(self) -> Path:
        return LEDGERS[self.planned.cluster] / str(self.planned.folder)

    @property
    def output(self) -> Path:
        return place.OUTPUT / f"job-{self.planned.number}"

    @property
    def said(self) -> str:
        error = Path(f"{self.output}.error")
        return " ".join(error.read_text(errors="replace").split())[:300] if error.exists() else ""


def carry_out(bed: Bed, work: Work) -> None:
    """Submits, waits for the end, and fetches what did not come by itself; in a thread of its own."""
    planned = work.planned

    def note(text: str) -> None:
        work.timeline.append((bed.now, text))

    if planned.folder == planned.number:
        until(lambda: make_sources(work), COMMAND_SECONDS)
    work.begin = bed.now
    command = [NOTEBOOK, "--json", "--time", "30m", "--cluster", planned.cluster]
    command += ["--cores", str(cores(planned.kind))]
    more = {"JUPYTER_RUNTIME_DIR": str(OTHER_RUNTIME)} if planned.elsewhere else {}
    process = bed.person.start(*command, output=work.output, cwd=work.folder, more=more)
    note("submitted from another session" if planned.elsewhere else "submitted")
    try:
        if until(lambda: records(work.output) or process.poll() is not None, COMMAND_SECONDS):
            for record in records(work.output)[:1]:
                work.id = record["id"]
        if work.id is not None:
            note(f"is {work.id}")
            if planned.plants:
                plant(work)
            strike(bed, work, process, note)
        process.wait(COMMAND_SECONDS)
    except subprocess.TimeoutExpired:
        note("the command does not end")
    finally:
        was_over = process.poll() is not None
        end(process)
        work.exit_code = process.returncode if was_over and process.returncode >= 0 else None
        work.told = last_end(work.output)
        note(f"the command ended: {work.exit_code}, told {work.told}")
    if work.id is not None:
        bring_home(bed, work, note)
    work.end = bed.now


def make_sources(work: Work) -> bool:
    """False while the disk is full."""
    number = work.planned.folder
    texts = {
        NOTEBOOK: notebook(work.planned.kind, number, str(work.ledger)),
        DATA: data_file(number),
    }
    try:
        work.folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (work.folder / name).write_text(text)
    except OSError:
        return False
    work.sources = {str(file): digest(file.read_bytes()) for file in work.folder.iterdir()}
    return True


def plant(work: Work) -> None:
    """Puts files of the person where the result would go, unless it is there already."""
    files = work.folder / f"notebook.{work.id}.files"
    for file in (work.folder / f"notebook.{work.id}.ipynb", files / "out.txt"):
        content = f"the person's {file.name}".encode()
        new = work.folder / f"new.{work.id}"
        with contextlib.suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            new.write_bytes(content)
            # Never over anything.
            os.link(new, file)
            work.planted[file] = digest(content)
        new.unlink(missing_ok=True)


def strike(bed: Bed, work: Work, process: subprocess.Popen, note: Callable[[str], None]) -> None:
    """Lets the fault come that is meant for this job."""
    fault = work.planned.fault
    if fault in VICTIMS:
        until(lambda: has_begun(work) or process.poll() is not None, COMMAND_SECONDS)
    if fault is None or bed.over.wait(work.planned.after) or process.poll() is not None:
        return
    if fault == "terminal-closed":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGHUP)
        work.hit = True
    elif fault == "cancelled":
        # Asked for, whatever the command comes to.
        work.hit = True
        code = bed.person.run("cancel", work.id, output=place.OUTPUT / f"cancel-{work.id}")
        note(f"cancel ended with {code}")
    else:
        for pid in victims(work.id, VICTIMS[fault])[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                work.hit = True
    if work.hit:
        note(fault)


def victims(id: str, words: str) -> list[int]:
    return [
        pid
        for pid in of_job(id)
        if re.match(words, name(pid)) or re.match(words, title(pid).decode(errors="replace"))
    ]


def bring_home(bed: Bed, work: Work, note: Callable[[str], None]) -> None:
    """Looks until nothing more happens by itself, and then asks for what was left."""
    deadline = time.monotonic() + JOB_SECONDS
    output = place.OUTPUT / f"look-{work.planned.number}"
    output.touch()
    seen = records(work.output)
    fetches = 0
    while time.monotonic() < deadline:
        last = seen[-1] if seen else None
        if last is not None and is_settled(last):
            if last["result"]["problem"] is None or fetches == 4:
                return
            fetches += 1
            code = bed.person.run("fetch", work.id, "--json", output=output)
            note(f"fetch ended with {code}: {last['result']['problem']['code']}")
            time.sleep(5 if code else 0)
        else:
            bed.person.run("show", work.id, "--follow", "--json", output=output, seconds=60)
            time.sleep(1)
        seen = records(output) or seen
    note("given up")


def is_settled(record: dict) -> bool:
    return record["state"] in ENDS and record["result"]["place"] in SETTLED


def records(output: Path) -> list[dict]:
    """Those of one job that a command has printed."""
    found = []
    for line in output.read_text(errors="replace").split("\n")[:-1]:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def last_end(output: Path) -> str | None:
    states = [record["state"] for record in records(output)[-1:]]
    return next((state for state in states if state in ENDS), None)


def has_begun(work: Work) -> bool:
    with contextlib.suppress(OSError):
        return any(note.job == work.id for note in read_ledger(work.ledger.read_text()))
    return False


def of_job(id: str) -> list[int]:
    """Its processes on this machine, which has all nodes."""
    mark = f"JUPYTERLAB_SUBMIT_JOB={id}".encode()
    return [pid for pid in processes() if mark in variables(pid)]


def until(is_so: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(LOOK_SECONDS)
    return False
