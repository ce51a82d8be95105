"""python3 -m dev.traps [argument]...: run.py with these arguments, in a home where everything is a trap.

Whatever reads the home, its SSH configuration or one of the variables of whoever runs it is
printed, and the run has failed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dev.mpi_environments import ensure_mpi_environments
from dev.oldest_environment import ensure_oldest_environment
from dev.opened import Opened
from dev.place import ROOT
from dev.set_up import alone, set_up_tools
from dev.trap_home import TrapHome, write_trap_home

# Lays the trap over what OpenSSH reads, for the command alone; nothing of the person's is changed.
COVERED = 'mount --bind "$0" "$1" && shift && exec "$@"'


def main(arguments: list[str]) -> int:
    # Installers may need what the person has.
    set_up_tools()
    with alone():
        ensure_oldest_environment()
        ensure_mpi_environments()
    # run.py itself is started by the person, whose variables are Python's before they are ours.
    return run_trapped([sys.executable, "-E", "run.py", *arguments])


def run_trapped(command: Sequence[str]) -> int:
    """Runs it in the checkout; its exit code, or 1 where it touched a trap, which is printed."""
    folder = Path(tempfile.mkdtemp(prefix="submit-traps-", dir="/tmp"))
    touched = folder / "touched"
    touched.touch(mode=0o666)
    try:
        with socket.create_server(("127.0.0.1", 0)) as port, agent(folder) as agents:
            home = write_trap_home(folder, touched, port.getsockname()[1])
            for listener, name in ((port, "a port"), (agents, "the SSH agent")):
                threading.Thread(
                    target=note_connections, args=(listener, touched, name), daemon=True
                ).start()
            with Opened(home.watched) as opened:
                code = run_covered(command, home)
            found = [*opened.files, *touched.read_text().splitlines()]
    finally:
        shutil.rmtree(folder)
    for line in dict.fromkeys(found):
        print(f"touched: {line}")
    return 1 if found and code == 0 else code


def run_covered(command: Sequence[str], home: TrapHome) -> int:
    """With the traps in HOME, and also, for root, in the home that the system knows of."""
    environment = {**os.environ, **home.variables}
    if os.geteuid() != 0:
        print("only root can lay a trap over ~/.ssh of the system's list of users")
        return subprocess.run(command, cwd=ROOT, env=environment).returncode
    place = Path(pwd.getpwuid(0).pw_dir, ".ssh")
    made = not place.exists()
    place.mkdir(mode=0o700, exist_ok=True)
    try:
        alone = ["unshare", "--mount", "--propagation", "private", "sh", "-c", COVERED]
        covered = [*alone, str(home.ssh), str(place), *command]
        return subprocess.run(covered, cwd=ROOT, env=environment).returncode
    finally:
        # Not where somebody has put something into it meanwhile.
        with suppress(OSError):
            if made:
                place.rmdir()


def agent(folder: Path) -> socket.socket:
    """Where SSH_AUTH_SOCK leads."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "agent"))
    listener.listen()
    return listener


def note_connections(listener: socket.socket, touched: Path, name: str) -> None:
    while True:
        try:
            listener.accept()[0].close()
        except OSError:
            # The run is over.
            return
        with open(touched, "a") as file:
            file.write(f"{name} was connected to\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
