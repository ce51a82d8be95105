"""A node that is on another machine as far as the network and its name go: the last one.

It shares the files, as nodes of a cluster do, but has a loopback of its own: what it is told
to find at 127.0.0.1 it does not find.
"""

from __future__ import annotations

from collections.abc import Sequence

from dev.cluster.claims import far_address, near_address
from dev.cluster.folder import NAME
from dev.cluster.namespaces import WHAT, is_known, make_namespace, remove_namespaces
from dev.cluster.orders import order

HOSTNAME = "submit-far"
NAMESPACE = f"submit{NAME}"
# The name of an interface has 15 letters.
NEAR, FAR = f"sub{NAME}n", f"sub{NAME}f"


def there(command: Sequence[str]) -> list[str]:
    """The command that runs another one on the far node; it takes the process of the other."""
    named = ["unshare", "--uts", "sh", "-c", f'hostname {HOSTNAME} && exec "$0" "$@"']
    return ["ip", "netns", "exec", NAMESPACE, *named, *command]


def make_far_node() -> None:
    """Makes the namespace and the line to it; raises StepFailed."""
    if is_known(NAMESPACE):
        return
    make_namespace(NAMESPACE)
    order(WHAT, ["ip", "link", "add", NEAR, "type", "veth", "peer", FAR, "netns", NAMESPACE])
    order(WHAT, ["ip", "address", "add", f"{near_address()}/30", "dev", NEAR])
    order(WHAT, ["ip", "link", "set", NEAR, "up"])
    within = ["ip", "-netns", NAMESPACE]
    order(WHAT, [*within, "link", "set", "lo", "up"])
    order(WHAT, [*within, "address", "add", f"{far_address()}/30", "dev", FAR])
    order(WHAT, [*within, "link", "set", FAR, "up"])
    order(WHAT, [*within, "route", "add", "default", "via", near_address()])


def remove_far_node() -> None:
    remove_namespaces([NAMESPACE])
