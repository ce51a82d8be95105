"""The test bed of a campaign: cluster, link and person, and what has happened to them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dev import cluster
from dev.campaign import place
from dev.campaign.facts import Happened
from dev.campaign.link import Link
from dev.campaign.person import Person
from dev.cluster.claims import port
from dev.cluster.folder import SLURM_CONF
from dev.cluster.ssh import SSH_CONFIG
from dev.cluster.users import USERS

USER = USERS[0]
HOST = "slurm"
# A connection that is silent is noticed after so many seconds, twice.
ALIVE_SECONDS = 3
LEDGERS = {
    "slurm": USER.home / "ledger",
    "small": USER.home / "ledger",
    "local": place.HOME / "ledger",
}
BASES = {
    "slurm": USER.home / ".jupyterlab-submit",
    "small": place.CLUSTER,
    "local": place.HOME / ".jupyterlab-submit",
}
# The directories of one of them go when the next result has come home.
KEEP_DAYS = {"slurm": 30, "small": 0}


@dataclass
class Bed:
    """Everything that jobs and faults need."""

    person: Person
    link: Link
    began: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)
    """No further job or fault."""
    happened: list[Happened] = field(default_factory=list)

    @property
    def now(self) -> float:
        """Seconds after the start."""
        return round(time.monotonic() - self.began, 2)


@contextmanager
def make_bed() -> Iterator[Bed]:
    """Starts everything and takes it away again."""
    with ExitStack() as stack:
        stack.enter_context(place.place())
        cluster.main(["stop"])
        stack.callback(cluster.main, ["stop"])
        cluster.main(["start"])
        account = USER.account
        os.chown(place.CLUSTER, account.pw_uid, account.pw_gid)
        for ledger in set(LEDGERS.values()):
            ledger.mkdir()
        os.chown(LEDGERS["slurm"], account.pw_uid, account.pw_gid)
        link = Link(port("sshd"))
        stack.callback(link.close)
        person = Person(ssh_config(link), clusters())
        stack.callback(person.end)
        yield Bed(person, link)


def ssh_config(link: Link) -> Path:
    """The cluster's, by way of the link."""
    file = place.FOLDER / "ssh_config"
    lines = [
        f"Host {HOST}",
        f"Port {link.port}",
        f"HostKeyAlias [127.0.0.1]:{port('sshd')}",
        f"ServerAliveInterval {ALIVE_SECONDS}",
        "ServerAliveCountMax 2",
        f"Include {SSH_CONFIG}",
    ]
    file.write_text("\n".join([*lines, ""]))
    return file


def clusters() -> list[dict]:
    """What stands in the person's settings."""
    return [
        {
            "name": name,
            "title": f"The test cluster ({name})",
            "host": HOST,
            "scheduler": "slurm",
            "baseFolder": str(BASES[name]),
            "keepDays": days,
        }
        for name, days in KEEP_DAYS.items()
    ]


def slurm_variables() -> dict[str, str]:
    return {**os.environ, "SLURM_CONF": str(SLURM_CONF)}
