"""Run a notebook, unedited, on the cores of a cluster, and get it back executed.

The command line imports this package too: what Jupyter's server needs is imported where it is used.
"""

from __future__ import annotations

from typing import Any


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the browser's part was built to, and the name that Lab has it under."""
    return [{"src": "labextension", "dest": "jupyterlab-submit"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What Jupyter's server loads."""
    from jupyterlab_submit.extension import SubmitExtension

    return [{"module": "jupyterlab_submit.extension", "app": SubmitExtension}]
