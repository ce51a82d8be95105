"""The doors: each as a centre's pages describe theirs, with its own words where they are known."""

from __future__ import annotations

from dev.cluster.doors.door import (
    ASKS,
    DOORS_FOLDER,
    KEY,
    KEY_THEN_ASKS,
    PASSWORD,
    UNIX,
    YESTERDAY,
    Door,
    asks,
    certified,
    codes,
    steps,
    with_key,
)
from dev.cluster.keys import CLIENT_KEY, LOCKED_KEY

MARKER = DOORS_FOLDER / "wanted"


def menu(options: int) -> str:
    """Duo's, which takes the number of an option."""
    kinds = ["Duo Push to XXX-XXX-1234", "Phone call to XXX-XXX-1234", "SMS passcodes"][:options]
    lines = [f" {number}. {kind}" for number, kind in enumerate(kinds, 1)]
    said = "\\n".join(
        ["Duo two-factor login", "", "Enter a passcode or select one of the following options:"]
        + ["", *lines, ""]
    )
    return asks(f"info={said}", f"show=Passcode or option (1-{options}): ", "is=1")


def robot_key(commands: str) -> str:
    """What stands before a key that may run these commands only, as patterns of `case`."""
    case = f"case $SSH_ORIGINAL_COMMAND in {commands}) exec $SSH_ORIGINAL_COMMAND;; esac"
    return f'restrict,from="127.0.0.*",command="{case}; echo This command is not allowed here.; exit 1"'


def one_session(name: str) -> Door:
    """A code is good for one login, and a login for one session."""
    prompt = asks("hide=Enter PASSCODE: ", f"code={codes(name)}")
    return Door(name, ASKS, (prompt,), server=("MaxSessions 1",))


DOORS = [
    # Password, then a token: texts of docs.tacc.utexas.edu.
    Door(
        "tacc",
        ASKS,
        (UNIX, asks("hide=TACC Token Code:", f"code={codes('tacc')}")),
        has_password=True,
    ),
    # One login a passcode, and no multiplexing; the second is for an ssh that has none, either.
    one_session("olcf"),
    one_session("olcf-alone"),
    # Both in one field.
    Door(
        "nersc",
        ASKS,
        (
            asks("hide=Password + OTP: ", f"endcode={codes('nersc')}"),
            "auth required pam_unix.so use_first_pass nodelay",
        ),
        has_password=True,
    ),
    # No public keys at all; the menu comes as the text of a prompt.
    Door("sherlock", ASKS, (UNIX, menu(3)), has_password=True),
    # The same with a ticket of Kerberos for the password.
    Door(
        "sherlock-ticket",
        "AuthenticationMethods gssapi-with-mic,keyboard-interactive:pam keyboard-interactive:pam",
        (
            "auth [success=1 ignore=1 default=die] "
            + steps("skipif=gssapi-with-mic", "hide=Password: ", f"is={PASSWORD}"),
            "auth requisite pam_deny.so",
            menu(3),
        ),
        takes_tickets=True,
    ),
    # Gateway and target each ask.
    Door(
        "mpcdf-gate",
        ASKS,
        (UNIX, asks("hide=Your OTP: ", f"code={codes('mpcdf-gate')}")),
        has_password=True,
    ),
    Door(
        "mpcdf",
        ASKS,
        (UNIX, asks("hide=Your OTP: ", f"code={codes('mpcdf')}")),
        has_password=True,
        client=("ProxyJump mpcdf-gate",),
    ),
    # The same with a ticket of Kerberos for each password, which is handed on, and each home folder may need.
    *(
        Door(
            name,
            "AuthenticationMethods gssapi-with-mic,keyboard-interactive:pam",
            (asks("hide=Your OTP: ", f"code={codes(name)}"),),
            takes_tickets=True,
            client=("GSSAPIDelegateCredentials yes", *through),
        )
        for name, through in (("mpcdf-krb-gate", ()), ("mpcdf-krb", ("ProxyJump mpcdf-krb-gate",)))
    ),
    # A key with a passphrase, then a code.
    Door(
        "archer2",
        KEY_THEN_ASKS,
        (asks("hide=TOTP: ", f"code={codes('archer2')}"),),
        key=LOCKED_KEY,
    ),
    # A key, then a menu of one option.
    Door("alliance", KEY_THEN_ASKS, (menu(1),), key=CLIENT_KEY),
    # Their node for automation: a key that may run what a program of the site lets through. Theirs has a list of other commands,
    # on request more; this one lets bash through, as a list would have to.
    with_key("alliance-robot", key_options=robot_key("'/usr/bin/env bash'")),
    with_key("alliance-list", key_options=robot_key("'sbatch '*|'squeue '*|'scp '*")),
    with_key("lumi"),
    # Several machines behind one name, each with a host key of its own.
    with_key("nodes", machines=3),
    Door(
        "fasrc",
        ASKS,
        (UNIX, asks("hide=VerificationCode: ", f"code={codes('fasrc')}")),
        has_password=True,
    ),
    # Two hosts: one for passwords and Duo, one for keys.
    Door("brown", ASKS, (UNIX, menu(3)), has_password=True),
    with_key("brown-campus"),
    # Keys count from known addresses only; a firewall bans who connects too often.
    with_key(
        "jsc",
        key_options='from="127.0.0.7"',
        client=("BindAddress 127.0.0.7",),
        has_firewall=True,
    ),
    # A certificate for a day, at the gateway and behind it; and one of yesterday.
    certified("cscs-ela"),
    certified("cscs", client=("ProxyJump cscs-ela",)),
    certified("cscs-late", YESTERDAY),
    # The same, and the host has one, too.
    certified("nersc-proxy", has_host_certificate=True),
    # A key that a device signs for, which wants a PIN and a touch.
    with_key(
        "fido",
        DOORS_FOLDER / "id_fido",
        server=("PubkeyAuthOptions verify-required",),
        client=(f"SecurityKeyProvider {DOORS_FOLDER}/fido_door.so",),
    ),
    # A key on a card, with a PIN.
    Door("card", KEY, is_for_cards=True),
    Door(
        "expired",
        ASKS,
        (UNIX,),
        account="account required pam_unix.so",
        has_password=True,
        is_expired=True,
    ),
]


def wanted_doors() -> list[Door]:
    """Those of the configuration in force: all or none."""
    return DOORS if MARKER.exists() else []
