"""The SSH server of the test cluster, and the client's configuration that reaches it."""

from __future__ import annotations

from dev.cluster.daemons import Daemon
from dev.cluster.folder import FOLDER, SLURM_CONF
from dev.cluster.keys import CLIENT_KEY, HOST_KEYS, LOCKED_KEY, known_hosts
from dev.cluster.users import PORT, PORT_WITHOUT_SFTP, USERS, User

SSH_CONFIG = FOLDER / "ssh_config"
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
AcceptEnv LANG LC_*
Banner {folder}/banner
{sftp}
AllowUsers {users}
{settings}
"""
CLIENT = """\
Host slurm slurm-*
  HostName 127.0.0.1
  IdentitiesOnly yes
  StrictHostKeyChecking yes
  UserKnownHostsFile {folder}/known_hosts
Host slurm-locked-key
  IdentityFile {locked}
  User {user}
  Port {port}
Host slurm slurm-*
  IdentityFile {key}
"""


def sshd(port: int) -> Daemon:
    name = "sshd" if port == PORT else "sshd-no-sftp"
    file = FOLDER / f"{name}.conf"
    # Read anew for each connection; so nothing needs a restart but another port.
    return Daemon(name, ["sshd", "-D", "-f", str(file), "-E", f"{FOLDER}/{name}.log"])


def sshds() -> list[Daemon]:
    # Whether there is sftp cannot be said for one user only in the OpenSSH of Debian 12.
    return [sshd(PORT), sshd(PORT_WITHOUT_SFTP)]


def write_ssh_configuration() -> None:
    """Writes the files of server and client; the keys are there."""
    (FOLDER / "banner").write_text("This is a cluster for tests.\nNothing here is kept.\n")
    for port in (PORT, PORT_WITHOUT_SFTP):
        users = [user for user in USERS if user.port == port]
        daemon = sshd(port)
        (FOLDER / f"{daemon.name}.conf").write_text(
            SERVER.format(
                port=port,
                folder=FOLDER,
                name=daemon.name,
                host_keys="\n".join(f"HostKey {file}" for file in HOST_KEYS.values()),
                sftp=SFTP if port == PORT else "",
                users=" ".join(user.name for user in users),
                settings="\n".join(map(settings, users)),
            )
        )
    lines = [line for port in (PORT, PORT_WITHOUT_SFTP) for line in known_hosts(port)]
    (FOLDER / "known_hosts").write_text("\n".join([*lines, ""]))
    hosts = [f"Host {user.host}\n  User {user.name}\n  Port {user.port}\n" for user in USERS]
    SSH_CONFIG.write_text(
        "".join(hosts)
        + CLIENT.format(
            folder=FOLDER, key=CLIENT_KEY, locked=LOCKED_KEY, user=USERS[0].name, port=PORT
        )
    )


def settings(user: User) -> str:
    return f'Match User {user.name}\n  SetEnv SLURM_CONF={SLURM_CONF} "PATH={user.path}"'
