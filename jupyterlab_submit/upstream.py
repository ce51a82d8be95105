"""The way from Jupyter's server to the sidecar: found when it is needed, and again when it has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx

from jupyterlab_submit.keep_alive import KeepAlive
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.refusal import Refusal
from jupyterlab_submit.sidecar import ensure

# Each page has a stream that stays. A connection that was kept could belong to a sidecar that has
# gone, and then nobody knew whether a request had reached it.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=0)
# Seconds. An answer may take as long as a cluster does; a stream never ends.
TIMEOUT = httpx.Timeout(30, read=None)


class Upstream:
    """Requests to the sidecar; the first one starts it where that is needed."""

    def __init__(self, find: Callable[[], Path] = ensure):
        self.find = find
        self.client: httpx.AsyncClient | None = None
        self.looking: asyncio.Task[httpx.AsyncClient] | None = None
        self.keep_alive = KeepAlive(self.ping)

    async def send(self, method: str, target: str, body: bytes, kind: str | None) -> httpx.Response:
        """The answer with its body still to be read; whoever gets it closes it.

        `target` is path and query, `kind` the content type of `body`. Raises Refusal when nothing
        answers. A request is repeated only where the first one certainly never arrived, or changes nothing.
        """
        client = self.client or await self.look()
        try:
            try:
                return await ask(client, method, target, body, kind)
            except httpx.TransportError as error:
                # A process that is being killed still takes connections, and drops them.
                if method != "GET" and not isinstance(error, httpx.ConnectError):
                    raise
                return await ask(await self.look(), method, target, body, kind)
        except httpx.TransportError as error:
            what = str(error) or type(error).__name__
            raise Refusal("service-unavailable", f"The sidecar did not answer: {what}") from error

    async def look(self) -> httpx.AsyncClient:
        """Makes sure that the sidecar runs: once for all who ask at the same time."""
        if self.looking is None or self.looking.done():
            self.looking = asyncio.ensure_future(self.connect())
        # Who leaves does not end it for the others.
        return await asyncio.shield(self.looking)

    async def connect(self) -> httpx.AsyncClient:
        try:
            socket = await asyncio.to_thread(self.find)
        except (Problem, OSError) as error:
            raise Refusal("service-unavailable", str(error)) from error
        # There is no TLS on a socket file: what checks certificates is not even read.
        transport = httpx.AsyncHTTPTransport(uds=str(socket), limits=LIMITS, verify=False)
        # The one before may still carry answers, so it is not closed; it keeps no connection either.
        self.client = httpx.AsyncClient(transport=transport, timeout=TIMEOUT, trust_env=False)
        self.keep_alive.begin()
        return self.client

    async def ping(self) -> None:
        """Tells the sidecar that we are here; one that has gone is not started for that."""
        if self.client is not None:
            try:
                await (await ask(self.client, "GET", "/api/ping", b"", None)).aclose()
            except httpx.TransportError:
                # The next request finds out.
                return

    async def close(self) -> None:
        self.keep_alive.end()
        if self.client is not None:
            await self.client.aclose()


async def ask(
    client: httpx.AsyncClient, method: str, target: str, body: bytes, kind: str | None
) -> httpx.Response:
    headers = {} if kind is None else {"content-type": kind}
    request = client.build_request(
        method, f"http://localhost{target}", content=body or None, headers=headers
    )
    return await client.send(request, stream=True)
