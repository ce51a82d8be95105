"""A node that is on another machine as far as the network and its name go: the last one.

It shares the files, as nodes of a cluster do, but has a loopback of its own: what it is told
to find at 127.0.0.1 it does not find.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from dev.cluster.folder import FOLDER, NUMBER
from dev.cluster.orders import order
from dev.cluster.programs import find

HOSTNAME = "submit-far"
NAMESPACE = f"submit{NUMBER}"
# A network that is set aside for tests of networks: it is nobody's.
NEAR_ADDRESS = f"198.18.{NUMBER}.1"
FAR_ADDRESS = f"198.18.{NUMBER}.2"
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
    if not PLACE.exists():
        MADE.touch()
    near, far = f"{NAMESPACE}-near", f"{NAMESPACE}-far"
    order(WHAT, ["ip", "netns", "add", NAMESPACE])
    order(WHAT, ["ip", "link", "add", near, "type", "veth", "peer", far, "netns", NAMESPACE])
    order(WHAT, ["ip", "address", "add", f"{NEAR_ADDRESS}/30", "dev", near])
    order(WHAT, ["ip", "link", "set", near, "up"])
    within = ["ip", "-netns", NAMESPACE]
    order(WHAT, [*within, "link", "set", "lo", "up"])
    order(WHAT, [*within, "address", "add", f"{FAR_ADDRESS}/30", "dev", far])
    order(WHAT, [*within, "link", "set", far, "up"])
    order(WHAT, [*within, "route", "add", "default", "via", NEAR_ADDRESS])


def remove_far_node() -> None:
    if is_known():
        order(WHAT, ["ip", "netns", "delete", NAMESPACE])
    if MADE.exists() and PLACE.exists() and not any(PLACE.iterdir()):
        # ip has mounted it onto itself, so that namespaces are seen everywhere.
        subprocess.run([find("umount"), PLACE], check=True)
        PLACE.rmdir()


def is_known() -> bool:
    return (PLACE / NAMESPACE).exists()
