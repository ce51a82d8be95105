"""The notebook's kernel as a process: its start, its channels, its end."""

import ast
import asyncio
import contextlib
import json
import queue
import time

from .environment import NEEDED, environment_end, what_is_missing
from .job import READY_SECONDS, with_umask
from .kernel_channel import KernelChannel, ZmqChannel
from .kernel_sockets import KernelSockets
from .log import log
from .verdict import JobEnd

ANSWER_SECONDS = 60  # what a kernel that answers gets to say where it runs
# An expression that leaves no names behind in the notebook's namespace.
WHERE = (
    "__import__('json').dumps([__import__('sys').executable, dict(__import__('os').environ), "
    "{name: found.version for name in %r"
    " for found in [*__import__('importlib.metadata').metadata.distributions(name=name)][:1]}])"
)
END_SECONDS = 5  # what a kernel gets at a good end, for what it does at its exit


class KernelProcess:
    """A kernel that runs; `manager` and `channels` are jupyter_client's, None before the start."""

    def __init__(self, job, kernel, directory):
        self.manager = None
        self.channels = None
        self._job = job
        self._kernel = kernel
        self._directory = directory
        self._sockets = None

    async def start(self, env, guard):
        """Start the kernel; returns when it answers."""
        import zmq.asyncio
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        self._kernel.write_spec(self._directory.kernels)
        self._sockets = KernelSockets(self._directory.path, self._kernel.language)
        self.manager = AsyncKernelManager(
            kernel_name="job",
            kernel_spec_manager=KernelSpecManager(
                kernel_dirs=[str(self._directory.kernels)], ensure_native_kernel=False
            ),
            connection_file=str(self._directory.path / "kernel.json"),
            cache_ports=False,  # it would pick other ones
            **self._sockets.options,
        )
        if self.manager.has_trait("transport_encryption"):
            self.manager.transport_encryption = "auto"  # CURVE, for kernels that say that they can
        context = zmq.asyncio.Context()
        context.rcvhwm = 0  # else ZeroMQ drops messages of a kernel that prints fast
        await self._launch(env)
        guard.watch(self.manager.provisioner.pid)
        channels = self.channels = self.manager.client(context=context)
        channels._shell_channel = self._channel("shell", "DEALER")
        channels._iopub_channel = self._channel("iopub", "SUB")
        if getattr(channels, "curve_publickey", None):
            self._leave_it_to_zmq()
        channels.start_channels()
        try:
            await self._wait_until_ready()
        finally:
            self._sockets.release()
        channels.allow_stdin = False
        log.info("The kernel is ready")

    async def _launch(self, env):
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

    def _channel(self, name, kind):
        """Our own channel to a socket of the kernel, which holds no message in whole that is large."""
        channels = self.channels
        port = getattr(channels, f"{name}_port")
        address = f"{channels.ip}-{port}" if channels.transport == "ipc" else (channels.ip, port)
        program = self._job.program if kind == "SUB" else None
        folder = str(self._directory.path)
        return KernelChannel(address, kind, channels.session, folder, program)

    def _leave_it_to_zmq(self):
        """The kernel speaks an older protocol than ours, or encrypted."""
        channels = self.channels
        for name in ("_shell_channel", "_iopub_channel"):
            getattr(channels, name).stop()
            setattr(channels, name, None)
            theirs = getattr(channels, name[1:])  # made anew
            setattr(channels, name, ZmqChannel(theirs, str(self._directory.path)))

    async def _wait_until_ready(self):
        """Return when the kernel answers, and is heard on iopub, too.

        As jupyter_client's own wait, which goes by the time of day.
        """
        channels = self.channels
        deadline = time.monotonic() + READY_SECONDS
        while True:
            channels.kernel_info()
            reply = await next_message(channels.shell_channel, 1)
            if reply is not None and reply["msg_type"] == "kernel_info_reply":
                if await next_message(channels.iopub_channel, 0.2) is not None:
                    break
            if channels.iopub_channel.is_unsupported or channels.shell_channel.is_unsupported:
                self._leave_it_to_zmq()
            if not await self.manager.is_alive() or time.monotonic() > deadline:
                log.info("The kernel did not start")
                raise await self.why_it_died()
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            channels._handle_kernel_info_reply(reply)  # kernels that speak an older protocol
        while await next_message(channels.iopub_channel, 0.2) is not None:
            pass

    async def where_it_runs(self, packages):
        """Interpreter, environment and versions of the packages that are there, as the kernel says.

        None where it does not.
        """
        asked = self.channels.execute(
            "", silent=True, store_history=False, user_expressions={"where": WHERE % (packages,)}
        )
        try:
            reply = await self.channels.get_shell_msg(timeout=ANSWER_SECONDS)
            while reply["parent_header"].get("msg_id") != asked:
                reply = await self.channels.get_shell_msg(timeout=ANSWER_SECONDS)
            text = reply["content"]["user_expressions"]["where"]["data"]["text/plain"]
            python, env, versions = json.loads(ast.literal_eval(text))
            return (python, env, versions) if python else None
        except (queue.Empty, KeyError, TypeError, ValueError, SyntaxError) as error:
            log.info("The kernel does not say where it runs: %r", error)
            return None

    async def interrupt(self):
        with contextlib.suppress(RuntimeError, OSError):
            await self.manager.interrupt_kernel()

    async def stop(self, at_once):
        """End the kernel; unless `at_once` it gets some seconds for what it does at its exit."""
        if self.manager is None or not self.manager.has_kernel:
            return
        self.manager.shutdown_wait_time = END_SECONDS
        try:
            await asyncio.wait_for(self.manager.shutdown_kernel(now=at_once), END_SECONDS + 2)
        except Exception as error:  # it is the guard's then; the verdict stands
            log.info("The kernel did not end: %r", error)
        self._sockets.remove()

    async def why_it_died(self, number=None):
        """The JobEnd for a kernel that has died, in the cell of that number where there is one."""
        code = await self.manager.provisioner.poll()
        if number is None and self._kernel.python:
            missing = what_is_missing(self._kernel.python, NEEDED["kernel"])
            if missing:
                return missing
        return JobEnd("failed", "kernel-died", cell=number, signal=signal_of(code))


def signal_of(code):
    """The signal that ended a process, from its exit code as Popen or a shell tells it."""
    if code is None or 0 <= code <= 128:
        return None
    return -code if code < 0 else code - 128


async def next_message(channel, seconds):
    """The next message of a channel, or None when none comes in time."""
    try:
        return await channel.get_msg(timeout=seconds)
    except queue.Empty:
        return None
