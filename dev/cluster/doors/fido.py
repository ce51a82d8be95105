"""A FIDO device as a program (fido_door.c), and a key that needs it."""

from __future__ import annotations

from dev.cluster.doors.compiled import compile_module
from dev.cluster.doors.door import DOORS_FOLDER
from dev.cluster.orders import order

PIN = "pin of 2 doors"
# Whoever makes this file has touched the device.
TOUCH = DOORS_FOLDER / "touch"
PROVIDER = DOORS_FOLDER / "fido_door.so"
KEY = DOORS_FOLDER / "id_fido"


def make_fido() -> None:
    """Makes what is missing; raises StepFailed."""
    compile_module("fido_door", "libcrypto.so.3", PIN=PIN, TOUCH=str(TOUCH))
    if not KEY.exists():
        made = KEY.with_suffix(".new")
        command = ["ssh-keygen", "-q", "-t", "ed25519-sk", "-w", str(PROVIDER), "-N", ""]
        order("making keys", [*command, "-O", "verify-required", "-C", KEY.name, "-f", str(made)])
        made.with_name(f"{made.name}.pub").rename(KEY.with_name(f"{KEY.name}.pub"))
        made.rename(KEY)
