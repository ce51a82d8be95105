"""Logging in where the master of a cluster of namespaces is: an SSH server that is reached from the machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER
from dev.cluster.hosts.hosts import MASTER, on
from dev.cluster.jobs_python import PLACE, make_jobs_python
from dev.cluster.keys import CLIENT_KEY, authorized_keys, known_hosts, make_keys
from dev.cluster.logins import link_programs
from dev.cluster.privilege_separation import make_privilege_separation
from dev.cluster.programs import find
from dev.cluster.readiness import answers, run
from dev.cluster.ssh import (
    KNOWN_HOSTS,
    SSH_CONFIG,
    client,
    client_defaults,
    write_banner,
    write_server,
)
from dev.cluster.users import PLAIN_PROGRAMS, PYTHON_PROGRAMS, User, make_users, user

SSHD = "sshd"
INETD = Path(__file__).with_name("inetd.py")
PLAIN_PATH = f"{PYTHON_PROGRAMS}:{PLAIN_PROGRAMS}"


def users(host: str, settings: Path, path: str, variables: Mapping[str, str]) -> list[User]:
    """One who finds the batch system's programs in each shell, and one who does in a login shell only.

    `settings` is what sites have people source for that: the system's /etc/profile sets PATH anew.
    """
    files = {".bash_profile": f". {settings}\n"}
    return [
        user(host, files, path=path, variables=variables),
        user(f"{host}-login-path", files, path=PLAIN_PATH, variables={}),
    ]


def prepare_users(host: str, users: Sequence[User]) -> list[str]:
    """Makes all that the SSH server needs; returns what to tell the person, a line each."""
    make_keys()
    make_users(users, authorized_keys())
    link_programs()
    make_privilege_separation()
    write_banner()
    write_server(SSHD, users)
    KNOWN_HOSTS.write_text("".join(f"{line}\n" for line in known_hosts(port(SSHD))))
    hosts = [client(user.host, user, CLIENT_KEY) for user in users]
    SSH_CONFIG.write_text("".join([*hosts, client_defaults(f"{host} {host}-*")]))
    return [
        f"ssh -F {SSH_CONFIG} {host}",
        make_jobs_python(users[0]) or f"Python for their jobs: {PLACE}/bin/python",
    ]


def start_sshd() -> None:
    """Returns when it listens."""
    run(sshd(), lambda: answers(port(SSHD)))


def sshd() -> Daemon:
    file = FOLDER / f"{SSHD}.conf"
    server = [find("sshd"), "-i", "-f", str(file), "-E", f"{FOLDER}/{SSHD}.log"]
    serve = [find("ip"), *on(MASTER, server)[1:]]
    return Daemon(SSHD, [sys.executable, str(INETD), str(port(SSHD)), *serve])
