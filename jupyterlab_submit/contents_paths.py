"""Tells a page which files it can open, and as what."""

from __future__ import annotations

import json

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from jupyterlab_submit.access import AUTH_RESOURCE
from jupyterlab_submit.contents import path_of
from jupyterlab_submit.refusal import Refusal, json_object, refuse


class ContentsPathsHandler(APIHandler):
    """POST {files: [absolute path, ...]} → {paths: [path of Jupyter's contents, or null, ...]}."""

    auth_resource = AUTH_RESOURCE

    @web.authenticated
    @authorized("read")
    async def post(self) -> None:
        try:
            files = files_in(self.request.body)
        except Refusal as refusal:
            refuse(self, refusal)
            return
        paths = [await path_of(self.contents_manager, file) for file in files]
        self.finish(json.dumps({"paths": paths}))


def files_in(body: bytes) -> list[str]:
    files = json_object(body).get("files")
    if not isinstance(files, list) or not all(is_path(file) for file in files):
        raise Refusal("invalid-request", "files: not a list of paths")
    return files


def is_path(file: object) -> bool:
    return isinstance(file, str) and "\0" not in file
