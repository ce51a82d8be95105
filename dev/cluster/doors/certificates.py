"""Certificates of OpenSSH for doors that ask for them: a CA, and what it signs."""

from __future__ import annotations

from pathlib import Path

from dev.cluster.claims import port
from dev.cluster.doors.door import DAY, DOORS_FOLDER, Door
from dev.cluster.keys import make_key, public, public_file
from dev.cluster.orders import order

CA = DOORS_FOLDER / "ca"


def make_ca() -> None:
    make_key(CA, "ed25519", "")


def make_certificates(door: Door) -> None:
    """Signs what the door needs, anew at each start: some are good for a day."""
    if door.certified is not None:
        make_key(door.certified_key, "ed25519", "")
        sign(door.certified_key, door.user.name, door.certified)
    if door.has_host_certificate:
        sign(door.host_key, "127.0.0.1", DAY, "-h")


def sign(key: Path, name: str, validity: str, *options: str) -> None:
    command = ["ssh-keygen", "-q", "-s", str(CA), "-I", key.parent.name, "-n", name, *options]
    order("signing keys", [*command, "-V", validity, str(public_file(key))])


def server_certificates(door: Door) -> list[str]:
    """Lines of sshd's configuration."""
    takes = [f"TrustedUserCAKeys {public_file(CA)}"] if door.certified is not None else []
    return [*takes, *([f"HostCertificate {door.host_key}-cert.pub"] * door.has_host_certificate)]


def client_certificate(door: Door) -> list[str]:
    """Lines of ssh_config; none where no certificate is asked for."""
    if door.certified is None:
        return []
    key = door.certified_key
    return [f"IdentityFile {key}", f"CertificateFile {key}-cert.pub"]


def known_ca(door: Door) -> str:
    """The line of known_hosts by which the host is known."""
    return f"@cert-authority [127.0.0.1]:{port(door.listener)} {public(CA)}"
