"""The keys of the test cluster's SSH server and of those who log in."""

from __future__ import annotations

import subprocess
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.programs import find

KEYS = FOLDER / "keys"
HOST_KEYS = {kind: KEYS / f"host_{kind}" for kind in ("ed25519", "ecdsa", "rsa")}
CLIENT_KEY = KEYS / "id_ed25519"
LOCKED_KEY = KEYS / "id_locked"
PASSPHRASE = "opens it"


def make_keys() -> None:
    """Makes those that are missing."""
    KEYS.mkdir(mode=0o755, exist_ok=True)
    for kind, file in HOST_KEYS.items():
        make_key(file, kind, "")
    make_key(CLIENT_KEY, "ed25519", "")
    make_key(LOCKED_KEY, "ed25519", PASSPHRASE)


def make_key(file: Path, kind: str, passphrase: str) -> None:
    if file.exists() and public(file):
        return
    file.unlink(missing_ok=True)
    # 3072 bits would take a second.
    size = ["-b", "2048"] if kind == "rsa" else []
    subprocess.run(
        [find("ssh-keygen"), "-q", "-t", kind, *size, "-N", passphrase, "-C", file.name]
        + ["-f", str(file)],
        stdin=subprocess.DEVNULL,
        check=True,
    )


def public(file: Path) -> str:
    """The public half: kind, key and name; empty while it is not made."""
    half = file.with_name(f"{file.name}.pub")
    return half.read_text().strip() if half.exists() else ""


def authorized_keys() -> str:
    return f"{public(CLIENT_KEY)}\n{public(LOCKED_KEY)}\n"


def known_hosts(port: int) -> list[str]:
    """A line for each host key."""
    return [f"[127.0.0.1]:{port} {public(file)}" for file in HOST_KEYS.values()]
