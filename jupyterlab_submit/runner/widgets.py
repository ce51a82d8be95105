"""How much the states of widgets may take, which nbclient collects for the notebook's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .json_values import weight
from .stored import Stored
from .zmtp import NO_ROOM

if TYPE_CHECKING:
    from .messages import Message

FRAME = 2000  # bytes that a widget takes beside its state


class WidgetRoom:
    """Counts the latest state of each widget, by its keys, so that each message costs the same."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sizes: dict[str | tuple[str, str], int] = {}
        self._taken = 0

    def take(self, msg: Message) -> bool:
        """Whether there is room for what a message makes of a widget; a message that changes none has it."""
        content = msg["content"]
        data, buffers = content["data"], msg["buffers"]
        if any(buffer is NO_ROOM or isinstance(buffer, Stored) for buffer in buffers):
            return False
        state = data.get("state")
        if not isinstance(state, dict):
            return True
        widget = str(content.get("comm_id"))
        sizes: dict[str | tuple[str, str], int] = {
            (widget, name): weight(value) for name, value in state.items()
        }
        paths = data.get("buffer_paths") or []
        sizes.update(
            ((widget, repr(path)), len(buffer) * 4 // 3) for path, buffer in zip(paths, buffers)
        )
        sizes[widget] = FRAME
        more = sum(size - self._sizes.get(key, 0) for key, size in sizes.items())
        if self._taken + more > self._limit:
            return False
        self._taken += more
        self._sizes.update(sizes)
        return True
