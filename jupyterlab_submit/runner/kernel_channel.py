"""A channel to the kernel, with what nbclient and jupyter_client use of their own."""

import asyncio
import queue
import time

from .backlog import Backlog
from .messages import read_message
from .stored import Stored
from .zmtp import NO_ROOM, Connection

TOGETHER_SECONDS = (
    0.01  # how long messages that are there already are handed out before others get a turn
)


class KernelChannel:
    """Messages to and from one socket of the kernel; `folder` takes what is too much for memory.

    With `program`, the archive that this is in, a pump reads the socket.
    """

    def __init__(self, address, kind, session, folder, program=None):
        self.session = session
        self._folder = folder
        self._backlog = Backlog()
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._is_waited_for = False
        self._turn = 0.0
        identity = session.bsession if kind == "DEALER" else b""
        self._connection = Connection(address, kind, identity, folder, self._put, program)

    @property
    def is_unsupported(self):
        """Whether only libzmq understands the kernel."""
        return self._connection.is_unsupported

    def start(self):
        self._connection.start()

    def stop(self):
        self._connection.close()

    close = stop

    def is_alive(self):
        return True

    def send(self, message):
        from jupyter_client.adapter import adapt

        version = self.session.adapt_version
        frames = self.session.serialize(adapt(message, version) if version else message)
        self._connection.send([*frames, *(message.get("buffers") or [])])

    async def get_msg(self, timeout=None):
        """The next message that can be read; raises queue.Empty after so many seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            if time.monotonic() - self._turn > TOGETHER_SECONDS:
                await asyncio.sleep(0)
                self._turn = time.monotonic()
            self._came.clear()
            self._is_waited_for = True
            frames = self._backlog.get()
            if frames is None:
                await self._wait(deadline)
                continue
            self._is_waited_for = False
            message = await self._read(frames)
            if message is not None:
                return message

    async def _read(self, frames):
        if any(frame is NO_ROOM or isinstance(frame, Stored) for frame in frames):
            # Takes seconds, in which the job is looked after.
            arguments = (read_message, frames, self.session, self._folder)
            return await self._loop.run_in_executor(None, *arguments)
        return read_message(frames, self.session, self._folder)

    async def _wait(self, deadline):
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise queue.Empty
        try:
            await asyncio.wait_for(self._came.wait(), left)
        except asyncio.TimeoutError:
            raise queue.Empty from None

    def _put(self, frames):
        """Called by the connection's thread."""
        self._backlog.put(frames)
        if self._is_waited_for:
            self._is_waited_for = False
            try:
                self._loop.call_soon_threadsafe(self._came.set)
            except RuntimeError:
                pass  # the run is over


class ZmqChannel:
    """A channel of jupyter_client, of which messages are read as ours are; they are in memory in whole."""

    is_unsupported = False

    def __init__(self, channel, folder):
        self._channel = channel
        self._folder = folder

    def __getattr__(self, name):
        return getattr(self._channel, name)

    async def get_msg(self, timeout=None):
        """The next message that can be read; raises queue.Empty after so many seconds."""
        socket = self._channel.socket
        while True:
            if not await socket.poll(None if timeout is None else int(timeout * 1000)):
                raise queue.Empty
            frames = await socket.recv_multipart()
            # A flood of those that are there would otherwise keep everything else waiting.
            await asyncio.sleep(0)
            message = read_message(frames, self._channel.session, self._folder)
            if message is not None:
                return message
