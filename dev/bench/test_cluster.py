"""The test cluster, for as long as something is measured on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dev import cluster
from dev.bench.home import Home
from dev.bench.left_out import LeftOut
from dev.cluster.logins import why_no_logins
from dev.cluster.ssh import SSH_CONFIG
from dev.step import StepFailed

HOST = "slurm"


@contextmanager
def test_cluster(home: Home, cpus: int | None = None) -> Iterator[list[str]]:
    """Starts it and ends it, or takes the one that runs; gives the options of ssh and scp.

    `cpus`: how many it has to have.
    """
    if why_no_logins():
        raise LeftOut(f"{why_no_logins()}.")
    daemons = cluster.daemons()
    runs = all(daemon.is_alive for daemon in daemons)
    declared = [] if cpus is None else ["--cpus", str(cpus)]
    try:
        if declared or not runs:
            cluster.main(["start", *declared])
    except StepFailed as failed:
        raise LeftOut(str(failed)) from failed
    home.extra["JUPYTERLAB_SUBMIT_SSH_CONFIG"] = str(SSH_CONFIG)
    try:
        yield ["-q", "-F", str(SSH_CONFIG)]
    finally:
        home.end_sidecar()
        if not runs:
            cluster.main(["stop"])
