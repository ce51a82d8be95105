"""A notebook that ends itself: what `sys.exit()` and `exit()` in a cell come to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .engine_errors import error_lines

# The texts of a SystemExit with which Python's own exit code is 0.
GOOD = ("", "0", "None", "False")


def is_good_exit(error: dict[str, Any], engines: Collection[int]) -> bool:
    """Whether an error is a SystemExit that tells of no failure.

    Under %%px it has to be that of all `engines`: where only some leave, something is wrong.
    """
    ename, evalue = error.get("ename"), error.get("evalue", "")
    if ename == "AlreadyDisplayedError":
        return evalue in [exit_of_all(engines, text) for text in GOOD]
    return ename == "SystemExit" and evalue in GOOD


def exit_of_all(engines: Collection[int], text: str) -> str:
    return error_lines([("SystemExit", text, "", {"engine_id": i}) for i in engines])


def asked_exit(reply: dict[str, Any]) -> dict[str, Any] | None:
    """The SystemExit that a call of IPython's `exit` or `quit` stands for, as an error; or None.

    It raises nothing, and takes its argument for whether the kernel is to stay; a notebook that
    says `exit(1)` means the exit code.
    """
    for payload in reply.get("payload") or []:
        if payload.get("source") == "ask_exit":
            reason = payload.get("keepkernel")
            is_good = isinstance(reason, bool) or not reason
            return {"ename": "SystemExit", "evalue": "" if is_good else str(reason)}
    return None
