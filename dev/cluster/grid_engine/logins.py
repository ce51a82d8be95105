"""Logging in to the Grid Engine: what shells know of it."""

from __future__ import annotations

from dev.cluster.grid_engine.configuration import COMMON, SGE_ROOT, VARIABLES
from dev.cluster.hosts.logins import prepare_users, users
from dev.cluster.users import PLAIN_PROGRAMS, PYTHON_PROGRAMS

PATH = f"{PYTHON_PROGRAMS}:{SGE_ROOT}/bin/lx-amd64:{PLAIN_PROGRAMS}"
# Where Grid Engine's own installation puts it.
SETTINGS = COMMON / "settings.sh"


def prepare_logins() -> list[str]:
    """Makes all that the SSH server needs; returns what to tell the person, a line each."""
    variables = {**VARIABLES, "PATH": PATH}
    SETTINGS.write_text("".join(f"export {name}={value}\n" for name, value in variables.items()))
    return prepare_users("sge", users("sge", SETTINGS, PATH, VARIABLES))
