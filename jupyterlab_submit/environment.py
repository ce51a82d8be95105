"""Which variables of a process go on to the sidecar and to jobs of this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Handed down by Jupyter or by a hub for this one server: whoever has them can act as it.
SECRET = re.compile(
    r"JPY_.*|CONFIGPROXY_AUTH_TOKEN|JUPYTER.*(TOKEN|PASSWORD|SECRET|COOKIE|_KEY).*", re.DOTALL
)
# As in src/cli/caller.ts.
OUR_OWN = "JUPYTERLAB_SUBMIT_"
# Before the names of what is meant for jobs, and would change our own Node.js: a module to load first, a
# debugger to wait for.
FOR_JOBS = f"{OUR_OWN}CALLERS_"


def callers_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a job of this machine runs with: that of a terminal, without the server's secrets."""
    return {
        name: value
        for name, value in without_secrets(environment).items()
        if not name.startswith(OUR_OWN)
    }


def for_node(environment: Mapping[str, str]) -> dict[str, str]:
    """What our own Node.js programs run with: the person's variables for theirs are not for them."""
    return {name: value for name, value in environment.items() if not is_for_node(name)}


def for_node_and_jobs(environment: Mapping[str, str]) -> dict[str, str]:
    """The same, with what it leaves out under other names: jobs run with the whole of it."""
    return {
        f"{FOR_JOBS}{name}" if is_for_node(name) else name: value
        for name, value in environment.items()
    }


def is_for_node(name: str) -> bool:
    return name.startswith("NODE_")


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not SECRET.fullmatch(name)}
