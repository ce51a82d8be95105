"""A node that is on another machine as far as the network and its name go: the last one.

It shares the files, as nodes of a cluster do, but has a loopback of its own: what it is told
to find at 127.0.0.1 it does not find.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from dev.cluster.claims import far_address, near_address
from dev.cluster.folder import FOLDER, NAME, alone_on_machine
from dev.cluster.orders import order
from dev.cluster.programs import find

HOSTNAME = "submit-far"
NAMESPACE = f"submit{NAME}"
# The name of an interface has 15 letters.
NEAR, FAR = f"sub{NAME}n", f"sub{NAME}f"
# Where ip keeps the names; it makes the folder.
PLACE = Path("/run/netns")
MADE = FOLDER / "netns.made"
WHAT = "making a network namespace"


def there(command: Sequence[str]) -> list[str]:
    """The command that runs another one on the far node; it takes the process of the other."""
    named = ["unshare", "--uts", "sh", "-c", f'hostname {HOSTNAME} && exec "$0" "$@"']
    return ["ip", "netns", "exec", NAMESPACE, *named, *command]


def make_far_node() -> None:
    """Makes the namespace and the line to it; raises StepFailed."""
    if is_known():
        return
    with alone_on_machine():
        if not PLACE.exists():
            MADE.touch()
        order(WHAT, ["ip", "netns", "add", NAMESPACE])
    order(WHAT, ["ip", "link", "add", NEAR, "type", "veth", "peer", FAR, "netns", NAMESPACE])
    order(WHAT, ["ip", "address", "add", f"{near_address()}/30", "dev", NEAR])
    order(WHAT, ["ip", "link", "set", NEAR, "up"])
    within = ["ip", "-netns", NAMESPACE]
    order(WHAT, [*within, "link", "set", "lo", "up"])
    order(WHAT, [*within, "address", "add", f"{far_address()}/30", "dev", FAR])
    order(WHAT, [*within, "link", "set", FAR, "up"])
    order(WHAT, [*within, "route", "add", "default", "via", near_address()])


def remove_far_node() -> None:
    with alone_on_machine():
        remove_namespace()


def remove_namespace() -> None:
    if is_known():
        order(WHAT, ["ip", "netns", "delete", NAMESPACE])
    if MADE.exists() and PLACE.exists() and not any(PLACE.iterdir()):
        # ip has mounted it onto itself, so that namespaces are seen everywhere.
        subprocess.run([find("umount"), PLACE], check=True)
        PLACE.rmdir()


def is_known() -> bool:
    return (PLACE / NAMESPACE).exists()
