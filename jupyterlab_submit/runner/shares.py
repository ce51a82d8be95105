"""What each engine of a node gets of its cores and GPUs, and the variables that say so. Pure, but for `apply`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .launch import Plan

# Slurm sets the first three alike, newer ones ZE_AFFINITY_MASK for Intel's; sites set HIP's.
GPU_VARIABLES = (
    "CUDA_VISIBLE_DEVICES",
    "ROCR_VISIBLE_DEVICES",
    "GPU_DEVICE_ORDINAL",
    "HIP_VISIBLE_DEVICES",
    "ZE_AFFINITY_MASK",
)


@dataclass(frozen=True)
class Share:
    """One engine's part of its node; `cpus` is empty where it may use all of them."""

    cpus: list[int]
    gpus: str
    variables: Mapping[str, str | None]  # None: it is not to have this one

    def apply(self) -> None:
        """Take it, for this process and its children."""
        for name, value in self.variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if self.cpus:
            os.sched_setaffinity(0, self.cpus)

    def __str__(self) -> str:
        cpus = f"CPUs {','.join(map(str, self.cpus))}" if self.cpus else "all CPUs"
        return f"{cpus}, GPUs {self.gpus}" if self.gpus else cpus


def shares(
    plan: Plan,
    node: int,
    env: Mapping[str, str],
    allowed: Sequence[int],
    core_of: Callable[[int], object],
) -> list[Share]:
    """The Shares of this node's engines, in their order.

    `allowed`: the CPUs that this process may use; `core_of` tells CPUs that are threads of one core.
    """
    launch = plan["launch"]
    count = plan["counts"][node]
    if launch is None:
        return [Share([], "", {})] * count
    first, all_engines = sum(plan["counts"][:node]), sum(plan["counts"])
    # More CPUs than the scheduler has given are other people's: it confines nobody there, nor do we.
    told = env.get(launch["cpus"]) if launch["cpus"] else None
    is_confined = told == str(len(allowed)) and len(allowed) >= count
    first_of = {core_of(cpu): cpu for cpu in sorted(allowed, reverse=True)}
    in_order = sorted(allowed, key=lambda cpu: (first_of[core_of(cpu)], cpu))
    found = []
    for local in range(count):
        cpus = in_order[local * len(allowed) // count : (local + 1) * len(allowed) // count]
        gpus = {
            name: part(env[name].split(","), local, count)
            for name in GPU_VARIABLES
            if env.get(name)
        }
        each = launch["each"]
        variables = {
            **plan["job"],
            **{name: str(first + local) for name in each["rank"]},
            **{name: str(local) for name in each["local"]},
            **{name: str(all_engines) for name in each["all"]},
            **gpus,
        }
        found.append(Share(cpus if is_confined else [], next(iter(gpus.values()), ""), variables))
    return found


def part(devices: list[str], local: int, count: int) -> str:
    """The devices of one of so many engines: as many for each, or one that is shared in turns."""
    size = len(devices) // count
    return ",".join(devices[local * size : (local + 1) * size] or [devices[local % len(devices)]])


def core_of(cpu: int) -> object:
    """What tells the core of a CPU, which is one of its threads; the CPU itself where nobody tells."""
    path = f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError:
        return cpu
