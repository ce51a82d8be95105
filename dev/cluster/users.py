"""The accounts that people log in to the test cluster with, one for each kind of shell."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dev.cluster.folder import FOLDER, NAME, SLURM_CONF
from dev.cluster.orders import order
from dev.cluster.programs import find
from dev.step import StepFailed

# Links to the system's programs, without those of batch systems.
PLAIN_PROGRAMS = FOLDER / "programs"
PYTHON_PROGRAMS = FOLDER / "python/bin"
USUAL_PATH = f"{PYTHON_PROGRAMS}:/usr/local/bin:/usr/bin:/bin"
LOGIN_FILES = {".bash_profile": f"export PATH={PYTHON_PROGRAMS}:$PATH\n"}
PRINTS = "echo This start-up file greets everybody.\necho And complains. >&2\n"


@dataclass(frozen=True)
class User:
    """An account, made at start and removed at stop."""

    host: str
    """The name in ssh_config."""
    name: str
    files: dict[str, str]
    """Start-up files of the shell, by name."""
    shell: str = "bash"
    path: str = USUAL_PATH
    """PATH of a shell that is no login shell."""
    variables: Mapping[str, str] = field(default_factory=lambda: {"SLURM_CONF": str(SLURM_CONF)})
    """Others of each of its shells."""
    server: str = "sshd"
    """The daemon that lets it in."""

    @property
    def home(self) -> Path:
        return FOLDER / "home" / self.name

    @property
    def account(self) -> pwd.struct_passwd | None:
        """None while there is none of this name that is ours."""
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(self.name)
            return account if account.pw_dir == str(self.home) else None


def user(host: str, files: dict[str, str], **more) -> User:
    return User(host, f"submit{NAME}-{host.removeprefix('slurm-')}", files, **more)


USERS = [
    user("slurm", LOGIN_FILES),
    user("slurm-tcsh", {".login": f"setenv PATH {PYTHON_PROGRAMS}:$PATH\n"}, shell="tcsh"),
    user("slurm-zsh", {".zshenv": PRINTS}, shell="zsh"),
    user("slurm-fish", {".config/fish/config.fish": PRINTS}, shell="fish"),
    user(
        "slurm-printing",
        {".bashrc": PRINTS, ".bash_profile": f"{PRINTS}{LOGIN_FILES['.bash_profile']}"},
    ),
    user("slurm-no-sftp", LOGIN_FILES, server="sshd-no-sftp"),
    user(
        "slurm-login-path",
        {".bash_profile": f"export PATH={USUAL_PATH}\n"},
        path=f"{PYTHON_PROGRAMS}:{PLAIN_PROGRAMS}",
    ),
]


def accounts() -> list[pwd.struct_passwd]:
    """All that are ours, also those of another version of this file."""
    homes = f"{FOLDER}/home/"
    return [account for account in pwd.getpwall() if account.pw_dir.startswith(homes)]


def uids() -> list[int]:
    return [account.pw_uid for account in accounts()]


def make_users(users: Iterable[User], authorized_keys: str) -> None:
    """Makes those that are missing, with homes in the cluster's folder; raises StepFailed."""
    (FOLDER / "home").mkdir(exist_ok=True)
    for user in users:
        if user.account is None:
            # A password of `*` is none that fits; sshd takes `!` for a locked account.
            order(
                "making users",
                ["useradd", "--no-create-home", f"--home-dir={user.home}", "--user-group"]
                + [f"--shell={find(user.shell)}", "--password=*", user.name],
            )
        if user.account is None:
            raise StepFailed("making users", ["useradd", user.name], "not ours", "")
        if not user.home.exists():
            make_home(user, authorized_keys)


def make_home(user: User, authorized_keys: str) -> None:
    # Complete, or not there at all.
    made = user.home.with_suffix(".new")
    shutil.rmtree(made, ignore_errors=True)
    (made / ".ssh").mkdir(mode=0o700, parents=True)
    for name, text in {**user.files, ".ssh/authorized_keys": authorized_keys}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text)
    for path in [made, *made.rglob("*")]:
        os.chown(path, user.account.pw_uid, user.account.pw_gid)
    made.chmod(0o700)
    made.rename(user.home)


def remove_users() -> None:
    """Removes ours; their processes must have ended."""
    for account in accounts():
        order("removing users", ["userdel", account.pw_name])
