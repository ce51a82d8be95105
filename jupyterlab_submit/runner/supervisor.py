"""What is looked at while kernel and engines start and the cells run, ten times a second."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from .parts import Parts

TICK_SECONDS = 0.1


async def supervise(parts: Parts) -> NoReturn:
    """Notice what ends a run from outside, and keep its files fresh.

    Raises JobEnd when something other than the notebook ends the run.
    """
    while True:
        end = parts.ending.begun()
        if end is not None:
            raise end
        look_after_files(parts)
        await asyncio.sleep(TICK_SECONDS)


def look_after_files(parts: Parts) -> None:
    parts.progress.ready = parts.engines.ready
    parts.progress.cell = parts.execution.cell
    parts.progress.write_if_due()
    if parts.signals.save_asked:
        parts.signals.save_asked = False
        parts.result.save_soon()
    parts.execution.settle()
    parts.result.save_if_due()
