"""nbclient's notebook client, and what ours does differently."""

from .cell_output import like
from .log import log
from .messages import OUTPUTS, UNREADABLE

IOPUB_SECONDS = 600  # how long output may come in after the reply to a cell


def notebook_client(
    notebook, kernel, widgets, allow_errors, on_cell_error, on_cell_executed, on_output
):
    """A client that executes cells of `notebook` in `kernel`, a KernelProcess that was started.

    `widgets` is a WidgetRoom. `on_output` is called when a message has come, the others as nbclient does.
    """
    from nbclient import NotebookClient

    client = type("Client", (OutputKeeper, NotebookClient), {})(
        notebook,
        km=kernel.manager,
        timeout=None,
        iopub_timeout=IOPUB_SECONDS,
        allow_errors=allow_errors,
        record_timing=False,
        on_cell_error=on_cell_error,
        on_cell_executed=on_cell_executed,
        log=log,
    )
    client.kc = kernel.channels
    client.on_output = on_output
    client.shared = SharedDisplays()
    client.widgets = widgets
    return client


class OutputKeeper:
    """What our notebook client does differently from nbclient's, with which it is mixed."""

    cell_output = None  # the CellOutput of the cell that runs
    on_output = None  # called when a message has come
    shared = None  # the SharedDisplays
    widgets = None  # the WidgetRoom

    def process_message(self, msg, cell, cell_index):
        self.on_output()
        kind = msg["msg_type"]
        if kind.startswith("comm"):
            return self._take_comm(msg, cell, cell_index)
        is_captured = bool(self.output_hook_stack.get(msg["parent_header"].get("msg_id")))
        self.cell_output.is_captured = is_captured
        if kind in OUTPUTS and self.clear_before_next_output and not is_captured:
            self.cell_output.restart()
        if kind not in (*OUTPUTS, UNREADABLE):
            return super().process_message(msg, cell, cell_index)
        if kind == "update_display_data" and not self.shared.has(msg["content"]["transient"]):
            return None
        try:
            return self._show(self.cell_output.admit(msg), cell, cell_index)
        except Exception as error:  # whatever nbformat, or we, trip over in it
            log.warning("An output cannot be shown: %r", error, exc_info=True)
            why = {"why": type(error).__name__}
            return self._show(self.cell_output.admit(like(msg, UNREADABLE, why)), cell, cell_index)

    def _show(self, messages, cell, cell_index):
        shown = None
        for one in messages:
            shown = super().process_message(one, cell, cell_index)
        return shown

    def output(self, outs, msg, display_id, cell_index):
        # Without the id: nbclient would look at each output that has it, at each of them.
        out = super().output(outs, msg, None, cell_index)
        if out is not None and display_id:
            self.shared.add(display_id, cell_index, out)
        if out is not None and out.output_type == "stream":
            self.cell_output.add(outs)
        return out

    def clear_output(self, outs, msg, cell_index):
        super().clear_output(outs, msg, cell_index)
        if not self.cell_output.is_captured and not outs and not self.clear_before_next_output:
            self.cell_output.restart()

    def clear_display_id_mapping(self, cell_index):
        self.shared.clear(cell_index)

    def _update_display_id(self, display_id, msg):
        self.shared.update(display_id, msg["content"])

    def _take_comm(self, msg, cell, cell_index):
        """A widget that cannot be understood, or has no room, costs that widget."""
        if not self.widgets.take(msg):
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

    def __init__(self):
        self._displays = {}  # data, metadata and cells, by id
        self._ids = {}  # of the displays that a cell shows

    def add(self, display_id, cell_index, output):
        """An output that shows this display; it has what the latest one has."""
        data, metadata, cells = self._displays.setdefault(
            display_id, (output.data, output.metadata, set())
        )
        output.data, output.metadata = data, metadata
        cells.add(cell_index)
        self._ids.setdefault(cell_index, set()).add(display_id)

    def has(self, transient):
        """Whether an output shows the display that a message is about."""
        return transient.get("display_id") in self._displays

    def update(self, display_id, content):
        from nbformat import from_dict, v4

        if display_id not in self._displays:
            return
        # Raises where it is none that a notebook may have, as for a display that is new.
        v4.new_output("display_data", data=content["data"], metadata=content["metadata"])
        data, metadata, _ = self._displays[display_id]
        for kept, name in ((data, "data"), (metadata, "metadata")):
            kept.clear()
            kept.update(from_dict(content[name]))

    def clear(self, cell_index):
        """The cell shows none any more."""
        for display_id in self._ids.pop(cell_index, ()):
            _, _, cells = self._displays[display_id]
            cells.discard(cell_index)
            if not cells:
                del self._displays[display_id]
