"""Which variables of a process go on to the sidecar and to jobs of this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Handed down by Jupyter or by a hub for this one server: whoever has them can act as it.
SECRET = re.compile(
    r"JPY_.*|CONFIGPROXY_AUTH_TOKEN|JUPYTER.*(TOKEN|PASSWORD|SECRET|COOKIE|_KEY).*", re.DOTALL
)
# As in src/cli/run.ts.
OUR_OWN = "JUPYTERLAB_SUBMIT_"


def callers_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a job of this machine runs with: that of a terminal, without the server's secrets."""
    return {
        name: value
        for name, value in without_secrets(environment).items()
        if not name.startswith(OUR_OWN)
    }


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not SECRET.fullmatch(name)}
