"""What a campaign says at its end, and what it keeps for whoever looks into a finding."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dev.campaign import place
from dev.campaign.bed import BASES
from dev.campaign.facts import Finding, Happened, JobFacts
from dev.campaign.work import Work
from dev.cluster.folder import FOLDER as CLUSTER
from dev.place import REPORTS

SHOW = 25
# What is told like a finding, and is none: something is wrong with the campaign.
ITSELF = "the campaign itself"
# So much of the end of what went wrong with a campaign itself, in characters.
MOST_OF_ERROR = 200


def table(
    works: Sequence[Work], happened: Sequence[Happened], counts: Mapping[str, int]
) -> list[str]:
    """Figures, a line each."""
    to_one = [str(work.planned.fault) for work in works if work.hit]
    return [
        row("jobs", [f"{work.planned.kind} on {work.planned.cluster}" for work in works]),
        row("not submitted", [f"on {work.planned.cluster}" for work in works if work.id is None]),
        row("faults to all", [one.kind for one in happened]),
        row("faults to one", to_one),
        *(f"{name:<16}{number:>5}" for name, number in counts.items()),
    ]


def row(name: str, words: Sequence[str]) -> str:
    counted = sorted(Counter(words).items())
    return (
        f"{name:<16}{len(words):>5}   {', '.join(f'{word} {number}' for word, number in counted)}"
    )


def found(
    findings: Sequence[Finding], jobs: Sequence[JobFacts], errors: Iterable[str]
) -> list[tuple[str, str]]:
    """What is told where nothing else of a campaign is seen: findings, and what went wrong with the campaign itself."""
    more = len(findings) - SHOW
    return [
        *((finding.count, in_one_line(finding, jobs)) for finding in findings[:SHOW]),
        *([("and more", str(more))] if more > 0 else []),
        # What was raised is the end of a traceback.
        *((ITSELF, error.rstrip()[-MOST_OF_ERROR:]) for error in errors),
    ]


def in_one_line(finding: Finding, jobs: Iterable[JobFacts]) -> str:
    job = next((one for one in jobs if one.number == finding.job), None)
    if job is None:
        return finding.text
    faults = ", ".join(sorted(job.touched)) or "no fault"
    return f"job {job.number} ({job.kind} on {job.cluster}, {job.id}, touched by {faults}): {finding.text}"


def finding_lines(
    finding: Finding,
    jobs: Sequence[JobFacts],
    works: Sequence[Work],
    happened: Sequence[Happened],
    kept: Path,
) -> list[str]:
    """A finding with what was around it."""
    line = f"{finding.count}: {in_one_line(finding, jobs)}"
    work = next((one for one in works if one.planned.number == finding.job), None)
    if work is None:
        return [line]
    events = [
        *work.timeline,
        *(
            (one.begin, f"{one.kind}: {one.what}, until {one.end:.1f} s")
            for one in happened
            if one.begin <= work.end and one.end + 30 >= work.begin
        ),
    ]
    return [
        line,
        *(f"    {at:7.1f} s  {text}" for at, text in sorted(events)),
        f"    kept in {kept / f'job-{work.planned.number}'}",
    ]


def keep(
    seed: int, works: Iterable[Work], records: Mapping[str, dict], findings: Sequence[Finding]
) -> Path:
    """Copies what explains findings to the reports of the checkout; the folder."""
    kept = REPORTS / "campaign" / str(seed)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for log in [*place.RECORDS.rglob("*.log*"), CLUSTER / "slurmctld.log", CLUSTER / "sshd.log"]:
        copy(log, kept / log.name)
    wrong = {finding.job for finding in findings}
    for work in works:
        if work.planned.number in wrong:
            keep_job(kept / f"job-{work.planned.number}", work, records.get(work.id or ""))
    return kept


def keep_job(kept: Path, work: Work, record: dict | None) -> None:
    kept.mkdir()
    (kept / "record.json").write_text(json.dumps(record, indent=1))
    (kept / "timeline.json").write_text(json.dumps(work.timeline, indent=1))
    for file in place.OUTPUT.glob(f"*-{work.planned.number}*"):
        if file.name.removesuffix(".error").endswith(f"-{work.planned.number}"):
            copy(file, kept / file.name)
    copy(work.ledger, kept / "ledger")
    directory = BASES[work.planned.cluster] / (work.id or "-")
    for name in ("logs", "run.lock", "submit.claim"):
        with suppress(OSError, shutil.Error):
            shutil.copytree(directory / name, kept / "directory" / name)
    for file in directory.glob("*.*"):
        copy(file, kept / "directory" / file.name)


def copy(file: Path, target: Path) -> None:
    with suppress(OSError):
        if file.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
