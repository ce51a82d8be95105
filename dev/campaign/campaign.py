"""A whole campaign: jobs and faults side by side, until the time is over; then the judge."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from dev.campaign import gather, left, place
from dev.campaign.bed import Bed, make_bed
from dev.campaign.facts import Facts, Finding, Happened, JobFacts
from dev.campaign.faults import FAULTS, why_left_out
from dev.campaign.judge import counts, judge
from dev.campaign.schedule import PlannedFault, PlannedJob, streams
from dev.campaign.words import SHOW, finding_lines, found, keep, table
from dev.campaign.work import Work, carry_out
from dev.cluster.logins import why_no_logins
from dev.cluster.programs import SLURM, SSH, demand
from dev.step import StepFailed

JOBS_AT_ONCE = 4
# Seconds after which a job does not count among these: the end of a lost node's takes five minutes.
SLOT_SECONDS = 45
# Seconds that jobs get after the last one was submitted.
REST_SECONDS = 500


def why_not() -> str | None:
    """Why no campaign can be run here."""
    try:
        demand({**SLURM, **SSH})
    except StepFailed as failed:
        return str(failed)
    return why_no_logins()


def run_campaign(seed: int, seconds: float) -> dict:
    """Runs it, and prints what was found; returns what dev/report.py reads. Nothing is left, also after Ctrl-C."""
    print(f"seed {seed}: {seconds:.0f} s of jobs and faults", flush=True)
    with place.alone(), make_bed() as bed:
        campaign = Campaign(bed)
        try:
            campaign.run(*streams(seed), seconds)
            findings, jobs = campaign.judge(seed)
        finally:
            campaign.stop()
    return {"counts": counts(findings), "found": found(findings, jobs, campaign.errors)}


class Campaign:
    """One run on a test bed."""

    def __init__(self, bed: Bed) -> None:
        self._bed = bed
        self._works: list[Work] = []
        self._threads: list[tuple[threading.Thread, float]] = []
        self._faults: threading.Thread | None = None
        self.errors: list[str] = []
        """Of the campaign itself."""
        self._is_stopped = False

    def run(
        self, jobs: Iterator[PlannedJob], faults: Iterator[PlannedFault], seconds: float
    ) -> None:
        bed = self._bed
        bed.began = time.monotonic()
        self._faults = threading.Thread(target=self._inject, args=(faults,), daemon=True)
        self._faults.start()
        for planned in jobs:
            while bed.now < seconds and (bed.now < planned.at or not self._has_room()):
                time.sleep(0.05)
            if bed.now >= seconds:
                break
            work = Work(planned)
            self._works.append(work)
            thread = threading.Thread(target=self._carry_out, args=(work,), daemon=True)
            thread.start()
            self._threads.append((thread, bed.now))
        bed.over.set()
        self._faults.join()
        deadline = time.monotonic() + REST_SECONDS
        for thread, _ in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _has_room(self) -> bool:
        now = self._bed.now
        busy = [at for thread, at in self._threads if thread.is_alive() and now - at < SLOT_SECONDS]
        return len(busy) < JOBS_AT_ONCE

    def stop(self) -> None:
        """Makes good the fault that is there; what jobs do is ended with the person's terminals."""
        self._is_stopped = True
        self._bed.over.set()
        if self._faults is not None:
            self._faults.join()

    def judge(self, seed: int) -> tuple[list[Finding], list[JobFacts]]:
        bed, works = self._bed, self._works
        records = {record["id"]: record for record in bed.person.jobs()}
        processes = left.left_of_jobs(work.id for work in works if work.id is not None)
        jobs = gather.jobs(bed, works, records)
        strangers = gather.strangers(works, records)
        before = dict(chain.from_iterable(self._sources(work).items() for work in works))
        after = gather.digests_of(gather.persons_files())
        facts = Facts(jobs, before, after, strangers)
        kept = keep(seed, works, records, judge(facts))
        folders = left.remove_all(bed, records)
        processes += left.left_of_services(bed)
        folders += left.left_folders()
        findings = judge(Facts(jobs, before, after, strangers, processes, folders))
        self._say(seed, findings, jobs, kept)
        return findings, jobs

    def _sources(self, work: Work) -> Mapping[str, str]:
        """What the person has put beside a notebook, as it was."""
        return {**work.sources, **{str(file): digest for file, digest in work.planted.items()}}

    def _say(
        self, seed: int, findings: Sequence[Finding], jobs: Sequence[JobFacts], kept: Path
    ) -> None:
        bed = self._bed
        print()
        for finding in findings[:SHOW]:
            lines = finding_lines(finding, jobs, self._works, bed.happened, kept)
            print(*lines, "", sep="\n")
        if len(findings) > SHOW:
            print(f"and {len(findings) - SHOW} more\n")
        print(f"seed {seed}, {bed.now:.0f} s; logs: {kept}")
        print(*table(self._works, bed.happened, counts(list(findings))), sep="\n", flush=True)
        if self.errors:
            print("the campaign itself failed:", *self.errors, sep="\n", flush=True)

    def _carry_out(self, work: Work) -> None:
        try:
            carry_out(self._bed, work)
            told = work.id or f"not submitted: {work.said[:150]}"
            planned = work.planned
            self._tell(f"job {planned.number} ({planned.kind} on {planned.cluster}): {told}")
        except Exception:
            self._fail(f"job {work.planned.number}")

    def _inject(self, faults: Iterator[PlannedFault]) -> None:
        bed = self._bed
        left_out = {kind for kind in FAULTS if why_left_out(kind)}
        for kind in sorted(left_out):
            self._tell(f"without {kind}: {why_left_out(kind)}")
        for planned in faults:
            if planned.kind in left_out:
                continue
            if bed.over.wait(planned.pause):
                return
            begin = bed.now
            try:
                with FAULTS[planned.kind](bed, planned) as done:
                    self._tell(f"{planned.kind}: {done.what}")
                    bed.over.wait(planned.seconds)
                bed.happened.append(Happened(planned.kind, begin, bed.now, done.what, done.node))
            except Exception:
                self._fail(planned.kind)
                bed.happened.append(Happened(planned.kind, begin, bed.now, "failed"))

    def _fail(self, what: str) -> None:
        # What is taken away from under a job is not its fault.
        if not self._is_stopped:
            self.errors.append(f"{what}: {traceback.format_exc()}")
            self._tell(self.errors[-1])

    def _tell(self, text: str) -> None:
        print(f"{self._bed.now:8.1f} s  {text}", flush=True)
