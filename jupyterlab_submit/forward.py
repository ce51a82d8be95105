"""Forwards what a page of Jupyter asks to the sidecar, and its answer back as it comes."""

from __future__ import annotations

import asyncio

import httpx
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

from jupyterlab_submit.access import AUTH_RESOURCE
from jupyterlab_submit.api_routes import ApiRoute, route_of
from jupyterlab_submit.callers import Callers
from jupyterlab_submit.refusal import Refusal, json_bytes, json_object, refuse
from jupyterlab_submit.upstream import Upstream

# The last one asks proxies outside, too, to hand a stream on as it comes.
PASSED_BACK = ("content-type", "cache-control", "x-accel-buffering")


class ForwardHandler(APIHandler):
    """`<base>/jupyterlab-submit/api/...` is the sidecar's own `/api/...`.

    Jupyter checks who asks, and that a page of its own does. What is asked is small, so Tornado
    reads it whole; what is answered may be long or never end, and is never kept.
    """

    auth_resource = AUTH_RESOURCE

    def initialize(self, upstream: Upstream, callers: Callers) -> None:
        self.upstream = upstream
        self.callers = callers
        self.carrying: asyncio.Future[None] | None = None

    @web.authenticated
    async def get(self, path: str) -> None:
        route = route_of(self.request.method, path)
        if route is None:
            refuse(self, Refusal("no-such-route", path=f"/{path}"))
        elif route.action == "read":
            await self.read(route, path)
        else:
            await self.execute(route, path)

    post = put = delete = get

    @authorized("read")
    async def read(self, route: ApiRoute, path: str) -> None:
        await self.forward(route, path)

    @authorized("execute")
    async def execute(self, route: ApiRoute, path: str) -> None:
        await self.forward(route, path)

    async def forward(self, route: ApiRoute, path: str) -> None:
        # A stream is there as long as its page; that says nothing of the person.
        self._track_activity = path != "api/events"
        self.carrying = asyncio.ensure_future(self.carry(route, path))
        try:
            await self.carrying
        except asyncio.CancelledError:
            if not self.carrying.cancelled():
                raise

    def on_connection_close(self) -> None:
        """The page has gone: the sidecar must not go on for nobody."""
        if self.carrying is not None:
            self.carrying.cancel()

    async def carry(self, route: ApiRoute, path: str) -> None:
        try:
            body, kind = await self.content(route)
            answer = await self.upstream.send(route.method, self.target(path), body, kind)
        except Refusal as refusal:
            refuse(self, refusal)
            return
        try:
            await self.carry_back(answer)
        finally:
            await answer.aclose()

    async def content(self, route: ApiRoute) -> tuple[bytes, str | None]:
        """The body for the sidecar, and its type."""
        body = self.request.body
        if route.rewrite is None:
            return body, self.request.headers.get("content-type") if body else None
        asked = await route.rewrite(json_object(body), self.contents_manager, self.callers)
        return json_bytes(asked), "application/json"

    def target(self, path: str) -> str:
        """The path as it was matched, and the query as it came, without this server's token."""
        words = self.request.query.split("&")
        query = "&".join(word for word in words if word and not word.startswith("token="))
        return f"/{path}?{query}" if query else f"/{path}"

    async def carry_back(self, answer: httpx.Response) -> None:
        self.set_status(answer.status_code)
        for name in PASSED_BACK:
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        try:
            # Now: the first words of a stream may be long in coming.
            await self.flush()
            async for chunk in answer.aiter_raw():
                self.write(chunk)
                await self.flush()
            await self.finish()
        except httpx.TransportError as error:
            self.log.info("jupyterlab-submit: an answer broke off: %s", error)
            # No proper end, or a part would pass for the whole.
            self.detach().close()
        except StreamClosedError:
            # The page has gone.
            return
