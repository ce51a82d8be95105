"""What is said to the kernel and heard from it: jupyter_client's client, with channels of ours."""

from __future__ import annotations

import ast
import contextlib
import json
import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .kernel_channel import KernelChannel, ZmqChannel
from .log import log

if TYPE_CHECKING:
    from .messages import Message

ANSWER_SECONDS = 60  # what a kernel that answers gets to say where it runs
# An expression that leaves no names behind in the notebook's namespace.
WHERE = (
    "__import__('json').dumps([__import__('sys').executable, dict(__import__('os').environ), "
    "{name: found.version for name in %r"
    " for found in [*__import__('importlib.metadata').metadata.distributions(name=name)][:1]}])"
)


@dataclass(frozen=True)
class Where:
    """The Python that a kernel says it runs in: interpreter, environment, versions of packages."""

    python: str
    env: dict[str, str]
    versions: dict[str, str]


class KernelClient:
    """The runner's end of the channels of a kernel that was launched.

    `theirs` is jupyter_client's client, of which we change parts that it keeps to itself; our channels hold
    no message in whole that is large. `program` is the archive that this is in, `folder` takes such messages.
    """

    def __init__(self, theirs: Any, program: str, folder: str) -> None:
        self.theirs = theirs
        self._folder = folder
        theirs._shell_channel = self._channel("shell", "DEALER")
        theirs._iopub_channel = self._channel("iopub", "SUB", program)
        if getattr(theirs, "curve_publickey", None):
            self._leave_it_to_zmq()
        theirs.start_channels()

    def _channel(self, name: str, kind: str, program: str | None = None) -> KernelChannel:
        theirs = self.theirs
        port = getattr(theirs, f"{name}_port")
        address = f"{theirs.ip}-{port}" if theirs.transport == "ipc" else (theirs.ip, port)
        return KernelChannel(address, kind, theirs.session, self._folder, program)

    def _leave_it_to_zmq(self) -> None:
        """The kernel speaks an older protocol than ours, or encrypted."""
        for name in ("_shell_channel", "_iopub_channel"):
            getattr(self.theirs, name).stop()
            setattr(self.theirs, name, None)
            made_anew = getattr(self.theirs, name[1:])
            setattr(self.theirs, name, ZmqChannel(made_anew, self._folder))

    async def answers(self) -> bool:
        """Whether the kernel answers within a second, and is heard on iopub, too."""
        theirs = self.theirs
        theirs.kernel_info()
        reply = await next_message(theirs.shell_channel, 1)
        if reply is not None and reply["msg_type"] == "kernel_info_reply":
            if await next_message(theirs.iopub_channel, 0.2) is not None:
                with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                    theirs._handle_kernel_info_reply(reply)  # kernels that speak an older protocol
                while await next_message(theirs.iopub_channel, 0.2) is not None:
                    pass
                return True
        if theirs.iopub_channel.is_unsupported or theirs.shell_channel.is_unsupported:
            self._leave_it_to_zmq()
        return False

    async def where_it_runs(self, packages: list[str]) -> Where | None:
        """Where it runs, with the versions of those of the packages that are there; None where it does not say."""
        asked = self.theirs.execute(
            "", silent=True, store_history=False, user_expressions={"where": WHERE % (packages,)}
        )
        try:
            reply = await self.theirs.get_shell_msg(timeout=ANSWER_SECONDS)
            while reply["parent_header"].get("msg_id") != asked:
                reply = await self.theirs.get_shell_msg(timeout=ANSWER_SECONDS)
            text = reply["content"]["user_expressions"]["where"]["data"]["text/plain"]
            python, env, versions = json.loads(ast.literal_eval(text))
            return Where(python, env, versions) if python else None
        except (queue.Empty, KeyError, TypeError, ValueError, SyntaxError) as error:
            log.info("The kernel does not say where it runs: %r", error)
            return None


async def next_message(channel: KernelChannel | ZmqChannel, seconds: float) -> Message | None:
    """The next message of a channel, or None when none comes in time."""
    try:
        return await channel.get_msg(timeout=seconds)
    except queue.Empty:
        return None
