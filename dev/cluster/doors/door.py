"""What a door is: an SSH server of its own that lets one account in, after its own questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.keys import CLIENT_KEY
from dev.cluster.users import LOGIN_FILES, User, user

DOORS_FOLDER = FOLDER / "doors"
MODULE = DOORS_FOLDER / "pam_door.so"
ASKS = "AuthenticationMethods keyboard-interactive:pam"
KEY = "AuthenticationMethods publickey"
KEY_THEN_ASKS = "AuthenticationMethods publickey,keyboard-interactive:pam"

PASSWORD = "the word of every door"
"""Of all accounts; a test finds it in `DOORS_FOLDER/password`."""
UNIX = "auth required pam_unix.so nodelay"
"""The account's password; a wrong one is refused at once."""


@dataclass(frozen=True)
class Door:
    name: str
    """Its host in ssh_config, after the centre that it copies."""
    methods: str
    """The line of sshd's configuration."""
    auth: tuple[str, ...] = ()
    """The lines of PAM that ask; none where nothing is asked."""
    account: str = "account required pam_permit.so"
    has_password: bool = False
    is_expired: bool = False
    """Whether the password has to be changed at the next login."""
    server: tuple[str, ...] = ()
    """More lines of sshd's configuration."""
    client: tuple[str, ...] = ()
    """More lines of ssh_config."""
    key: Path | None = None
    """What a person has for it; None: no key at all."""
    certified: str | None = None
    """For how long the CA of the doors has signed the key, as ssh-keygen has it; then the key is one of its own."""
    has_host_certificate: bool = False
    """Whether the host is known by its CA alone."""
    takes_tickets: bool = False
    """Whether a ticket of Kerberos stands for the password."""
    is_for_cards: bool = False
    """Whether the key is on a card that PKCS#11 reaches."""
    key_options: str = ""
    """What stands before the key in authorized_keys."""
    has_firewall: bool = False
    """Whether one reaches it through a firewall that counts connections."""
    machines: int = 1
    """How many are behind its name, each with a host key of its own; connections come to them in turns."""

    @property
    def daemon(self) -> str:
        return f"sshd-{self.name}"

    @property
    def listener(self) -> str:
        """The daemon that people connect to."""
        return f"firewall-{self.name}" if self.has_firewall else self.daemon

    @property
    def user(self) -> User:
        return user(self.name, LOGIN_FILES, server=self.daemon)

    @property
    def folder(self) -> Path:
        return DOORS_FOLDER / self.name

    @property
    def certified_key(self) -> Path:
        return self.folder / "id"

    @property
    def host_key(self) -> Path:
        """That of the first machine."""
        return self.host_keys[0]

    @property
    def host_keys(self) -> list[Path]:
        """One for each machine."""
        return [self.folder / f"host_key{number or ''}" for number in range(self.machines)]


def asks(*those: str) -> str:
    """The line of PAM with these steps of pam_door.c."""
    return f"auth required {steps(*those)}"


def steps(*those: str) -> str:
    """The module with these steps."""
    return " ".join([str(MODULE), *(f"[{step}]" for step in those)])


def codes(name: str) -> Path:
    """The codes of a door, one a line; used ones begin with `#`."""
    return DOORS_FOLDER / name / "codes"


DAY = "-1h:+1d"
YESTERDAY = "-2d:-1d"


def certified(name: str, validity: str = DAY, **more) -> Door:
    """A door that takes keys with a certificate only."""
    return Door(name, KEY, certified=validity, **more)


def with_key(name: str, key: Path = CLIENT_KEY, **more) -> Door:
    """A door that takes a key, and asks nothing."""
    return Door(name, KEY, key=key, **more)
