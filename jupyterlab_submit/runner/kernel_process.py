"""The notebook's kernel as a process: its start and its end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from .environment import NEEDED, environment_end, what_is_missing
from .guard import Guard
from .ipython_directory import IPythonDirectory
from .job import READY_SECONDS, Job, with_umask
from .kernel import Kernel
from .kernel_client import KernelClient
from .kernel_sockets import KernelSockets
from .log import log
from .verdict import JobEnd

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

END_SECONDS = 5  # what a kernel gets at a good end, for what it does at its exit


class KernelProcess:
    """A kernel that is to run; `manager` is jupyter_client's."""

    def __init__(self, job: Job, kernel: Kernel, directory: IPythonDirectory) -> None:
        self._job = job
        self._kernel = kernel
        self._directory = directory
        self._sockets = KernelSockets(directory.path, kernel.language)
        self.manager = manager_of(directory, self._sockets)

    async def start(self, env: dict[str, str], guard: Guard) -> KernelClient:
        """Start the kernel; returns what speaks with it, when it answers."""
        import zmq.asyncio

        self._kernel.write_spec(self._directory.kernels)
        context = zmq.asyncio.Context()
        context.rcvhwm = 0  # else ZeroMQ drops messages of a kernel that prints fast
        await self._launch(env)
        provisioner: Any = self.manager.provisioner
        guard.watch(provisioner.pid)
        theirs = self.manager.client(context=context)
        client = KernelClient(theirs, self._job.program, str(self._directory.path))
        try:
            await self._wait_until_ready(client)
        finally:
            self._sockets.release()
        client.theirs.allow_stdin = False
        log.info("The kernel is ready")
        return client

    async def _launch(self, env: dict[str, str]) -> None:
        output = open(self._job.logs / "kernel.log", "wb")  # noqa: SIM115  the kernel's for life
        try:
            await self.manager.start_kernel(
                cwd=str(self._job.work),
                env=env,
                stdout=output,
                stderr=output,
                **with_umask(self._job.umask),
            )
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            raise environment_end("python", self._kernel.argv[0], "") from None
        finally:
            output.close()

    async def _wait_until_ready(self, client: KernelClient) -> None:
        """As jupyter_client's own wait, which goes by the time of day."""
        deadline = time.monotonic() + READY_SECONDS
        while not await client.answers():
            if not await self.manager.is_alive() or time.monotonic() > deadline:
                log.info("The kernel did not start")
                raise await self.why_it_died()

    async def interrupt(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            await self.manager.interrupt_kernel()

    async def stop(self, at_once: bool) -> None:
        """End the kernel; unless `at_once` it gets some seconds for what it does at its exit."""
        if self.manager.has_kernel:
            self.manager.shutdown_wait_time = END_SECONDS
            try:
                await asyncio.wait_for(self.manager.shutdown_kernel(now=at_once), END_SECONDS + 2)
            except Exception as error:  # it is the guard's then; the verdict stands
                log.info("The kernel did not end: %r", error)
        self._sockets.remove()

    async def why_it_died(self, number: int | None = None) -> JobEnd:
        """The JobEnd for a kernel that has died, in the cell of that number where there is one."""
        provisioner: Any = self.manager.provisioner
        code = await provisioner.poll()
        if number is None and self._kernel.python:
            missing = what_is_missing(self._kernel.python, NEEDED["kernel"])
            if missing:
                return missing
        return JobEnd("failed", "kernel-died", cell=number, signal=signal_of(code))


def manager_of(directory: IPythonDirectory, sockets: KernelSockets) -> AsyncKernelManager:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(
        kernel_name="job",
        kernel_spec_manager=KernelSpecManager(
            kernel_dirs=[str(directory.kernels)], ensure_native_kernel=False
        ),
        connection_file=str(directory.path / "kernel.json"),
        cache_ports=False,  # it would pick other ones
        **sockets.options,
    )
    if manager.has_trait("transport_encryption"):
        manager.transport_encryption = "auto"  # CURVE, for kernels that say that they can
    return manager


def signal_of(code: int | None) -> int | None:
    """The signal that ended a process, from its exit code as Popen or a shell tells it."""
    if code is None or 0 <= code <= 128:
        return None
    return -code if code < 0 else code - 128
