"""Who calls: for the pages of a Jupyter server, the server itself."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from jupyter_server.serverapp import ServerApp

from jupyterlab_submit.environment import callers_environment
from jupyterlab_submit.kernels import kernel_names
from jupyterlab_submit.settings import read_settings
from jupyterlab_submit.settings_folders import folders_of


class Callers:
    """Makes the `caller` of src/api/routes.ts."""

    def __init__(self, serverapp: ServerApp):
        self.serverapp = serverapp

    async def caller(self) -> dict[str, Any]:
        """Interpreter, environment and settings as they are now."""
        folders = folders_of(self.serverapp)
        return {
            "python": sys.executable,
            "environment": callers_environment(os.environ),
            # Files of a home that may be a slow network disk.
            "kernels": await asyncio.to_thread(kernel_names),
            "settings": await asyncio.to_thread(read_settings, folders),
        }
