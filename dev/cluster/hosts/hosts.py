"""The hosts of a cluster that is no Slurm: each a network, a name and processes of its own, on one machine.

All of them, and the line between them, are in namespaces: the machine's own network and files stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dev.cluster.folder import FOLDER, NAME
from dev.cluster.namespaces import WHAT, make_namespace, remove_namespaces
from dev.cluster.orders import order

MASTER = "gxm"
"""Where the daemon with the queue is, and where people log in."""
EXECUTION_HOSTS = ["gx1", "gx2", "gx3", "gx4"]
HOSTS = [MASTER, *EXECUTION_HOSTS]
# Nobody else is in this network, so that every cluster may have the same addresses.
ADDRESSES = {host: f"10.77.0.{number + 1}" for number, host in enumerate(HOSTS)}
TEMPORARY = FOLDER / "tmp"
ENTER = Path(__file__).with_name("enter.sh")
MADE = FOLDER / "hosts.made"


def on(host: str, command: Sequence[str], *isolation: str) -> list[str]:
    """The command that runs another one on a host. It takes the process of the other.

    `isolation` are more options of unshare(1).
    """
    unshare = ["unshare", "--uts", *isolation, "sh", str(ENTER), host, str(FOLDER)]
    return ["ip", "netns", "exec", namespace(host), *unshare, *command]


def on_its_own(host: str, command: Sequence[str]) -> list[str]:
    """The same, with a process that stands for the host: when it is killed, all that runs there ends.

    A batch system finds a job's processes by a group or a session among all: it must not see those of other hosts.
    """
    return on(host, command, "--pid", "--fork", "--kill-child", "--mount-proc")


def make_hosts() -> None:
    """Makes the namespaces and the lines between them, unless they are there; raises StepFailed."""
    if MADE.exists():
        return
    remove_hosts()
    names = "".join(f"{address} {host}\n" for host, address in ADDRESSES.items())
    (FOLDER / "hosts").write_text(f"127.0.0.1 localhost\n{names}")
    for host in HOSTS:
        folder = FOLDER / "on" / host / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o1777)
        make_namespace(namespace(host))
    TEMPORARY.mkdir(exist_ok=True)
    for host in HOSTS:
        commands = FOLDER / "on" / host / "network"
        commands.write_text("".join(f"{line}\n" for line in network(host)))
        order(WHAT, ["ip", "-netns", namespace(host), "-batch", str(commands)])
    MADE.touch()


def remove_hosts() -> None:
    """Their processes must have ended."""
    remove_namespaces(map(namespace, HOSTS))


def network(host: str) -> list[str]:
    """What ip(8) does on a host; the master's comes first, and has a bridge that all others are at."""
    own = ["link set lo up", f"address add {ADDRESSES[host]}/24 dev eth0", "link set eth0 up"]
    if host != MASTER:
        return own
    return [
        "link add eth0 type bridge",
        *own,
        *(
            line
            for other in EXECUTION_HOSTS
            for line in (
                f"link add {other} type veth peer name eth0 netns {namespace(other)}",
                f"link set {other} master eth0 up",
            )
        ),
    ]


def namespace(host: str) -> str:
    return f"submit{NAME}-{host}"
