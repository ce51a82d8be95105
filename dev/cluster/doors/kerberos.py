"""A Kerberos realm of the doors' own: its KDC, what servers and clients know of it, and a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from dev.cluster.claims import port
from dev.cluster.daemons import Daemon
from dev.cluster.doors.door import DOORS_FOLDER, PASSWORD, Door
from dev.cluster.orders import order

REALM = "DOORS.TEST"
KDC = "krb5kdc"
# Tickets are for names: the address would be another one.
HOST = "localhost"
PERSON = "ada"
"""Whose ticket it is: one person, with an account at each door."""
FOLDER = DOORS_FOLDER / "kerberos"
KEYTAB = FOLDER / "keytab"
TICKET = DOORS_FOLDER / "ticket"
ACCOUNTS = FOLDER / "accounts"
"""A file for each account, with who may log in to it (.k5login(5))."""
VARIABLES = {
    "KRB5_CONFIG": str(DOORS_FOLDER / "krb5.conf"),
    "KRB5_KDC_PROFILE": str(FOLDER / "kdc.conf"),
}
# Formats, twice.
CLIENTS = f"""\
[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  k5login_directory = {ACCOUNTS}
[realms]
  {REALM} = {{{{
    kdc = 127.0.0.1:{{port}}
  }}}}
[domain_realm]
  {HOST} = {REALM}
"""
SERVER = f"""\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{{port}}
  kdc_tcp_listen = 127.0.0.1:{{port}}
[realms]
  {REALM} = {{{{
    database_name = {FOLDER}/principal
    key_stash_file = {FOLDER}/stash
  }}}}
"""


def kdc() -> Daemon:
    return Daemon(KDC, [KDC, "-n", "-r", REALM], VARIABLES)


def make_realm(doors: Sequence[Door]) -> None:
    """Makes what is missing, with a principal who may log in at each door that takes tickets; raises StepFailed."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    ACCOUNTS.mkdir(exist_ok=True)
    for door in doors:
        if door.takes_tickets:
            (ACCOUNTS / door.user.name).write_text(f"{PERSON}@{REALM}\n")
    files = {"KRB5_CONFIG": CLIENTS, "KRB5_KDC_PROFILE": SERVER}
    for name, text in files.items():
        with open(VARIABLES[name], "w") as file:
            file.write(text.format(port=port(KDC)))
    if (FOLDER / "made").exists():
        return
    for old in FOLDER.glob("principal*"):
        old.unlink()
    KEYTAB.unlink(missing_ok=True)
    kerberos("kdb5_util", "create", "-s", "-r", REALM, "-P", PASSWORD)
    kadmin(f"addprinc -randkey host/{HOST}", f"ktadd -k {KEYTAB} host/{HOST}")
    kadmin(f'addprinc -pw "{PASSWORD}" {PERSON}')
    (FOLDER / "made").touch()


def server_lines(door: Door) -> list[str]:
    """Lines of sshd's configuration."""
    lines = ["GSSAPIAuthentication yes", "GSSAPIStrictAcceptorCheck no"]
    return lines if door.takes_tickets else []


def server_variables(door: Door) -> dict[str, str]:
    return {**VARIABLES, "KRB5_KTNAME": str(KEYTAB)} if door.takes_tickets else {}


def client_lines(door: Door) -> list[str]:
    """Lines of ssh_config."""
    return ["GSSAPIAuthentication yes"] if door.takes_tickets else []


def kadmin(*queries: str) -> None:
    for query in queries:
        kerberos("kadmin.local", "-r", REALM, "-q", query)


def get_ticket() -> None:
    """Gets a ticket that may be handed on; the KDC runs. Raises StepFailed."""
    script = f"echo '{PASSWORD}' | kinit -f -c '{TICKET}' '{PERSON}@{REALM}'"
    kerberos("sh", "-c", script)


def kerberos(*command: str) -> None:
    variables = [f"{name}={value}" for name, value in VARIABLES.items()]
    order("making a Kerberos realm", ["env", *variables, *command])
