"""The processes that start a node's engines (node.py), as the runner sees them: what they are told, and what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .children import how
from .hosts import engines_of_hosts
from .launch import Launch, Plan


def plan_of(
    launch: Launch, wanted: int, env: Mapping[str, str], profile: str, logs: str, fork: bool
) -> Plan | None:
    """What the process of each node is told; None where engines have to be started by the scheduler, each by itself."""
    nodes = launch["nodes"]
    here: Plan = {
        "profile": profile,
        "logs": logs,
        "fork": fork,
        "counts": [wanted],
        "rank": None,
        "launch": None,
        "job": {},
    }
    if not launch["argv"]:
        return here
    if nodes is None or launch["rank"] is None:
        return None
    if any(re.search(pattern, env.get(name, "")) for name, pattern in nodes["bound"].items()):
        return None
    if nodes["hosts"]:
        counts = list(engines_of_hosts(nodes["hosts"], env, wanted).values()) or [wanted]
    else:
        counts = counts_of(env.get(nodes["engines"] or "", ""))
    if sum(counts) != wanted:
        return None
    job = {name: env.get(name) for name in nodes["each"]["job"]}
    return {**here, "counts": counts, "rank": launch["rank"], "launch": nodes, "job": job}


def counts_of(text: str) -> list[int]:
    """`4(x3),2` as [4, 4, 4, 2]: how Slurm writes how many tasks its nodes have (sbatch(1))."""
    counts: list[int] = []
    for word in text.split(","):
        found = re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", word)
        if found is None:
            return []
        counts += [int(found[1])] * int(found[2] or 1)
    return counts


def launch_argv(argv: list[str], nodes: int, directory: str) -> list[str]:
    """What of a Launch is put before a command. `directory`: the job's."""
    filled = (word.replace("{nodes}", str(nodes)) for word in argv)
    return [directory if word == "{directory}" else word for word in filled]


def node_words(node: int, host: str, engines: range) -> str:
    return f"node {node} is {host}: engines {engines[0]} to {engines[-1]}"


def engine_words(engine: int, code: int) -> str:
    return f"engine {engine} {how(code)}"


def by_node(argv: list[str], umask: int, node: str) -> list[str]:
    """`argv` under a launcher: with this umask, and with a word at its end, which it may not live to say.

    `node`: the variable with the node's index.
    """
    script = f'trap : TERM; umask {umask:04o}; "$@"; echo "node ${node} ended with $?"'
    return ["sh", "-c", script, "sh", *argv]


def silent_words(engine: int, host: str) -> str:
    return f"engine-{engine} on {host} is not heard any more"


def unreached_words(host: str) -> str:
    return f"engines could not be started on {host}"


def sharing_words(engines: int, gpus: int) -> str:
    return f"{engines} engines of this node share {gpus} GPUs"


@dataclass(frozen=True)
class EngineEnd:
    """How an engine ended, and on which node, '' where there is only one.

    Where neither a signal nor an exit code is known, it is not there any more.
    """

    node: str = ""
    signal: int | None = None
    status: int | None = None

    def words(self, engine: int) -> str:
        on = f" on {self.node}" if self.node else ""
        if self.signal is not None:
            return f"engine-{engine}{on} {how(-self.signal)}"
        if self.status is not None:
            return f"engine-{engine}{on} {how(self.status)}"
        return f"engine-{engine}{on} ended with the process that started it"


@dataclass(frozen=True)
class Said:
    """What the processes of nodes have said.

    `lost`: the engines that have ended; `hosts`: what the node of an engine is called, where there are several; `unreached`: nodes by index that began no engine, and what they are called; `sharing`:
    (engines, GPUs) of a node with fewer of these.
    """

    nodes: int = 0
    lost: dict[int, EngineEnd] = field(default_factory=dict)
    hosts: dict[int, str] = field(default_factory=dict)
    unreached: dict[int, str] = field(default_factory=dict)
    sharing: tuple[int, int] | None = None


def read(text: str) -> Said:
    """Read their log, in which a launcher's own lines may stand."""
    hosts: dict[int, str] = {}  # by engine
    engines: dict[int, range] = {}  # by node
    ends: dict[int, tuple[int | None, int | None]] = {}  # signals and exit codes, by engine
    unreached: dict[int, str] = {}
    sharing = None
    for line in text.splitlines():
        begun = re.fullmatch(r"node (\d+) is (\S+): engines (\d+) to (\d+)", line)
        ended = re.fullmatch(
            r"engine (\d+) (?:was killed by signal (\d+)|ended with exit code (\d+))", line
        )
        shared = re.fullmatch(r"(\d+) engines of this node share (\d+) GPUs", line)
        # By what has started it: its own word on that may not come.
        over = re.fullmatch(r"node (\d+)(?: on (\S+))? ended with \d+", line)
        if begun:
            engines[int(begun[1])] = range(int(begun[3]), int(begun[4]) + 1)
            hosts.update(dict.fromkeys(engines[int(begun[1])], begun[2]))
        elif ended:
            ends[int(ended[1])] = number(ended[2]), number(ended[3])
        elif shared:
            sharing = (int(shared[1]), int(shared[2]))
        elif over:
            for engine in engines.get(int(over[1]), ()):
                ends.setdefault(engine, (None, None))
            if over[2] and int(over[1]) not in engines:
                unreached[int(over[1])] = over[2]
    nodes = hosts if len(engines) > 1 else {}
    lost = {engine: EngineEnd(nodes.get(engine, ""), *how) for engine, how in ends.items()}
    return Said(len(engines), lost, nodes, unreached, sharing)


def number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)
