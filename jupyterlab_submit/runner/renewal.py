"""Other ranks in the place of a job's: how its processes ask the runner for them, and what it answers.

Each by a file beside the connection files, on the node that both are on. Ranks are one MPI world, so that
all of them end, and the launcher that has started them starts them once more.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from .atomic import write_atomically

if TYPE_CHECKING:
    from .engines import Engines

ASKED_FILE, TOLD_FILE = "renewal-asked", "renewal-told"
LOOK_SECONDS = 0.05


class Renewal:
    """The side that asks."""

    def __init__(self, security: str) -> None:
        self._asked = os.path.join(security, ASKED_FILE)
        self._told = os.path.join(security, TOLD_FILE)

    @property
    def is_possible(self) -> bool:
        """Whether the engines are ranks that have met."""
        return os.path.isfile(self._told)

    def ask(self) -> None:
        """Return when others are there; raise RuntimeError, with why, where they do not come."""
        mine = os.urandom(8).hex()
        write_atomically(Path(self._asked), mine, is_lasting=False)
        while True:
            time.sleep(LOOK_SECONDS)
            with open(self._told, encoding="utf-8") as file:
                told = json.load(file)
            if told["asked"] != mine:
                continue
            if told["why_not"]:
                raise RuntimeError(told["why_not"])
            return


async def renew_when_asked(engines: Engines) -> NoReturn:
    """The runner's side."""
    security = engines.directory.security
    asked = security / ASKED_FILE
    while True:
        while not asked.exists():
            await asyncio.sleep(LOOK_SECONDS)
        name = asked.read_text("utf-8")
        asked.unlink()
        answer(security, name, await engines.renew())


def answer(security: Path, asked: str = "", why_not: str = "") -> None:
    """Say that others are there, or why not; at first, that they can be asked for."""
    told = {"asked": asked, "why_not": why_not}
    write_atomically(security / TOLD_FILE, json.dumps(told), is_lasting=False)
