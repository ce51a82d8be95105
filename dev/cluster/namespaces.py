"""Network namespaces with names, which a machine has in one place for all."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from dev.cluster.folder import FOLDER, alone_on_machine
from dev.cluster.orders import order
from dev.cluster.programs import find

# Where ip keeps the names; it makes the folder.
PLACE = Path("/run/netns")
MADE = FOLDER / "netns.made"
WHAT = "making a network namespace"


def make_namespace(name: str) -> None:
    with alone_on_machine():
        if not PLACE.exists():
            MADE.touch()
        order(WHAT, ["ip", "netns", "add", name])


def remove_namespaces(names: Iterable[str]) -> None:
    """Removes those of them that there are, and the place, if it was made for one of ours and is empty."""
    with alone_on_machine():
        for name in filter(is_known, names):
            order(WHAT, ["ip", "netns", "delete", name])
        if MADE.exists() and PLACE.exists() and not any(PLACE.iterdir()):
            # ip has mounted it onto itself, so that namespaces are seen everywhere.
            subprocess.run([find("umount"), PLACE], check=True)
            PLACE.rmdir()


def is_known(name: str) -> bool:
    return (PLACE / name).exists()
