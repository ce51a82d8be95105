"""Slurm's accounting: a database, slurmdbd, and the accounts and limits that are kept there."""

from __future__ import annotations

import getpass
import os
import shutil
import socket

from dev.cluster.claims import port
from dev.cluster.configuration import CLUSTER, SLURMDBD_CONF
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER, SLURM_CONF
from dev.cluster.orders import order
from dev.cluster.readiness import answers, run
from dev.cluster.users import USERS

DATA = FOLDER / "database"
SOCKET = FOLDER / "database.socket"
# Small and without care for a power cut: it lives as long as the tests.
DATABASE_OPTIONS = [
    f"--datadir={DATA}",
    f"--user={getpass.getuser()}",
    "--skip-name-resolve",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=4M",
    "--innodb-flush-log-at-trx-commit=0",
]
ACCOUNT = "physics"
# An account without members; a QoS for nobody; one that refuses what exceeds it; one that lets it wait.
ACCOUNTS = [ACCOUNT, "chemistry"]
QUALITIES = {
    "forbidden": [],
    "refusing": [
        "MaxTRESPerJob=cpu=4",
        "MaxWall=15",
        "MaxSubmitJobsPerUser=2",
        "Flags=DenyOnLimit",
    ],
    "waiting": ["MaxTRESPerJob=cpu=4", "MaxJobsPerUser=1"],
}
ALLOWED = ["normal", "refusing", "waiting"]


def accounting_daemons() -> list[Daemon]:
    """In the order in which they start."""
    database = ["mariadbd", "--no-defaults", *DATABASE_OPTIONS, "--skip-networking"]
    database += [f"--socket={SOCKET}", f"--pid-file={FOLDER}/mariadbd.pid"]
    # slurmdbd cannot be told the socket, but the library that it uses can.
    variables = {"SLURM_CONF": str(SLURM_CONF), "MYSQL_UNIX_PORT": str(SOCKET)}
    return [
        Daemon("mariadbd", database),
        Daemon("slurmdbd", ["slurmdbd", "-D"], variables, [SLURMDBD_CONF]),
    ]


def make_database() -> None:
    """Makes the database's files, where they are missing; raises StepFailed."""
    if DATA.exists():
        return
    # Complete, or not there at all.
    made = DATA.with_suffix(".new")
    shutil.rmtree(made, ignore_errors=True)
    login = ["--auth-root-authentication-method=socket"]
    login.append(f"--auth-root-socket-user={getpass.getuser()}")
    options = [f"--datadir={made}", *DATABASE_OPTIONS[1:], "--skip-test-db"]
    order("making the database", ["mariadb-install-db", "--no-defaults", *login, *options])
    made.rename(DATA)


def start_accounting() -> None:
    """Starts both where they do not run, and adds the accounts where they are missing."""
    make_database()
    database, slurmdbd = accounting_daemons()
    run(database, takes_connections)
    run(slurmdbd, lambda: answers(port("slurmdbd")))
    made = FOLDER / "accounts.made"
    if not made.exists():
        add_accounts()
        made.touch()


def takes_connections() -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(SOCKET)) == 0


def add_accounts() -> None:
    names = [getpass.getuser(), *([user.name for user in USERS] if os.geteuid() == 0 else [])]
    add("cluster", CLUSTER)
    for name, limits in QUALITIES.items():
        add("qos", name, *limits)
    for name in ACCOUNTS:
        add("account", name)
    add("user", ",".join(names), f"DefaultAccount={ACCOUNT}", f"QOS={','.join(ALLOWED)}")


def add(kind: str, name: str, *options: str) -> None:
    order(
        "adding accounts",
        ["sacctmgr", "--immediate", "--quiet", "add", kind, name, *options],
        # Also when there is nothing new to add.
        lambda code, said: code == 1 and "Nothing new added" in said,
    )
