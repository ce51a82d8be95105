"""The cells of the notebook, run one after the other."""

import contextlib
import queue
import time

from .cell_output import CellOutput
from .engine_errors import first_error
from .exits import asked_exit, is_good_exit
from .kernel_process import KernelProcess
from .log import log, plain
from .notebook import cells_to_run, tags
from .notebook_client import notebook_client
from .output_files import OutputFiles
from .room import Room
from .verdict import JobEnd
from .widgets import WidgetRoom

ROOM_SHARE = 40  # what figures and tables of all cells may take, in output limits
WIDGETS_SHARE = 10  # the same of the states of widgets


class Execution:
    """The notebook's kernel, and the cells run in it one after the other."""

    def __init__(self, job, kernel, directory, result):
        self.cell = None  # what runs: {"index", "total", "startedAt"}
        self.cell_began = None  # monotonic
        self.failed_cells = 0
        self._job = job
        self._result = result
        self._kernel = KernelProcess(job, kernel, directory)
        self._client = None
        self._error = None  # the reply to the cell that runs, where it failed
        self._exit = None  # the SystemExit that an exit() in that cell stands for
        self._output_files = OutputFiles(job)
        self._room = Room(ROOM_SHARE * job.output_limit)

    @property
    def cell_number(self):
        return self.cell and self.cell["index"]

    async def start(self, env, guard):
        """Start the kernel; returns when it answers."""
        await self._kernel.start(env, guard)
        self._client = notebook_client(
            self._result.notebook,
            self._kernel,
            WidgetRoom(WIDGETS_SHARE * self._job.output_limit),
            allow_errors=self._job.allow_errors,
            on_cell_error=self._on_cell_error,
            on_cell_executed=self._on_cell_executed,
            on_output=self._on_output,
        )

    async def where_it_runs(self, packages):
        """Interpreter, environment and versions of packages, as the kernel says; None where it does not."""
        return await self._kernel.where_it_runs(packages)

    async def run(self, ending):
        """Run all cells, or up to one that ends the notebook.

        Raises JobEnd at the first that fails, unless errors are allowed, and at the one in which
        the job's end has begun.
        """
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        to_run = cells_to_run(self._result.notebook)
        for number, (position, cell) in enumerate(to_run, 1):
            end = ending.begun()
            if end is not None:
                raise end
            self.cell = {"index": number, "total": len(to_run), "startedAt": time.time()}
            self.cell_began = time.monotonic()
            log.info("Cell %d of %d", number, len(to_run))
            output = CellOutput(
                cell, number, self._job.output_limit, self._output_files, self._room
            )
            self._client.cell_output = output
            self._error = self._exit = None
            try:
                await self._client.async_execute_cell(
                    cell, position, execution_count=self._client.code_cells_executed + 1
                )
            except CellExecutionError:
                if not self._is_good(self._error):
                    raise self._cell_error(number) from None
            except DeadKernelError:
                await self._read_last_words(cell, position)
                raise await self._kernel.why_it_died(number) from None
            finally:
                output.close()
                self._client.set_widgets_metadata()
                self._result.save_soon()
            if self._ends_notebook(cell):
                log.info("The notebook ends itself in cell %d", number)
                break
            if self._exit is not None and not self._allows_errors(cell):
                raise self._cell_error(number)
            if self._error is not None:
                await ending.wait_for_signal()
        self.cell = None

    def _ends_notebook(self, cell):
        """Whether a cell that came to its end asked for the notebook's."""
        if self._exit is not None:
            return self._is_good(self._exit)
        return self._is_good(self._error) and "raises-exception" not in tags(cell)

    def _allows_errors(self, cell):
        return self._job.allow_errors or "raises-exception" in tags(cell)

    def _is_good(self, error):
        return error is not None and is_good_exit(error, self._job.engines)

    def settle(self):
        """Bring the notebook up to date, in the middle of a cell."""
        if self._client is not None and self._client.cell_output is not None:
            self._client.cell_output.settle()

    def explain(self, ename, text):
        """Say in the cell that runs why it does not go on."""
        from nbformat import v4

        if self._client is not None and self._client.cell_output is not None:
            self._client.cell_output.cell.outputs.append(
                v4.new_output("error", ename=ename, evalue=text, traceback=[f"{ename}: {text}"])
            )

    async def interrupt(self):
        await self._kernel.interrupt()

    async def stop(self, at_once):
        """End the kernel; unless `at_once` it gets some seconds for what it does at its exit."""
        await self._kernel.stop(at_once)

    def _on_output(self):
        self._result.changed = True

    def _on_cell_executed(self, cell, cell_index, execute_reply):
        """An exit() in a cell comes as no error; a bad one is made one."""
        reply = execute_reply["content"]
        self._exit = asked_exit(reply) if reply["status"] == "ok" else None
        if self._exit is not None and not self._is_good(self._exit):
            self._on_cell_error(cell, cell_index, {"content": self._exit})

    def _on_cell_error(self, cell, cell_index, execute_reply):
        """A UsageError comes without an error output; the reply always has one."""
        from nbformat import v4

        self._error = execute_reply["content"]
        self.failed_cells += not self._is_good(self._error) and "raises-exception" not in tags(cell)
        if not any(output.output_type == "error" for output in cell.outputs):
            ename, evalue = self._error.get("ename", "Error"), self._error.get("evalue", "")
            cell.outputs.append(
                v4.new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])
            )

    def _cell_error(self, number):
        ename, evalue = self._error.get("ename", "Error"), plain(self._error.get("evalue", ""))
        ename, evalue = first_error(ename, evalue)
        return JobEnd("failed", "cell-error", cell=number, ename=ename[:100], evalue=evalue[:500])

    async def _read_last_words(self, cell, position):
        """What the kernel said before it died; nbclient stops reading when it notices the death."""
        from nbclient.exceptions import CellControlSignal

        with contextlib.suppress(queue.Empty, CellControlSignal):
            while True:
                message = await self._kernel.channels.iopub_channel.get_msg(timeout=1)
                if message["parent_header"].get("msg_id"):
                    self._client.process_message(message, cell, position)
