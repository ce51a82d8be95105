"""A stand-in for a batch system that cannot be had here, on four hosts of this machine, which only root can make."""

from __future__ import annotations

import shutil
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, make_hosts
from dev.cluster.hosts.logins import prepare_users, start_sshd, users
from dev.cluster.readiness import wait_for
from dev.cluster.stand_in.daemons import LIBRARY, PLACE, host_daemons, server
from dev.cluster.stand_in.faces import FACES
from dev.cluster.stand_in.places import Places
from dev.cluster.stand_in.wire import NotThere, ask
from dev.cluster.users import PLAIN_PROGRAMS, PYTHON_PROGRAMS

MARKER = FOLDER / "stand_in.face"
PROGRAMS = PLACE / "bin"
SETTINGS = PLACE / "settings.sh"
PATH = f"{PYTHON_PROGRAMS}:{PROGRAMS}:{PLAIN_PROGRAMS}"
# Modules are found where our own programs lie, whoever calls.
COMMAND = """\
#!{python} -IS
import sys
sys.path.insert(0, {library!r})
from dev.cluster.stand_in.command import main
sys.exit(main({place!r}, {face!r}, {name!r}, sys.argv[1:]))
"""


def face() -> str | None:
    """Which one was started, or was about to be."""
    return MARKER.read_text() if MARKER.exists() else None


def start_stand_in(face: str) -> list[str]:
    """Starts what does not run; returns what to tell the person, a line each."""
    MARKER.write_text(face)
    make_hosts()
    variables = {**FACES[face].login_variables(str(PLACE)), "PATH": PATH}
    Places(PLACE).make()
    SETTINGS.write_text("".join(f"export {name}={value}\n" for name, value in variables.items()))
    variables.pop("PATH")
    told = prepare_users(face, users(face, SETTINGS, PATH, variables))
    write_programs(face)
    places = Places(PLACE)
    listens = [(server(face), places.server)]
    for host, daemon in zip(EXECUTION_HOSTS, host_daemons(face), strict=True):
        listens.append((daemon, places.host(host)))
    for daemon, _ in listens:
        if not daemon.is_alive:
            daemon.start()
    for daemon, place in listens:
        wait_for(daemon, lambda place=place: is_there(place))
    start_sshd()
    return told


def write_programs(face: str) -> None:
    """The commands, and a copy of what they are made of."""
    target = LIBRARY / "dev/cluster/stand_in"
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(__file__).parent, target, ignore=no_caches, dirs_exist_ok=True)
    for folder in (target.parent, target.parent.parent):
        (folder / "__init__.py").touch()
    PROGRAMS.mkdir(exist_ok=True)
    for name, text in FACES[face].configuration.items():
        (PLACE / name).parent.mkdir(exist_ok=True)
        (PLACE / name).write_text(text)
    for name in FACES[face].commands:
        text = COMMAND.format(
            python=PYTHON_PROGRAMS / "python",
            library=str(LIBRARY),
            place=str(PLACE),
            face=face,
            name=name,
        )
        (PROGRAMS / name).write_text(text)
        (PROGRAMS / name).chmod(0o755)


def up_hosts() -> int:
    return sum(is_there(Places(PLACE).host(host)) for host in EXECUTION_HOSTS)


def is_there(place: Path) -> bool:
    """Whether one listens."""
    try:
        ask(place, {"do": "jobs"} if place.name == "server" else {"do": "finish", "number": -1})
    except NotThere:
        return False
    return True
