"""run.py campaign [--hours H] [--seed S]: jobs in a loop while faults are injected, and a judge that counts.

Jobs run through `jupyter submit` on a test cluster of their own (Slurm behind SSH) and on this
machine. Exit code 0 when nothing was lost, doubled, overwritten, wrongly judged or left behind; 3
when the campaign cannot run here. docs/contributing.md says how to read it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import time

from dev.report import CAMPAIGN, report_file
from dev.set_up import set_up

# What CI runs.
HOURS = 3 / 60
LEFT_OUT = 3


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="run.py campaign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--hours", type=float, default=HOURS, help="how long (0.05: three minutes)")
    parser.add_argument("--seed", type=int, help="makes a run again: the same jobs and faults")
    asked = parser.parse_args(arguments)
    if not asked.hours > 0:
        parser.error("--hours is more than 0")
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    signal.signal(signal.SIGTERM, interrupt)
    report = report_file(CAMPAIGN)
    set_up()
    name_cluster()
    # They ask for the name of the cluster when they are imported.
    from dev.campaign.campaign import why_not

    reason = why_not()
    if reason is not None:
        print(f"The campaign is left out: {reason}")
        report.write_text(json.dumps({"left_out": reason}))
        return LEFT_OUT
    from dev.campaign.campaign import run_campaign
    from dev.campaign.words import ITSELF

    began = time.monotonic()

    def tell(came_to: dict) -> None:
        seconds = time.monotonic() - began
        report.write_text(
            json.dumps({"left_out": None, "seed": seed, "seconds": seconds, **came_to})
        )

    try:
        came_to = run_campaign(seed, asked.hours * 3600)
    except Exception as error:
        tell({"counts": {}, "found": [(ITSELF, repr(error))]})
        raise
    tell(came_to)
    return 1 if came_to["found"] else 0


def name_cluster() -> None:
    """A test cluster of its own, beside those that somebody may be using."""
    name = f"{__file__} {os.environ.get('JUPYTERLAB_SUBMIT_CLUSTER', '')}"
    os.environ["JUPYTERLAB_SUBMIT_CLUSTER"] = hashlib.sha256(os.fsencode(name)).hexdigest()[:8]


def interrupt(*_) -> None:
    """As Ctrl-C, so that everything is cleaned up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
