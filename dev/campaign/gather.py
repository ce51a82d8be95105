"""What has become of the jobs, read from where it can be seen: records, ledgers, Slurm, disks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dev.campaign import place
from dev.campaign.bed import BASES, LEDGERS, Bed
from dev.campaign.facts import Happened, JobFacts, SlurmJob
from dev.campaign.notebooks import Note, digest, printed, read_ledger
from dev.campaign.work import Work
from dev.cluster.configuration import JOBS_ENDED

# For how many seconds after them faults may change a job's end, or keep it from being submitted.
TOUCHES = {"disk-full-cluster": 10, "disk-full-records": 10, "node-killed": 40}
# Those of the way to the cluster, which does not lead to this machine.
WAY = {"link-cut", "link-silent", "link-down", "sshd-restarted", "asleep"}
WAY_SECONDS = 20
ENDED = re.compile(r"^JobId=(\d+) .*? Name=(\S+) JobState=(\S+) .* NodeList=(\S*) ", re.MULTILINE)


def jobs(bed: Bed, works: Sequence[Work], records: Mapping[str, dict]) -> list[JobFacts]:
    notes = all_notes()
    ended = slurm_jobs()
    return [
        job(bed, work, records.get(work.id or ""), notes.get(work.id or "", []), ended)
        for work in works
    ]


def job(
    bed: Bed,
    work: Work,
    record: dict | None,
    notes: Sequence[Note],
    ended: Sequence[SlurmJob],
) -> JobFacts:
    planned = work.planned
    slurm = [one for one in ended if work.id is not None and one.name.startswith(work.id)]
    text = result_text(work)
    cause = record and record["cause"]
    problem = record and record["result"]["problem"]
    return JobFacts(
        number=planned.number,
        kind=planned.kind,
        cluster=planned.cluster,
        folder=planned.folder,
        id=work.id,
        begin=work.begin,
        end=work.end,
        exit_code=work.exit_code,
        said=work.said,
        state=record and record["state"],
        cause=cause and cause["code"],
        result_place=record and record["result"]["place"],
        problem=problem and problem["code"],
        told=work.told,
        notes=notes,
        slurm=slurm,
        touched=touched(work, bed.happened, notes, slurm),
        printed=text,
        is_unsaved={"code": "result-not-saved"} in ((record and record.get("notes")) or []),
        notebooks=len(result_files(work)),
        digests=[digest(file.read_bytes()) for file in came(work)],
        is_result_there=(BASES[planned.cluster] / (work.id or "-") / "result.ipynb").exists(),
    )


def touched(
    work: Work, happened: Iterable[Happened], notes: Sequence[Note], slurm: Sequence[SlurmJob]
) -> frozenset[str]:
    planned = work.planned
    nodes = {note.node for note in notes} | {node for one in slurm for node in expand(one.nodes)}
    hit = {planned.fault} if work.hit and planned.fault else set()
    for one in happened:
        more = WAY_SECONDS if one.kind in WAY else TOUCHES.get(one.kind, 0)
        if one.begin > work.end or one.end + more < work.begin:
            continue
        if one.kind in WAY and planned.cluster == "local":
            continue
        if one.kind == "disk-full-cluster" and planned.cluster != "small":
            continue
        if one.kind == "node-killed" and one.node not in nodes:
            continue
        hit.add(one.kind)
    return frozenset(hit)


def expand(nodes: str) -> set[str]:
    """`n[1-3]` are three; we have no more than nine."""
    found = re.fullmatch(r"n\[(.*)\]", nodes)
    if found is None:
        return {nodes}
    ranges = [part.split("-") for part in found[1].split(",")]
    return {f"n{number}" for one in ranges for number in range(int(one[0]), int(one[-1]) + 1)}


def all_notes() -> dict[str, list[Note]]:
    """The lines of all ledgers, by job."""
    found: dict[str, list[Note]] = {}
    for ledger in {file for folder in set(LEDGERS.values()) for file in folder.iterdir()}:
        for note in read_ledger(ledger.read_text(errors="replace")):
            found.setdefault(note.job, []).append(note)
    return found


def slurm_jobs() -> list[SlurmJob]:
    """What Slurm itself has ended."""
    text = JOBS_ENDED.read_text() if JOBS_ENDED.exists() else ""
    return [SlurmJob(name, id, state, nodes) for id, name, state, nodes in ENDED.findall(text)]


def strangers(works: Sequence[Work], records: Mapping[str, dict]) -> list[str]:
    """Ids that no command has told."""
    told = {work.id for work in works}
    seen = {*records, *all_notes(), *(one.name[:8] for one in slurm_jobs())}
    return sorted(seen - told)


def result_files(work: Work) -> list[Path]:
    """Executed notebooks of a job, under whatever name, without what the person has put there."""
    if work.id is None:
        return []
    return [file for file in work.folder.glob(f"*{work.id}*.ipynb") if file not in work.planted]


def result_text(work: Work) -> list[str] | None:
    for file in result_files(work):
        try:
            return printed(file.read_text())
        except ValueError:
            return None
    return None


def came(work: Work) -> list[Path]:
    """The files that came with a result."""
    if work.id is None:
        return []
    files = [
        file for folder in work.folder.glob(f"*{work.id}*.files*") for file in folder.rglob("*")
    ]
    return [file for file in files if file.is_file() and file not in work.planted]


def digests_of(files: Iterable[Path]) -> dict[str, str]:
    """Of those that are there."""
    return {str(file): digest(file.read_bytes()) for file in files if file.is_file()}


def persons_files() -> list[Path]:
    """Everything below the folders of the notebooks."""
    folders = (place.HOME / "work", place.SOURCES)
    return [file for folder in folders for file in folder.rglob("*") if file.is_file()]
