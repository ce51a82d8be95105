"""Which versions of packages a job can use, and which are found."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable

# `src/sidecar/clusters/oldVersions.ts` has them, too, for the check of a cluster.
OLDEST = {"nbclient": "0.7", "jupyter_client": "7.0", "ipykernel": "6.0", "ipyparallel": "8.2"}


def too_old(versions: dict[str, str]) -> list[str]:
    """The packages that are older than the oldest that will do, of versions by package."""
    return [name for name in versions if is_older(versions[name], OLDEST[name])]


def is_older(version: str, oldest: str) -> bool:
    """Whether that is sure: what cannot be read, or was built from a checkout, may be anything.

    A release candidate counts as what it will be.
    """
    numbers = re.match(r"v?(?:\d+!)?(\d+(?:\.\d+)*)", version or "")
    if numbers is None or re.search(r"dev\d*\+", version):
        return False
    found = parts(numbers.group(1))
    # No version at all is what builds without their history have: 0.0.0, 0+unknown.
    return bool(found) and found < parts(oldest)


def parts(numbers: str) -> list[int]:
    """The parts of a version, without zeros at its end."""
    found = [int(part) for part in numbers.split(".")]
    while found and found[-1] == 0:
        found.pop()
    return found


def versions_here(packages: Iterable[str]) -> dict[str, str]:
    """The versions of those of the packages that are found in this Python, without importing them."""
    found = {}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except Exception:  # it is not there, or what describes it cannot be read
            continue
    return found
