"""A card with a key on it, as a program: softhsm2, reached by PKCS#11."""

from __future__ import annotations

from dev.cluster.doors.door import DOORS_FOLDER
from dev.cluster.keys import make_key
from dev.cluster.orders import order

LABEL = "doors"
PIN = "pin of a door"
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
CONFIGURATION = DOORS_FOLDER / "softhsm2.conf"
FOLDER = DOORS_FOLDER / "tokens"
# The key that is put onto it.
KEY = DOORS_FOLDER / "card_rsa"


def make_card() -> None:
    """Makes it where it is missing; raises StepFailed."""
    if (FOLDER / "made").exists():
        return
    FOLDER.mkdir(exist_ok=True)
    CONFIGURATION.write_text(f"directories.tokendir = {FOLDER}\nlog.level = ERROR\n")
    make_key(KEY, "rsa", "")
    pem = KEY.with_suffix(".pem")
    pem.write_bytes(KEY.read_bytes())
    pem.chmod(0o600)
    # softhsm2 reads PKCS#8 alone.
    order("making a card", ["ssh-keygen", "-q", "-p", "-m", "PKCS8", "-N", "", "-f", str(pem)])
    softhsm("--init-token", "--free", "--so-pin", f"{PIN}{PIN}")
    softhsm("--import", str(pem), "--token", LABEL, "--id", "01")
    (FOLDER / "made").touch()


def softhsm(*options: str) -> None:
    variable = f"SOFTHSM2_CONF={CONFIGURATION}"
    command = ["env", variable, "softhsm2-util", *options, "--label", LABEL, "--pin", PIN]
    order("making a card", command)
