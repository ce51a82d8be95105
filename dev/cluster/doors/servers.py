"""The daemons of the doors, what they need, and the client's configuration that leads to them."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.doors import card, fido, kerberos
from dev.cluster.doors.catalogue import DOORS, MARKER, wanted_doors
from dev.cluster.doors.certificates import (
    client_certificate,
    known_ca,
    make_ca,
    make_certificates,
    server_certificates,
)
from dev.cluster.doors.compiled import HERE, compile_module
from dev.cluster.doors.door import DOORS_FOLDER, PASSWORD, Door, codes
from dev.cluster.folder import FOLDER
from dev.cluster.keys import make_key, public
from dev.cluster.programs import find
from dev.cluster.ssh import settings

# Of the password of all doors, with SHA-512 (crypt(5)).
HASH = "$6$doors$POa.XMwiUHs460hxpMDOtbcMZABS5ecORmgfU55.Dh1fRKp8.lfXC/PG4.zp0UiQcFHBkSUQjGf3uaic31MWZ0"
CODES = 60
# No digits alone and no hexadecimal number: what a test looks for in logs is in them for no other reason.
LETTERS = "ghjkmnpqrstuvwxyz23456789"
SERVER = """\
Port {port}
ListenAddress 127.0.0.1
PidFile none
{host_key}
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
  HostName {host}
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
    kdcs = [kerberos.kdc()] if doors else []
    return [*kdcs, *map(sshd, doors), *firewalls]


def door_listeners() -> list[str]:
    """All that listen, whether or not they are wanted."""
    doors = [name for door in DOORS for name in dict.fromkeys([door.daemon, door.listener])]
    return [*doors, kerberos.KDC]


def sshd(door: Door) -> Daemon:
    file = FOLDER / f"{door.daemon}.conf"
    password = [HASH if door.has_password else "", "expired" if door.is_expired else ""]
    server = [find("sshd"), "-f", str(file), "-E", f"{FOLDER}/{door.daemon}.log"]
    if door.machines == 1:
        server.append("-D")
    else:
        machines = [sys.executable, str(HERE / "machines.py"), str(port(door.daemon))]
        server = [*machines, *server, "--", *map(str, door.host_keys)]
    enter = ["sh", str(HERE / "enter.sh"), str(door.folder), door.user.name, *password]
    return Daemon(
        door.daemon,
        ["unshare", "--mount", *enter, *server],
        kerberos.server_variables(door),
        configuration=[file, door.folder / "pam"],
    )


def firewall(door: Door) -> Daemon:
    ports = [str(port(name)) for name in (door.listener, door.daemon)]
    return Daemon(door.listener, [sys.executable, str(HERE / "firewall.py"), *ports])


def get_tickets() -> None:
    """Gets what a client brings along; the servers run."""
    if any(door.takes_tickets for door in wanted_doors()):
        kerberos.get_ticket()


def client_variables() -> list[str]:
    """What ssh needs beside its configuration, as NAME=VALUE."""
    return [
        f"KRB5_CONFIG={kerberos.VARIABLES['KRB5_CONFIG']}",
        f"KRB5CCNAME={kerberos.TICKET}",
        f"SOFTHSM2_CONF={card.CONFIGURATION}",
    ]


def want_doors(are_wanted: bool) -> None:
    """Has them in the configuration, or takes them out of it."""
    if are_wanted:
        DOORS_FOLDER.mkdir(exist_ok=True)
        MARKER.touch()
    else:
        MARKER.unlink(missing_ok=True)


def prepare_doors() -> None:
    """Makes all that they need; their users and the keys of people are there. Raises StepFailed."""
    compile_module("pam_door", "libpam.so.0")
    fido.make_fido()
    make_ca()
    card.make_card()
    kerberos.make_realm(wanted_doors())
    (DOORS_FOLDER / "password").write_text(f"{PASSWORD}\n")
    for door in wanted_doors():
        (door.folder / "etc").mkdir(parents=True, exist_ok=True)
        for host_key in door.host_keys:
            make_key(host_key, "ed25519", "")
        # With several machines, there is no server before somebody comes.
        (FOLDER / f"{door.daemon}.log").touch()
        make_certificates(door)
        make_codes(codes(door.name))
        pam = PAM.format(auth="\n".join(door.auth) or "auth required pam_deny.so", door=door)
        (door.folder / "pam").write_text(pam)
        (door.folder / "authorized_keys").write_text(authorized_keys(door))
        (FOLDER / f"{door.daemon}.conf").write_text(
            SERVER.format(
                port=port(door.daemon),
                door=door,
                host_key=f"HostKey {door.host_key}" if door.machines == 1 else "",
                more="\n".join(
                    [*door.server, *server_certificates(door), *kerberos.server_lines(door)]
                ),
                settings=settings(door.user),
            )
        )


def authorized_keys(door: Door) -> str:
    if door.is_for_cards:
        return f"{public(card.KEY)}\n"
    return "" if door.key is None else f"{door.key_options} {public(door.key)}\n"


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
    # The keys of a card are among those that IdentitiesOnly leaves out.
    more = [f"PKCS11Provider {card.MODULE}"] if door.is_for_cards else ["IdentitiesOnly yes"]
    lines = [*key, *more, *kerberos.client_lines(door), *door.client]
    return CLIENT.format(
        door=door,
        host=host_name(door),
        port=port(door.listener),
        folder=FOLDER,
        more="\n".join(f"  {line}" for line in lines),
    )


def host_name(door: Door) -> str:
    return kerberos.HOST if door.takes_tickets else "127.0.0.1"


def door_known_hosts() -> list[str]:
    return [
        known_ca(door)
        if door.has_host_certificate
        else f"[{host_name(door)}]:{port(door.listener)} {public(host_key)}"
        for door in wanted_doors()
        for host_key in door.host_keys
    ]
