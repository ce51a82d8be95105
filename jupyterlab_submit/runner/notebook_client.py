"""nbclient's notebook client, and what ours does differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nbclient import NotebookClient

from .cell_output import CellOutput, like
from .kernel_client import KernelClient
from .log import log
from .messages import OUTPUTS, UNREADABLE
from .widgets import WidgetRoom

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

    from .messages import Message

IOPUB_SECONDS = 600  # how long output may come in after the reply to a cell


class Client(NotebookClient):
    """Executes cells of a notebook in a kernel that runs.

    `cell_output` is that of the cell that runs. `on_output` is called when a message has come; further
    hooks are nbclient's.
    """

    cell_output: CellOutput

    def __init__(
        self,
        notebook: NotebookNode,
        manager: AsyncKernelManager,
        client: KernelClient,
        widgets: WidgetRoom,
        on_output: Callable[[], None],
        allow_errors: bool,
        **hooks: Callable[..., None],
    ) -> None:
        super().__init__(
            notebook,
            km=manager,
            timeout=None,
            iopub_timeout=IOPUB_SECONDS,
            allow_errors=allow_errors,
            record_timing=False,
            log=log,
            **hooks,
        )
        self.kc = client.theirs
        self._on_output = on_output
        self._shared = SharedDisplays()
        self._widgets = widgets

    def process_message(
        self, msg: Message, cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        self._on_output()
        kind = msg["msg_type"]
        if kind.startswith("comm"):
            return self._take_comm(msg, cell, cell_index)
        is_captured = bool(self.output_hook_stack.get(msg["parent_header"].get("msg_id")))
        self.cell_output.is_captured = is_captured
        if kind in OUTPUTS and self.clear_before_next_output and not is_captured:
            self.cell_output.restart()
        if kind not in (*OUTPUTS, UNREADABLE):
            return super().process_message(msg, cell, cell_index)
        if kind == "update_display_data" and not self._shared.has(msg["content"]["transient"]):
            return None
        try:
            return self._show(self.cell_output.admit(msg), cell, cell_index)
        except Exception as error:  # whatever nbformat, or we, trip over in it
            log.warning("An output cannot be shown: %r", error, exc_info=True)
            why = {"why": type(error).__name__}
            return self._show(self.cell_output.admit(like(msg, UNREADABLE, why)), cell, cell_index)

    def _show(
        self, messages: Iterable[Message], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        shown = None
        for one in messages:
            shown = super().process_message(one, cell, cell_index)
        return shown

    def output(
        self, outs: list[NotebookNode], msg: Message, display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        # Without the id: nbclient would look at each output that has it, at each of them.
        out = super().output(outs, msg, None, cell_index)
        if out is not None and display_id:
            self._shared.add(display_id, cell_index, out)
        if out is not None and out.output_type == "stream":
            self.cell_output.add(outs)
        return out

    def clear_output(self, outs: list[NotebookNode], msg: Message, cell_index: int) -> None:
        super().clear_output(outs, msg, cell_index)
        if not self.cell_output.is_captured and not outs and not self.clear_before_next_output:
            self.cell_output.restart()

    def clear_display_id_mapping(self, cell_index: int) -> None:
        self._shared.clear(cell_index)

    def _update_display_id(self, display_id: str, msg: Message) -> None:
        self._shared.update(display_id, msg["content"])

    def _take_comm(self, msg: Message, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """A widget that cannot be understood, or has no room, costs that widget."""
        if not self._widgets.take(msg):
            note = (
                "the state of widgets is too much for a notebook: some will not be shown without "
                "the kernel"
            )
            return self._show(self.cell_output.say_once(msg, note), cell, cell_index)
        try:
            return super().process_message(msg, cell, cell_index)
        except Exception as error:
            log.warning("A message of a widget cannot be read: %r", error)
            return None


class SharedDisplays:
    """Displays that may be updated: all outputs with one id share their data, so that each update costs the same."""

    def __init__(self) -> None:
        # Data, metadata and cells, by id.
        self._displays: dict[str, tuple[dict[str, Any], dict[str, Any], set[int]]] = {}
        self._ids: dict[int, set[str]] = {}  # of the displays that a cell shows

    def add(self, display_id: str, cell_index: int, output: NotebookNode) -> None:
        """An output that shows this display; it has what the latest one has."""
        data, metadata, cells = self._displays.setdefault(
            display_id, (output.data, output.metadata, set())
        )
        output.data, output.metadata = data, metadata
        cells.add(cell_index)
        self._ids.setdefault(cell_index, set()).add(display_id)

    def has(self, transient: dict[str, Any]) -> bool:
        """Whether an output shows the display that a message is about."""
        return transient.get("display_id") in self._displays

    def update(self, display_id: str, content: dict[str, Any]) -> None:
        from nbformat import from_dict, v4

        if display_id not in self._displays:
            return
        # Raises where it is none that a notebook may have, as for a display that is new.
        v4.new_output("display_data", data=content["data"], metadata=content["metadata"])
        data, metadata, _ = self._displays[display_id]
        for kept, name in ((data, "data"), (metadata, "metadata")):
            kept.clear()
            kept.update(from_dict(content[name]))

    def clear(self, cell_index: int) -> None:
        """The cell shows none any more."""
        for display_id in self._ids.pop(cell_index, ()):
            _, _, cells = self._displays[display_id]
            cells.discard(cell_index)
            if not cells:
                del self._displays[display_id]
