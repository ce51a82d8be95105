"""What is added to the few requests that say who calls, or that name a notebook."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.services.contents.manager import ContentsManager

from jupyterlab_submit.callers import Callers
from jupyterlab_submit.contents import file_of

Rewrite = Callable[[dict[str, Any], ContentsManager, Callers], Awaitable[dict[str, Any]]]


def rewriting(method: str, path: str) -> Rewrite | None:
    """How the body of such a request changes; None: it goes as it came."""
    if method == "POST" and path in ("api/clusters", "api/clusters/check"):
        return with_caller
    if (method == "POST" and path == "api/check") or (
        method == "PUT" and re.fullmatch("api/jobs/[^/]+", path)
    ):
        return with_form_and_caller
    return None


async def with_caller(
    asked: dict[str, Any], contents: ContentsManager, callers: Callers
) -> dict[str, Any]:
    return {**asked, "caller": await callers.caller()}


async def with_form_and_caller(
    asked: dict[str, Any], contents: ContentsManager, callers: Callers
) -> dict[str, Any]:
    """The notebook as the absolute path of a file; raises Refusal where it is none."""
    form = asked.get("form")
    # A form that names none, or a wrong thing, is the sidecar's to refuse, field by field.
    if isinstance(form, dict) and isinstance(form.get("notebook"), str) and form["notebook"]:
        form = {**form, "notebook": file_of(contents, form["notebook"])}
    return {**asked, "form": form, "caller": await callers.caller()}
