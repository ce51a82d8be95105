"""The daemons of the doors, what they need, and the client's configuration that leads to them."""

from __future__ import annotations

import secrets
import shutil
import sys
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.doors.catalogue import DOORS, MARKER, wanted_doors
from dev.cluster.doors.certificates import (
    client_certificate,
    known_ca,
    make_ca,
    make_certificates,
    server_certificates,
)
from dev.cluster.doors.door import DOORS_FOLDER, MODULE, Door, codes
from dev.cluster.folder import FOLDER
from dev.cluster.keys import make_key, public
from dev.cluster.orders import order
from dev.cluster.programs import find
from dev.cluster.ssh import settings

HERE = Path(__file__).parent
# Where the password of all doors is written down for tests, and its hash of SHA-512 (crypt(5)).
PASSWORD = "the word of every door"
HASH = "$6$doors$POa.XMwiUHs460hxpMDOtbcMZABS5ecORmgfU55.Dh1fRKp8.lfXC/PG4.zp0UiQcFHBkSUQjGf3uaic31MWZ0"
CODES = 60
# No digits alone and no hexadecimal number: what a test looks for in logs is in them for no other reason.
LETTERS = "ghjkmnpqrstuvwxyz23456789"
SERVER = """\
Port {port}
ListenAddress 127.0.0.1
PidFile none
HostKey {door.host_key}
LogLevel DEBUG1
UsePAM yes
UseDNS no
{door.methods}
PasswordAuthentication no
KbdInteractiveAuthentication yes
AuthorizedKeysFile {door.folder}/authorized_keys
StrictModes no
PermitRootLogin no
X11Forwarding no
PrintMotd no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
AllowUsers {door.user.name}
{more}
{settings}
"""
PAM = """\
{auth}
{door.account}
session optional pam_permit.so
password required pam_unix.so yescrypt
"""
CLIENT = """\
Host {door.name}
  User {door.user.name}
  HostName 127.0.0.1
  Port {port}
  StrictHostKeyChecking yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile none
  IdentityAgent none
{more}
"""


def door_daemons() -> list[Daemon]:
    """Those of the doors that are wanted."""
    doors = wanted_doors()
    firewalls = [firewall(door) for door in doors if door.has_firewall]
    return [*map(sshd, doors), *firewalls]


def door_listeners() -> list[str]:
    """All that listen, whether or not they are wanted."""
    return [name for door in DOORS for name in dict.fromkeys([door.daemon, door.listener])]


def sshd(door: Door) -> Daemon:
    file = FOLDER / f"{door.daemon}.conf"
    password = [HASH if door.has_password else "", "expired" if door.is_expired else ""]
    server = [find("sshd"), "-D", "-f", str(file), "-E", f"{FOLDER}/{door.daemon}.log"]
    enter = ["sh", str(HERE / "enter.sh"), str(door.folder), door.user.name, *password]
    return Daemon(
        door.daemon,
        ["unshare", "--mount", *enter, *server],
        configuration=[file, door.folder / "pam"],
    )


def firewall(door: Door) -> Daemon:
    ports = [str(port(name)) for name in (door.listener, door.daemon)]
    return Daemon(door.listener, [sys.executable, str(HERE / "firewall.py"), *ports])


def want_doors(are_wanted: bool) -> None:
    """Has them in the configuration, or takes them out of it."""
    if are_wanted:
        DOORS_FOLDER.mkdir(exist_ok=True)
        MARKER.touch()
    else:
        MARKER.unlink(missing_ok=True)


def prepare_doors() -> None:
    """Makes all that they need; their users and the keys of people are there. Raises StepFailed."""
    make_module()
    make_ca()
    (DOORS_FOLDER / "password").write_text(f"{PASSWORD}\n")
    for door in wanted_doors():
        (door.folder / "etc").mkdir(parents=True, exist_ok=True)
        make_key(door.host_key, "ed25519", "")
        make_certificates(door)
        make_codes(codes(door.name))
        pam = PAM.format(auth="\n".join(door.auth) or "auth required pam_deny.so", door=door)
        (door.folder / "pam").write_text(pam)
        keys = [f"{door.key_options} {public(door.key)}\n"] if door.key is not None else []
        (door.folder / "authorized_keys").write_text("".join(keys))
        (FOLDER / f"{door.daemon}.conf").write_text(
            SERVER.format(
                port=port(door.daemon),
                door=door,
                more="\n".join([*door.server, *server_certificates(door)]),
                settings=settings(door.user),
            )
        )


def make_module() -> None:
    """Compiles what asks, where it is not the present one."""
    source = HERE / "pam_door.c"
    made = MODULE.with_suffix(".new")
    compiled = MODULE.with_suffix(".c")
    if MODULE.exists() and compiled.exists() and compiled.read_text() == source.read_text():
        return
    options = ["-shared", "-fPIC", "-Wall", "-Werror", "-o", str(made)]
    # The library itself: the name without a version belongs to the package of its headers.
    order("making the doors", ["gcc", *options, str(source), "-l:libpam.so.0"])
    made.rename(MODULE)
    shutil.copyfile(source, compiled)


def make_codes(file: Path) -> None:
    """New ones at each start: those of before may be used up."""
    made = ["".join(secrets.choice(LETTERS) for _ in range(6)) for _ in range(CODES)]
    file.touch(mode=0o600)
    file.write_text("".join(f"{code}\n" for code in made))


def door_hosts() -> str:
    """What ssh_config says of the doors."""
    return "".join(map(client, wanted_doors()))


def client(door: Door) -> str:
    key = client_certificate(door) or [f"IdentityFile {door.key or 'none'}"]
    lines = [*key, "IdentitiesOnly yes", *door.client]
    return CLIENT.format(
        door=door,
        port=port(door.listener),
        folder=FOLDER,
        more="\n".join(f"  {line}" for line in lines),
    )


def door_known_hosts() -> list[str]:
    return [
        known_ca(door)
        if door.has_host_certificate
        else f"[127.0.0.1]:{port(door.listener)} {public(door.host_key)}"
        for door in wanted_doors()
    ]
