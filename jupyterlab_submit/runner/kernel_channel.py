"""A channel to the kernel, with what nbclient and jupyter_client use of their own."""

from __future__ import annotations

import asyncio
import queue
import time
from typing import TYPE_CHECKING, Any

from .backlog import Backlog
from .messages import read_message
from .stored import Stored
from .zmtp import NO_ROOM, Connection

if TYPE_CHECKING:
    from jupyter_client.session import Session

    from .messages import Message
    from .zmtp import Address, Frame

TOGETHER_SECONDS = (
    0.01  # how long messages that are there already are handed out before others get a turn
)


class KernelChannel:
    """Messages to and from one socket of the kernel; `folder` takes what is too much for memory.

    With `program`, the archive that this is in, a pump reads the socket.
    """

    def __init__(
        self,
        address: Address,
        kind: str,
        session: Session,
        folder: str,
        program: str | None = None,
    ) -> None:
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
    def is_unsupported(self) -> bool:
        """Whether only libzmq understands the kernel."""
        return self._connection.is_unsupported

    def start(self) -> None:
        self._connection.start()

    def stop(self) -> None:
        self._connection.close()

    close = stop

    def is_alive(self) -> bool:
        return True

    def send(self, message: Message) -> None:
        from jupyter_client.adapter import adapt

        version = self.session.adapt_version
        frames = self.session.serialize(adapt(message, version) if version else message)
        self._connection.send([*frames, *(message.get("buffers") or [])])

    async def get_msg(self, timeout: float | None = None) -> Message:
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

    async def _read(self, frames: list[Frame]) -> Message | None:
        if any(frame is NO_ROOM or isinstance(frame, Stored) for frame in frames):
            # Takes seconds, in which the job is looked after.
            return await self._loop.run_in_executor(
                None, read_message, frames, self.session, self._folder
            )
        return read_message(frames, self.session, self._folder)

    async def _wait(self, deadline: float | None) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise queue.Empty
        try:
            await asyncio.wait_for(self._came.wait(), left)
        except asyncio.TimeoutError:
            raise queue.Empty from None

    def _put(self, frames: list[Frame]) -> None:
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

    def __init__(self, channel: Any, folder: str) -> None:
        self._channel = channel
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def get_msg(self, timeout: float | None = None) -> Message:
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
