"""What is added to the few requests that say who calls, or that name a notebook."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.services.contents.manager import ContentsManager

from jupyterlab_submit.callers import Callers
from jupyterlab_submit.contents import visible_file_of
from jupyterlab_submit.refusal import Refusal

Rewrite = Callable[[dict[str, Any], ContentsManager, Callers], Awaitable[dict[str, Any]]]


async def with_caller(
    asked: dict[str, Any], contents: ContentsManager, callers: Callers
) -> dict[str, Any]:
    """Who calls is this server's to say; raises Refusal where a page says it."""
    if "caller" in asked:
        raise Refusal("invalid-request", "caller: the Jupyter server says who calls")
    return {**asked, "caller": await callers.caller()}


async def with_form_and_caller(
    asked: dict[str, Any], contents: ContentsManager, callers: Callers
) -> dict[str, Any]:
    """The notebook as the absolute path of a file; raises Refusal where it is none."""
    form = asked.get("form")
    # A form that names none, or a wrong thing, is the sidecar's to refuse, field by field.
    if isinstance(form, dict) and isinstance(form.get("notebook"), str) and form["notebook"]:
        form = {**form, "notebook": await visible_file_of(contents, form["notebook"])}
    return await with_caller({**asked, "form": form}, contents, callers)
