"""Run a notebook, unedited, on the cores of a cluster, and get it back executed.

The command line imports this package too: what Jupyter's server needs is imported where it is used.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> str:
    """`__version__`, which Jupyter lists beside an extension's name; looked up by who asks for it."""
    if name == "__version__":
        from jupyterlab_submit.problem import Problem
        from jupyterlab_submit.sidecar import our_version

        try:
            return our_version()
        except Problem as problem:
            raise AttributeError(str(problem)) from problem
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the browser's part was built to, and the name that Lab has it under."""
    return [{"src": "labextension", "dest": "jupyterlab-submit"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """What Jupyter's server loads."""
    from jupyterlab_submit.extension import SubmitExtension

    return [{"module": "jupyterlab_submit.extension", "app": SubmitExtension}]
