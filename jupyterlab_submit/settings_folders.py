"""Where Lab keeps settings: the running Lab's own folders, or the usual ones."""

from __future__ import annotations

import os
import site
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_config_dir, jupyter_config_path, jupyter_path

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


@dataclass
class SettingsFolders:
    """What `jupyterlab_server.settings_utils.get_settings` wants to know."""

    # The administrator's overrides.
    app: str
    # Of Lab itself; extensions bring theirs.
    schemas: str
    # The person's.
    user: str
    labextensions: list[str]


def folders_of(serverapp: ServerApp) -> SettingsFolders:
    """Those that the pages of this server have their settings from."""
    usual = usual_folders()
    for app in sorted(apps_of(serverapp), key=lambda app: app is not serverapp.starter_app):
        # Lab, Notebook and whatever else is a LabServerApp; what one leaves open is as usual.
        if hasattr(app, "user_settings_dir"):
            return SettingsFolders(
                app=app.app_settings_dir or usual.app,
                schemas=app.schemas_dir or usual.schemas,
                user=app.user_settings_dir or usual.user,
                labextensions=[*app.extra_labextensions_path, *app.labextensions_path],
            )
    return usual


def apps_of(serverapp: ServerApp) -> list[Any]:
    return [app for apps in serverapp.extension_manager.extension_apps.values() for app in apps]


def usual_folders() -> SettingsFolders:
    """As `jupyter lab` chooses them (jupyterlab/commands.py, whose import would take a second)."""
    app = app_folder()
    chosen = os.environ.get("JUPYTERLAB_SETTINGS_DIR")
    return SettingsFolders(
        app=str(app / "settings"),
        schemas=str(app / "schemas"),
        user=chosen or str(Path(jupyter_config_dir()) / "lab/user-settings"),
        labextensions=jupyter_path("labextensions"),
    )


def app_folder() -> Path:
    chosen = os.environ.get("JUPYTERLAB_DIR")
    if chosen:
        return Path(chosen)
    below = "share/jupyter/lab"
    lab = find_spec("jupyterlab")
    own = site.getuserbase()
    if lab is not None and lab.origin is not None and lab.origin.startswith(own + os.sep):
        return Path(own) / below
    places = [Path(sys.prefix) / below, Path("/usr/local") / below]
    return next((place for place in places if place.exists()), places[0])


def is_anything_set(folders: SettingsFolders, plugin: str) -> bool:
    """Whether somebody has written settings at all, for us or for others; looks at names only."""
    package, _, part = plugin.partition(":")
    app = Path(folders.app)
    places = [
        Path(folders.user) / package / f"{part}.jupyterlab-settings",
        *(app / name for name in ("overrides.json", "overrides.json5", "overrides.d")),
    ]
    for folder in map(Path, jupyter_config_path()):
        places += [
            folder / "labconfig" / f"default_setting_overrides{end}" for end in (".json", ".d")
        ]
    return any(place.exists() for place in places)
