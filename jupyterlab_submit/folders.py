"""Where the sidecar listens and where it keeps its data: private folders, one a host.

Home folders are often shared between machines, while a sidecar, its socket and its processes
belong to one of them; so each folder ends with the host's name.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir

from jupyterlab_submit.ownership import expect_own_folder
from jupyterlab_submit.problem import Problem

NAME = "jupyterlab-submit"
SOCKET = "sidecar.sock"
# sun_path has 108 bytes on Linux, the last one a zero: unix(7).
LONGEST_SOCKET_PATH = 107
# SQLite's SQLITE_MAX_PATHLEN is 512 on Unix, for the path of a file and of its journal.
LONGEST_DATA_PATH = 480


def socket_folder() -> Path:
    """The folder of the socket and of what belongs to the running process; made where missing.

    Jupyter's runtime folder, or, where that makes the path too long for a socket, a folder of
    ours in $XDG_RUNTIME_DIR or the temporary directory. Raises Problem.
    """
    problem = Problem(
        f"{usual_folder()} is too long a path for a socket. "
        "Set JUPYTER_RUNTIME_DIR to a shorter one."
    )
    for folder in candidates():
        if fits(folder):
            try:
                return private(folder)
            except Problem as found:
                problem = found
    raise problem


def data_folder() -> Path:
    """The folder of the job records and logs; made where missing. Raises Problem.

    It must be ours and for nobody else to write, as far as its disk can tell: a home on one
    without permissions must still do.
    """
    folder = usual_data_folder()
    if len(os.fsencode(folder)) > LONGEST_DATA_PATH:
        raise Problem(f"{folder} is too long a path for a database. Set JUPYTER_DATA_DIR.")
    for each in (made(folder.parent), made(folder)):
        expect_own_folder(each)
    return folder


def records_file() -> Path:
    """Where the job records are, once there are any; nothing is made. As in src/sidecar/sidecar.ts."""
    return usual_data_folder() / "jobs.sqlite"


def host_label() -> str:
    """The first label of this machine's name, which is the same whether or not it has a domain."""
    return socket.gethostname().split(".")[0].lower() or "localhost"


def usual_data_folder() -> Path:
    return Path(jupyter_data_dir()) / NAME / host_label()


def usual_folder() -> Path:
    return Path(jupyter_runtime_dir()) / NAME / f"{host_label()}{suffix()}"


def suffix() -> str:
    """Keeps services apart that share Jupyter's runtime folder, and not its data folder."""
    data, runtime = Path(jupyter_data_dir()), Path(jupyter_runtime_dir())
    return "" if runtime == data / "runtime" else f"-{digest(data)}"


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(map(os.fsencode, paths))).hexdigest()[:8]


def candidates() -> list[Path]:
    """Best first; the same ones from every session of a person, or each would start a sidecar."""
    # Two homes of one user (a container's, a test's) must not meet in the one temporary directory.
    home = digest(Path(jupyter_runtime_dir()), Path(jupyter_data_dir()))
    ours = Path(f"{NAME}-{os.getuid()}-{home}") / host_label()
    session = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    bases = [base for base in (session, tempfile.gettempdir(), "/tmp") if os.access(base, os.W_OK)]
    return [usual_folder(), *(base / ours for base in map(Path, bases))]


def fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH


def private(folder: Path) -> Path:
    """Makes a folder and the one above it, 0700; refuses one that others made or can enter."""
    for each in (made(folder.parent), made(folder)):
        expect_private(each)
    return folder


def expect_private(folder: Path) -> None:
    # Of the name itself first: a symbolic link can be somebody else's.
    found = folder.stat()
    if folder.lstat().st_uid != os.getuid() or found.st_uid != os.getuid():
        raise Problem(f"{folder} is not yours, so it is not used. Remove it.")
    if found.st_mode & 0o077:
        raise Problem(f"{folder} is open to others, so it is not used. Run: chmod 700 '{folder}'")


def is_private_socket(path: Path) -> bool:
    """Whether nobody else can have made this socket, wherever it is; of a name that was only told."""
    try:
        for folder in (path.parent.parent, path.parent):
            expect_private(folder)
        found = path.lstat()
    except (OSError, Problem):
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.getuid()


def made(folder: Path) -> Path:
    """The folder, made 0700 with all above it where it is missing; raises Problem."""
    try:
        if not folder.parent.is_dir():
            made(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Problem(f"{folder} cannot be made: {error.strerror}.") from error
    return folder
