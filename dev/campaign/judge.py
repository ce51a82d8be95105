"""The judge of a campaign: compares what was seen with what is right. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from dev.campaign.facts import ENDS, Facts, Finding, JobFacts
from dev.campaign.notebooks import cells, done, starts, wrote

COUNTS = ("lost", "doubled", "overwritten", "wrong verdict", "left processes", "left folders")
Verdict = tuple[str, str | None]

# What a job may end as beside what is its kind's, by the fault that hit it.
MAY_END: Mapping[str, set[Verdict]] = {
    "cancelled": {("cancelled", "cancelled")},
    "kernel-killed": {("failed", "kernel-died")},
    "engine-killed": {("failed", "engines-lost")},
    # Nothing was sent then, and the person is asked (docs/decisions/0012-refused-or-unclear.md).
    "slurmctld-stopped": {("failed", "refused")},
    "node-killed": {("failed", "node-failure"), ("failed", "killed"), ("lost", "no-word")},
    "disk-full-cluster": {
        ("failed", "no-room"),
        ("failed", "not-sent"),
        ("failed", "refused"),
        ("failed", "cell-error"),
        ("failed", "kernel-died"),
        ("failed", "killed"),
        ("failed", "ended-early"),
        ("lost", "no-word"),
    },
}
# Faults in which a command may say that nothing was submitted: there is no room for a record, the service that it has just
# started was killed, or a host of which nothing is known yet cannot be asked.
MAY_REFUSE = {
    *("disk-full-records", "sidecar-killed", "sidecar-killed-at-effect", "clock-jump"),
    *("link-cut", "link-silent", "link-down", "sshd-restarted", "asleep"),
}
# Nothing has run, says the record.
NOT_RUN = {"no-room", "not-sent", "refused"}


def judge(facts: Facts) -> list[Finding]:
    """Everything that should not be, job by job."""
    return [
        *(finding for job in facts.jobs for finding in judge_job(job)),
        *(Finding("lost", f"{one} is of no submission that was told") for one in facts.strangers),
        *overwritten(facts),
        *(Finding("left processes", text) for text in facts.processes),
        *(Finding("left folders", text) for text in facts.folders),
    ]


def counts(findings: list[Finding]) -> dict[str, int]:
    counted = Counter(finding.count for finding in findings)
    return {name: counted[name] for name in COUNTS}


def judge_job(job: JobFacts) -> Iterator[Finding]:
    def found(count: str, text: str) -> Finding:
        return Finding(count, text, job.number)

    if job.id is None:
        if not job.touched & MAY_REFUSE:
            yield found("lost", f"was not submitted, and nothing stood in the way: {job.said}")
        return
    for text in twice(job):
        yield found("doubled", text)
    if job.state is None:
        yield found("lost", "has no record")
        return
    if job.state not in ENDS:
        yield found("lost", f"never came to an end: {job.state}, {job.problem}")
        return
    for text in not_home(job):
        yield found("lost", text)
    for text in wrongly_judged(job):
        yield found("wrong verdict", text)


def twice(job: JobFacts) -> Iterator[str]:
    for cell in range(1, len(cells(job.kind, job.folder)) + 1):
        if (times := starts(job.notes, cell)) > 1:
            yield f"cell {cell} has run {times} times"
    # Slurm may write the end of one job twice, where its node was lost.
    ids = sorted({one.id for one in job.slurm})
    if len(ids) > 1:
        yield f"Slurm has had it {len(ids)} times: {', '.join(ids)}"
    if job.notebooks > 1:
        yield f"its result is here {job.notebooks} times"
    for digest, times in Counter(job.digests).items():
        if times > 1:
            yield f"a file of it is here {times} times ({digest[:8]})"


def not_home(job: JobFacts) -> Iterator[str]:
    """A result that there is, and that is not here."""
    for name, digest in wrote(job.notes).items():
        if digest not in job.digests:
            yield f"{name} was written and is not here ({job.result_place}, {job.problem})"
    if job.printed is not None:
        return
    if job.state == "succeeded" or job.cause == "cell-error" or job.is_result_there:
        yield f"its executed notebook is not here ({job.result_place}, {job.problem})"


def right_verdicts(job: JobFacts) -> set[Verdict]:
    own = [("failed", "cell-error") if cell.fails else None for cell in cells(job.kind, job.folder)]
    right: set[Verdict] = {next(filter(None, own), ("succeeded", None))}
    return right.union(*(MAY_END.get(fault, set()) for fault in job.touched))


def wrongly_judged(job: JobFacts) -> Iterator[str]:
    verdict = (job.state, job.cause)
    if verdict not in right_verdicts(job):
        yield f"{words(verdict)}, and {or_words(right_verdicts(job))} would be right"
    if job.cause in NOT_RUN and job.notes:
        yield f"{words(verdict)}, and it has run"
    expected = cells(job.kind, job.folder)
    if job.state == "succeeded":
        missing = set(range(1, len(expected) + 1)) - done(job.notes)
        if missing:
            yield f"succeeded, and cells have not come to their end: {sorted(missing)}"
    is_whole = job.state == "succeeded" or (job.cause == "cell-error" and not job.is_unsaved)
    if job.printed is not None and is_whole:
        for number in sorted(done(job.notes)):
            if job.printed[number - 1 : number] != [expected[number - 1].prints]:
                yield f"{words(verdict)}, and the output of cell {number} is not what it printed"
    if job.exit_code == 0 and job.state != "succeeded":
        yield f"{words(verdict)}, and the command ended with 0"
    if job.told is not None and job.told != job.state and job.told != "lost":
        yield f"{words(verdict)}, and the command told {job.told}"


def overwritten(facts: Facts) -> Iterator[Finding]:
    for path, digest in facts.before.items():
        if path not in facts.after:
            yield Finding("overwritten", f"{path} is not there any more")
        elif facts.after[path] != digest:
            yield Finding("overwritten", f"{path} has another content")


def words(verdict: tuple[str | None, str | None]) -> str:
    state, cause = verdict
    return f"{state} ({cause})" if cause else str(state)


def or_words(verdicts: set[Verdict]) -> str:
    return " or ".join(sorted(map(words, verdicts)))
