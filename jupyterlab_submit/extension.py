"""The part of Jupyter's server: it puts the others together, and ends them."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp

from jupyterlab_submit.callers import Callers
from jupyterlab_submit.contents_paths import ContentsPathsHandler
from jupyterlab_submit.forward import ForwardHandler
from jupyterlab_submit.unfinished import finish_in_background
from jupyterlab_submit.upstream import Upstream


class SubmitExtension(ExtensionApp):
    """Lets the pages of this server reach the sidecar of the person whose server it is."""

    name = "jupyterlab_submit"
    upstream: Upstream | None = None

    def initialize_handlers(self) -> None:
        assert self.serverapp is not None  # linked with it before this is called
        self.upstream = Upstream()
        callers = Callers(self.serverapp)
        parts = {"upstream": self.upstream, "callers": callers}
        self.handlers.extend(
            [
                (r"/jupyterlab-submit/(api/.*)", ForwardHandler, parts),
                (r"/jupyterlab-submit/contents-paths", ContentsPathsHandler),
            ]
        )
        finish_in_background(self.log)

    async def stop_extension(self) -> None:
        if self.upstream is not None:
            await self.upstream.close()
