"""The faults that concern everything. Each is there within its `with`, and is made good at its end."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.campaign import place
from dev.campaign.bed import USER, Bed, slurm_variables
from dev.campaign.person import OTHER_RUNTIME, RUNTIME, end, send, sidecars
from dev.campaign.schedule import PlannedFault
from dev.cluster.claims import port
from dev.cluster.configuration import NODES
from dev.cluster.daemons import Daemon
from dev.cluster.processes import MARK, mark, processes, title, variables
from dev.cluster.readiness import answers, run
from dev.cluster.slurm import slurm_daemons
from dev.cluster.ssh import sshds

MOST_EFFECTS = 14
JUMPS = (120, -120, 4000, -4000)


@dataclass(frozen=True)
class Done:
    """What a fault came to; `node` where it is one of a node."""

    what: str
    node: str | None = None


Fault = Callable[[Bed, PlannedFault], contextlib.AbstractContextManager[Done]]


@contextmanager
def sidecar_killed(_: Bed, __: PlannedFault) -> Iterator[Done]:
    pids = sidecars()
    send(signal.SIGKILL, pids)
    yield Done(f"kill -9 {pids}")


@contextmanager
def sidecar_killed_at_effect(bed: Bed, planned: PlannedFault) -> Iterator[Done]:
    """The next one ends itself at an effect of a submission or a collection (src/sidecar/process/faults.ts)."""
    plans = [
        f"{scope}:{when}:{effect}"
        for scope in ("submit", "collect")
        for when in ("before", "during", "after")
        for effect in range(1, MOST_EFFECTS + 1)
    ]
    plan = plans[int(planned.pick * len(plans))]
    send(signal.SIGKILL, sidecars())
    bed.person.run("list", more={"JUPYTERLAB_SUBMIT_FAULT": plan})
    yield Done(plan)


@contextmanager
def link_cut(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    connections = bed.link.connections
    bed.link.cut()
    yield Done(f"{connections} connections")


@contextmanager
def link_silent(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    connections = bed.link.connections
    bed.link.silence()
    yield Done(f"{connections} connections")


@contextmanager
def link_down(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    bed.link.down()
    try:
        yield Done("no connection can be made")
    finally:
        bed.link.restore()


@contextmanager
def sshd_restarted(_: Bed, __: PlannedFault) -> Iterator[Done]:
    """With all that is logged in, as when the login node is restarted."""
    daemon = sshds()[0]
    logged_in = [pid for pid in processes() if title(pid).startswith(f"sshd: {USER.name}".encode())]
    daemon.stop()
    send(signal.SIGKILL, logged_in)
    try:
        yield Done(f"and {len(logged_in)} of its sessions")
    finally:
        run(daemon, lambda: answers(port(daemon.name)))


@contextmanager
def slurmctld_stopped(_: Bed, __: PlannedFault) -> Iterator[Done]:
    daemon = slurm_daemons()[0]
    daemon.stop()
    try:
        yield Done("no queue")
    finally:
        run(daemon, lambda: answers(port(daemon.name)))


@contextmanager
def node_killed(_: Bed, planned: PlannedFault) -> Iterator[Done]:
    """All that is on a node, as by a power cut, and it comes back."""
    busy = squeue("--states=running", "--format=%N") or NODES
    node = busy[int(planned.pick * len(busy))]
    daemon = next(one for one in slurm_daemons() if one.name == f"slurmd-{node}")
    pids = on_node(node, daemon)
    # Nothing may see the other die.
    send(signal.SIGSTOP, pids)
    send(signal.SIGKILL, on_node(node, daemon))
    try:
        yield Done(f"{node}, {len(pids)} processes", node)
    finally:
        daemon.start()


def on_node(node: str, daemon: Daemon) -> list[int]:
    conf = f"SLURM_CONF={slurm_variables()['SLURM_CONF']}".encode()
    marks = {f"{MARK}={mark(daemon.name)}".encode(), f"SLURMD_NODENAME={node}".encode()}
    found = []
    for pid in processes():
        environment = variables(pid)
        if conf in environment and not marks.isdisjoint(environment):
            found.append(pid)
    return found


def disk_full(folder: Path, what: str) -> Fault:
    """The disk of this folder is full for a while."""

    @contextmanager
    def inject(_: Bed, __: PlannedFault) -> Iterator[Done]:
        with place.full(folder):
            yield Done(what)

    return inject


@contextmanager
def clock_jump(bed: Bed, planned: PlannedFault) -> Iterator[Done]:
    """Of a service that is started anew for it, to and fro."""
    seconds = JUMPS[int(planned.pick * len(JUMPS))]
    send(signal.SIGKILL, sidecars())
    bed.person.start_under_clock()
    bed.over.wait(2)
    place.turn_clock(seconds)
    try:
        yield Done(f"{seconds:+d} s")
    finally:
        place.turn_clock(0)


@contextmanager
def runtime_removed(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    shutil.rmtree(RUNTIME, ignore_errors=True)
    bed.person.run("list")
    yield Done("and the next command")


@contextmanager
def second_service(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    """Another session of the person has another runtime folder, and follows a job there."""
    more = {"JUPYTER_RUNTIME_DIR": str(OTHER_RUNTIME)}
    bed.person.run("list", more=more)
    active = [job["id"] for job in bed.person.jobs() if job["result"]["place"] == "pending"]
    words = ["show", active[0], "--follow"] if active else ["list"]
    process = bed.person.start(*words, output=place.OUTPUT / "second", more=more)
    try:
        yield Done(f"{len(sidecars(OTHER_RUNTIME))} service there: {' '.join(words)}")
    finally:
        end(process)
        send(signal.SIGTERM, sidecars(OTHER_RUNTIME))


@contextmanager
def asleep(bed: Bed, _: PlannedFault) -> Iterator[Done]:
    """What was connected is forgotten meanwhile."""
    with bed.person.asleep():
        bed.link.silence()
        yield Done("a laptop that is closed")


FAULTS: dict[str, Fault] = {
    "sidecar-killed": sidecar_killed,
    "sidecar-killed-at-effect": sidecar_killed_at_effect,
    "link-cut": link_cut,
    "link-silent": link_silent,
    "link-down": link_down,
    "sshd-restarted": sshd_restarted,
    "slurmctld-stopped": slurmctld_stopped,
    "node-killed": node_killed,
    "disk-full-here": disk_full(place.SOURCES, "the folder of some notebooks"),
    "disk-full-records": disk_full(place.RECORDS, "the folder of the job records"),
    "disk-full-cluster": disk_full(place.CLUSTER, "the base folder of one cluster"),
    "clock-jump": clock_jump,
    "runtime-removed": runtime_removed,
    "second-service": second_service,
    "asleep": asleep,
}


def why_left_out(kind: str) -> str | None:
    """Why a fault cannot be had on this machine."""
    if kind == "clock-jump" and place.FAKETIME is None:
        return "there is no libfaketime: apt install libfaketime"
    return None


def squeue(*options: str) -> list[str]:
    """Words of the queue; none when nobody answers."""
    command = ["squeue", "--noheader", *options]
    with contextlib.suppress(subprocess.TimeoutExpired):
        ended = subprocess.run(
            command, env=slurm_variables(), capture_output=True, text=True, timeout=30
        )
        return ended.stdout.split() if ended.returncode == 0 else []
    return []
