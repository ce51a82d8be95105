"""The cells of the notebook, run one after the other."""

from __future__ import annotations

import contextlib
import queue
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cell_output import CellOutput
from .engine_errors import are_deaths, first_error
from .exits import asked_exit, is_good_exit
from .guard import Guard
from .ipython_directory import IPythonDirectory
from .job import Job
from .kernel import Kernel
from .kernel_client import KernelClient
from .kernel_process import KernelProcess
from .log import log, plain
from .losses import Losses
from .notebook import cells_to_run, tags
from .output_files import OutputFiles
from .progress import RunningCell
from .result import Result
from .room import Room
from .verdict import JobEnd
from .widgets import WidgetRoom

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from .ending import Ending
    from .messages import Message
    from .notebook_client import Client

ROOM_SHARE = 40  # what figures and tables of all cells may take, in output limits
WIDGETS_SHARE = 10  # the same of the states of widgets


@dataclass
class Reply:
    """What the kernel has answered to a cell."""

    error: dict[str, Any] | None = None  # where the cell failed
    exit: dict[str, Any] | None = None  # the SystemExit that an exit() in it stands for


class Execution:
    """The notebook's kernel, and the cells run in it one after the other."""

    def __init__(
        self,
        job: Job,
        kernel: Kernel,
        directory: IPythonDirectory,
        result: Result,
        losses: Losses,
    ) -> None:
        self.cell: RunningCell | None = None
        self.failed_cells = 0
        self._job = job
        self._result = result
        self._losses = losses
        self._kernel = KernelProcess(job, kernel, directory)
        self._output: CellOutput | None = None  # of the cell that runs, or ran last
        self._reply = Reply()  # to that cell
        self._output_files = OutputFiles(job)
        self._room = Room(ROOM_SHARE * job.output_limit)

    @property
    def cell_number(self) -> int | None:
        return None if self.cell is None else self.cell.index

    async def start(self, env: dict[str, str], guard: Guard) -> KernelClient:
        """Start the kernel; returns what speaks with it, when it answers."""
        return await self._kernel.start(env, guard)

    async def run(self, kernel_client: KernelClient, ending: Ending) -> None:
        """Run all cells, or up to one that ends the notebook.

        Raises JobEnd at the first that fails, unless errors are allowed, or it is only for engines that
        the job goes on without; and at the one in which the job's end has begun.
        """
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        client = self._client(kernel_client)
        to_run = cells_to_run(self._result.notebook)
        for number, (position, cell) in enumerate(to_run, 1):
            end = ending.begun()
            if end is not None:
                raise end
            self.cell = RunningCell(number, len(to_run), time.time(), time.monotonic())
            log.info("Cell %d of %d", number, len(to_run))
            output = CellOutput(
                cell, number, self._job.output_limit, self._output_files, self._room
            )
            self._output = client.cell_output = output
            self._reply = Reply()
            try:
                await client.async_execute_cell(
                    cell, position, execution_count=client.code_cells_executed + 1
                )
            except CellExecutionError:
                error = self._reply.error or {}
                if not self._is_good(error) and not await self._is_of_lost(error, ending):
                    raise cell_error(number, error) from None
            except DeadKernelError:
                await read_last_words(client, kernel_client, cell, position)
                raise await self._kernel.why_it_died(number) from None
            finally:
                output.close()
                client.set_widgets_metadata()
                self._result.save_soon()
            if self._ends_notebook(cell):
                log.info("The notebook ends itself in cell %d", number)
                break
            if self._reply.exit is not None and not self._allows_errors(cell):
                raise cell_error(number, self._reply.exit)
            if self._reply.error is not None:
                await ending.wait_for_signal()
        self.cell = None

    def _client(self, kernel_client: KernelClient) -> Client:
        from .notebook_client import Client

        return Client(
            self._result.notebook,
            self._kernel.manager,
            kernel_client,
            WidgetRoom(WIDGETS_SHARE * self._job.output_limit),
            on_output=self._on_output,
            allow_errors=self._job.allow_errors,
            on_cell_error=self._on_cell_error,
            on_cell_executed=self._on_cell_executed,
        )

    def _ends_notebook(self, cell: NotebookNode) -> bool:
        """Whether a cell that came to its end asked for the notebook's."""
        if self._reply.exit is not None:
            return self._is_good(self._reply.exit)
        return self._is_good(self._reply.error) and "raises-exception" not in tags(cell)

    def _allows_errors(self, cell: NotebookNode) -> bool:
        return self._job.allow_errors or "raises-exception" in tags(cell)

    def _is_good(self, error: dict[str, Any] | None) -> bool:
        return error is not None and is_good_exit(error, self._losses.left)

    async def _is_of_lost(self, error: dict[str, Any], ending: Ending) -> bool:
        """Whether an error tells of nothing but engines that the job goes on without."""
        if not are_deaths(error.get("ename", ""), plain(error.get("evalue", ""))):
            return False
        await ending.wait_for_signal()  # and for the word on these engines
        return bool(self._losses.engines)

    def settle(self) -> None:
        """Bring the notebook up to date, in the middle of a cell."""
        if self._output is not None:
            self._output.settle()

    def explain(self, ename: str, text: str) -> None:
        """Say in the cell that runs why it does not go on."""
        if self._output is not None:
            self._output.cell.outputs.append(error_output(ename, text))

    async def interrupt(self) -> None:
        await self._kernel.interrupt()

    async def stop(self, at_once: bool) -> None:
        """End the kernel; unless `at_once` it gets some seconds for what it does at its exit."""
        await self._kernel.stop(at_once)

    def _on_output(self) -> None:
        self._result.changed = True

    def _on_cell_executed(
        self, cell: NotebookNode, cell_index: int, execute_reply: Message
    ) -> None:
        """An exit() in a cell comes as no error; a bad one is made one."""
        reply = execute_reply["content"]
        self._reply.exit = asked_exit(reply) if reply["status"] == "ok" else None
        if self._reply.exit is not None and not self._is_good(self._reply.exit):
            self._note_error(cell, self._reply.exit)

    def _on_cell_error(self, cell: NotebookNode, cell_index: int, execute_reply: Message) -> None:
        self._note_error(cell, execute_reply["content"])

    def _note_error(self, cell: NotebookNode, error: dict[str, Any]) -> None:
        """A UsageError comes without an error output; the reply always has one."""
        self._reply.error = error
        self.failed_cells += not self._is_good(error) and "raises-exception" not in tags(cell)
        if not any(output.output_type == "error" for output in cell.outputs):
            ename, evalue = error.get("ename", "Error"), error.get("evalue", "")
            cell.outputs.append(error_output(ename, evalue))


def cell_error(number: int, error: dict[str, Any]) -> JobEnd:
    """The JobEnd for a cell that failed with this error."""
    ename, evalue = error.get("ename", "Error"), plain(error.get("evalue", ""))
    ename, evalue = first_error(ename, evalue)
    return JobEnd("failed", "cell-error", cell=number, ename=ename[:100], evalue=evalue[:500])


def error_output(ename: str, evalue: str) -> NotebookNode:
    from nbformat import v4

    traceback = [f"{ename}: {evalue}"]
    made: NotebookNode = v4.new_output("error", ename=ename, evalue=evalue, traceback=traceback)
    return made


async def read_last_words(
    client: Client, kernel_client: KernelClient, cell: NotebookNode, position: int
) -> None:
    """What the kernel said before it died; nbclient stops reading when it notices the death."""
    from nbclient.exceptions import CellControlSignal

    with contextlib.suppress(queue.Empty, CellControlSignal):
        while True:
            message = await kernel_client.theirs.iopub_channel.get_msg(timeout=1)
            if message["parent_header"].get("msg_id"):
                client.process_message(message, cell, position)
