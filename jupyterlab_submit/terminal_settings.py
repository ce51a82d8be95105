"""Lab's settings for a command in a terminal, at no more cost than needed."""

from __future__ import annotations

import json
import sys

from jupyterlab_submit.settings import PLUGIN, read_settings
from jupyterlab_submit.settings_folders import is_anything_set, usual_folders
from jupyterlab_submit.site_files import site_files

# Linux takes no longer variable: MAX_ARG_STRLEN, execve(2).
LONGEST = 128 * 1024 - 100


def terminal_settings() -> str:
    """The settings as JSON, short enough for a variable of the environment."""
    folders = usual_folders()
    if not is_anything_set(folders, PLUGIN):
        # Reading them takes a second, and then nothing is what everybody begins with.
        files = site_files()
        return short(json.dumps({"siteFiles": files} if files else {}))
    # A grammar that jsonschema compiles at its import for a format that settings do not use:
    # 2.8 s with it, 1.2 s without. It tries the import, and does without.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # an import of it fails
    return short(json.dumps(read_settings(folders)))


def short(text: str) -> str:
    return text if len(text) <= LONGEST else json.dumps({"unreadable": TOO_LONG})


TOO_LONG = "The settings are too long for a terminal: more than 128 kB."
