"""The links by which the Jupyter of .venv finds the extension in this checkout.

An installed copy would be stale after the next build.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from dev.place import ENVIRONMENT, EXTENSION, ROOT

SERVER_CONFIG = "jupyter_server_config.d/jupyterlab_submit.json"
LINKS = {
    ENVIRONMENT / "share/jupyter/labextensions/jupyterlab-submit": EXTENSION,
    ENVIRONMENT / "etc/jupyter" / SERVER_CONFIG: ROOT / "jupyter-config" / SERVER_CONFIG,
}


def ensure_links() -> None:
    """Puts them where the package's own installation has put copies, or nothing."""
    for link, target in LINKS.items():
        if link.is_symlink() and link.readlink() == target:
            continue
        remove(link)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)


def remove_links() -> None:
    """Called before this package is installed anew: uninstalling it would follow them and delete."""
    for link in LINKS:
        if link.is_symlink():
            link.unlink()


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
