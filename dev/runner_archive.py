"""The runner as one file: the modules of jupyterlab_submit/runner, packed for the job directory."""

from __future__ import annotations

import shutil
import tempfile
import zipapp
from pathlib import Path

SOURCES = "jupyterlab_submit/runner"
ARCHIVE = "jupyterlab_submit/bundle/run_notebook.pyz"
# What the modules are called inside: a name that meets no other package.
PACKAGE = "run_notebook"


def runner_sources(root: Path) -> list[Path]:
    return sorted((root / SOURCES).glob("*.py"))


def pack_runner(root: Path, archive: Path | None = None) -> None:
    """Packs the runner of the checkout at `root`; Python 3.8 and newer can run the archive.

    Not compressed: what reads it needs no zlib. Replaced in one step: a sidecar may be sending it.
    """
    archive = archive or root / ARCHIVE
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        package = Path(folder, "sources", PACKAGE)
        package.mkdir(parents=True)
        for file in runner_sources(root):
            shutil.copy2(file, package)
        packed = Path(folder, archive.name)
        zipapp.create_archive(package.parent, packed, main=f"{PACKAGE}.__main__:main")
        packed.replace(archive)
