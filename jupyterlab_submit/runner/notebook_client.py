"""nbclient's notebook client, and what ours does differently."""

from .log import log

IOPUB_SECONDS = 600  # how long output may come in after the reply to a cell


def notebook_client(notebook, kernel, allow_errors, on_cell_error, on_cell_executed, on_output):
    """A client that executes cells of `notebook` in `kernel`, a KernelProcess that was started.

    `on_output` is called when a message has come, the others as nbclient does.
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
    return client


class OutputKeeper:
    """What our notebook client does differently from nbclient's, with which it is mixed."""

    cell_output = None  # the CellOutput of the cell that runs
    on_output = None  # called when a message has come

    def process_message(self, msg, cell, cell_index):
        self.on_output()
        if self.clear_before_next_output or not cell.outputs:
            self.cell_output.restart()
        shown = None
        for one in self.cell_output.admit(msg):
            shown = super().process_message(one, cell, cell_index)
        return shown

    def output(self, outs, msg, display_id, cell_index):
        out = super().output(outs, msg, display_id, cell_index)
        if out is not None and out.output_type == "stream":
            self.cell_output.add(outs)
        return out
