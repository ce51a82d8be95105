"""What the cluster needs for itself of what a machine has once: ports, and a network.

They are free ones, found at the first start and kept in a file, so that a daemon that starts
again is where it was.
"""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Collection, Iterator
from pathlib import Path

from dev.cluster.folder import FOLDER, PLACE, alone_on_machine

FILE = FOLDER / "claims.json"
NETWORK = "network"
# Four addresses each, of a network that is set aside for tests of networks: it is nobody's.
NETWORKS = range(256 * 64)


def claim(daemons: Collection[str], alive: Collection[str]) -> None:
    """Finds a port for each daemon that has none, or whose port somebody took while it was away."""
    with alone_on_machine():
        ours = read(FILE)
        others = [read(file) for file in PLACE.glob("jupyterlab-submit-cluster-*/claims.json")]
        taken = {number for claims in others for number in claims.values()}
        # Shuffled once: everybody waits meanwhile.
        free = (port for port in ports() if port not in taken and is_free(port))
        for name in daemons:
            if name not in ours or (name not in alive and not is_free(ours[name])):
                ours[name] = next(free)
        if NETWORK not in ours:
            networks = {claims.get(NETWORK) for claims in others}
            ours[NETWORK] = next(
                number
                for number in shuffled(NETWORKS)
                if number not in networks and not is_address(addresses(number)[0])
            )
        FILE.write_text(json.dumps(ours, indent=1))


def lost(daemons: Collection[str], alive: Collection[str]) -> bool:
    """Whether somebody took a port before its daemon came to it."""
    return any(name not in alive and not is_free(port(name)) for name in daemons)


def port(daemon: str) -> int:
    """Where it listens."""
    return read(FILE)[daemon]


def near_address() -> str:
    """This machine's address in the network of the far node."""
    return addresses(read(FILE)[NETWORK])[0]


def far_address() -> str:
    return addresses(read(FILE)[NETWORK])[1]


def addresses(network: int) -> tuple[str, str]:
    third, rest = divmod(network, 64)
    return f"198.18.{third}.{4 * rest + 1}", f"198.18.{third}.{4 * rest + 2}"


def is_address(address: str) -> bool:
    """Whether this machine has it already."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind((address, 0))
        except OSError:
            return False
    return True


def ports() -> Iterator[int]:
    """In any order; none of those that connections are given, which come and go."""
    given = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    first, last = (int(text) for text in given)
    every = range(10000, 60000)
    return shuffled([number for number in every if not first <= number <= last] or every)


def shuffled(numbers: Collection[int]) -> Iterator[int]:
    return iter(random.sample(list(numbers), len(numbers)))


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        # As daemons do: connections that have ended do not keep the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
            listener.listen()
        except OSError:
            return False
    return True


def read(file: Path) -> dict[str, int]:
    """Nothing, where there is no such file, or half of one."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
