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
from dev.campaign.facts import Finding, Happened
from dev.campaign.work import Work
from dev.cluster.folder import FOLDER as CLUSTER
from dev.place import REPORTS


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


def finding_lines(
    finding: Finding, works: Sequence[Work], happened: Sequence[Happened], kept: Path
) -> list[str]:
    """A finding with what was around it."""
    work = next((one for one in works if one.planned.number == finding.job), None)
    if work is None:
        return [f"{finding.count}: {finding.text}"]
    planned = work.planned
    events = [
        *work.timeline,
        *(
            (one.begin, f"{one.kind}: {one.what}, until {one.end:.1f} s")
            for one in happened
            if one.begin <= work.end and one.end + 30 >= work.begin
        ),
    ]
    return [
        f"{finding.count}: job {planned.number} ({planned.kind} on {planned.cluster}, {work.id}):"
        f" {finding.text}",
        *(f"    {at:7.1f} s  {text}" for at, text in sorted(events)),
        f"    kept in {kept / f'job-{planned.number}'}",
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
