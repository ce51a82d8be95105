"""The SSH server of the test cluster, and the client's configuration that reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER
from dev.cluster.keys import CLIENT_KEY, HOST_KEYS, LOCKED_KEY, known_hosts
from dev.cluster.users import PLAIN_PROGRAMS, USERS, User

SSH_CONFIG = FOLDER / "ssh_config"
KNOWN_HOSTS = FOLDER / "known_hosts"
TRANSFER = replace(
    USERS[0], host="slurm-transfer", server="sshd-transfer", path=str(PLAIN_PROGRAMS)
)
LOGINS = [*USERS, TRANSFER]
SFTP = "Subsystem sftp internal-sftp"
# Each connection and each command is a line of the log at this level.
SERVER = """\
Port {port}
ListenAddress 127.0.0.1
PidFile {folder}/{name}.pid
{host_keys}
LogLevel VERBOSE
UsePAM no
UseDNS no
AuthenticationMethods publickey
PermitRootLogin no
X11Forwarding no
PrintMotd no
MaxStartups 100
AcceptEnv LANG LC_*
Banner {folder}/banner
{sftp}
AllowUsers {users}
{settings}
"""
CLIENT = """\
Host {hosts}
  HostName 127.0.0.1
  IdentitiesOnly yes
  StrictHostKeyChecking yes
  UserKnownHostsFile {known_hosts}
"""


def sshds() -> list[Daemon]:
    """Whether there is sftp cannot be said for one user only in the OpenSSH of Debian 12.

    The third lets in the first user, to the same home, where there is no batch system.
    """
    return [sshd("sshd"), sshd("sshd-no-sftp"), sshd(TRANSFER.server)]


def sshd(name: str) -> Daemon:
    file = FOLDER / f"{name}.conf"
    return Daemon(
        name, ["sshd", "-D", "-f", str(file), "-E", f"{FOLDER}/{name}.log"], configuration=[file]
    )


def write_ssh_configuration(more_hosts: str, more_known: list[str]) -> None:
    """Writes the files of server and client; the keys are there.

    `more_hosts` is text for ssh_config, `more_known` are lines for known_hosts.
    """
    write_banner()
    for daemon in sshds():
        users = [user for user in LOGINS if user.server == daemon.name]
        write_server(daemon.name, users, "" if daemon.name == "sshd-no-sftp" else SFTP)
    lines = [line for daemon in sshds() for line in known_hosts(port(daemon.name))]
    KNOWN_HOSTS.write_text("\n".join([*lines, *more_known, ""]))
    hosts = [client(user.host, user, CLIENT_KEY) for user in LOGINS]
    hosts.append(client("slurm-locked-key", USERS[0], LOCKED_KEY))
    SSH_CONFIG.write_text("".join([*hosts, client_defaults("slurm slurm-*"), more_hosts]))


def write_banner() -> None:
    (FOLDER / "banner").write_text("This is a cluster for tests.\nNothing here is kept.\n")


def write_server(name: str, users: Sequence[User], sftp: str = SFTP) -> None:
    """Writes the configuration of the daemon that lets these users in."""
    (FOLDER / f"{name}.conf").write_text(
        SERVER.format(
            port=port(name),
            folder=FOLDER,
            name=name,
            host_keys="\n".join(f"HostKey {file}" for file in HOST_KEYS.values()),
            sftp=sftp,
            users=" ".join(user.name for user in users),
            settings="\n".join(map(settings, users)),
        )
    )


def client_defaults(hosts: str) -> str:
    """What holds for all hosts of these patterns."""
    return CLIENT.format(hosts=hosts, known_hosts=KNOWN_HOSTS)


def client(host: str, user: User, key: Path) -> str:
    return f"Host {host}\n  User {user.name}\n  Port {port(user.server)}\n  IdentityFile {key}\n"


def settings(user: User) -> str:
    variables = {**user.variables, "PATH": user.path}
    texts = " ".join(f'"{name}={value}"' for name, value in variables.items())
    return f"Match User {user.name}\n  SetEnv {texts}"
