"""The keys of the test cluster's SSH server and of those who log in."""

from __future__ import annotations

from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.orders import order

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
    if file.exists():
        return
    made = file.with_suffix(".new")
    for old in (made, public_file(made)):
        old.unlink(missing_ok=True)
    # 3072 bits would take a second.
    size = ["-b", "2048"] if kind == "rsa" else []
    command = ["ssh-keygen", "-q", "-t", kind, *size, "-N", passphrase, "-C", file.name]
    order("making keys", [*command, "-f", str(made)])
    public_file(made).rename(public_file(file))
    made.rename(file)


def public_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.pub")


def public(file: Path) -> str:
    """The public half: kind, key and name."""
    return public_file(file).read_text().strip()


def authorized_keys() -> str:
    return f"{public(CLIENT_KEY)}\n{public(LOCKED_KEY)}\n"


def known_hosts(port: int) -> list[str]:
    """A line for each host key."""
    return [f"[127.0.0.1]:{port} {public(file)}" for file in HOST_KEYS.values()]
