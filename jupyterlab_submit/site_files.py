"""The site profiles that administrators have put into Jupyter's configuration."""

from __future__ import annotations

from pathlib import Path

from jupyter_core.paths import jupyter_config_path

BELOW = "jupyterlab-submit/sites"
# A profile has no more (src/api/profile.ts); what is longer shows by one byte.
MOST_BYTES = 65_536
MOST_FILES = 100


def site_files() -> list[dict[str, str]]:
    """The files, by folder as Jupyter's configuration counts them; raises nothing.

    A file hides those of its name in later folders. One that cannot be read has the reason.
    """
    names: set[str] = set()
    files: list[dict[str, str]] = []
    for folder in (Path(path) / BELOW for path in jupyter_config_path()):
        for file in sorted(folder.glob("*.json")):
            if file.name not in names and len(files) < MOST_FILES:
                names.add(file.name)
                files.append({"file": str(file), **content(file)})
    return files


def content(file: Path) -> dict[str, str]:
    """The beginning of a file, or why there is none."""
    try:
        with file.open("rb") as stream:
            return {"text": stream.read(MOST_BYTES + 1).decode(errors="replace")}
    except OSError as error:
        return {"text": "", "unreadable": error.strerror or str(error)}
