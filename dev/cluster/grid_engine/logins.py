"""Logging in to the Grid Engine: the users, and what their shells know of it."""

from __future__ import annotations

from dev.cluster.claims import port
from dev.cluster.grid_engine.configuration import COMMON, SGE_ROOT, VARIABLES
from dev.cluster.grid_engine.daemons import SSHD
from dev.cluster.jobs_python import PLACE, make_jobs_python
from dev.cluster.keys import CLIENT_KEY, authorized_keys, known_hosts, make_keys
from dev.cluster.logins import link_programs
from dev.cluster.privilege_separation import make_privilege_separation
from dev.cluster.ssh import (
    KNOWN_HOSTS,
    SSH_CONFIG,
    client,
    client_defaults,
    write_banner,
    write_server,
)
from dev.cluster.users import PLAIN_PROGRAMS, PYTHON_PROGRAMS, make_users, user

PLAIN_PATH = f"{PYTHON_PROGRAMS}:{PLAIN_PROGRAMS}"
PATH = f"{PYTHON_PROGRAMS}:{SGE_ROOT}/bin/lx-amd64:{PLAIN_PROGRAMS}"
# Where Grid Engine's own installation puts it, for sites to source.
SETTINGS = COMMON / "settings.sh"
# The system's /etc/profile sets PATH anew.
LOGIN_FILES = {".bash_profile": f". {SETTINGS}\n"}
USERS = [
    user("sge", LOGIN_FILES, path=PATH, variables=VARIABLES),
    user("sge-login-path", LOGIN_FILES, path=PLAIN_PATH, variables={}),
]


def prepare_logins() -> list[str]:
    """Makes all that the SSH server needs; returns what to tell the person, a line each."""
    variables = {**VARIABLES, "PATH": PATH}
    SETTINGS.write_text("".join(f"export {name}={value}\n" for name, value in variables.items()))
    make_keys()
    make_users(USERS, authorized_keys())
    link_programs()
    make_privilege_separation()
    write_banner()
    write_server(SSHD, USERS)
    KNOWN_HOSTS.write_text("".join(f"{line}\n" for line in known_hosts(port(SSHD))))
    hosts = [client(user.host, user, CLIENT_KEY) for user in USERS]
    SSH_CONFIG.write_text("".join([*hosts, client_defaults("sge sge-*")]))
    return [
        f"ssh -F {SSH_CONFIG} sge",
        make_jobs_python(USERS[0]) or f"Python for their jobs: {PLACE}/bin/python",
    ]
