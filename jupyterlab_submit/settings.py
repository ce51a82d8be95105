"""Our settings as Lab's settings editor shows them, for the terminal too."""

from __future__ import annotations

import os
import re
from typing import Any

from jupyterlab_submit.settings_folders import SettingsFolders
from jupyterlab_submit.site_files import site_files

PLUGIN = "jupyterlab-submit:plugin"
# What a site profile says is run on login nodes, and no setting of a person replaces it.
ADMINISTRATORS = {"sites"}


def read_settings(folders: SettingsFolders) -> dict[str, Any]:
    """The person's settings over the administrator's over the schema's; raises nothing.

    What cannot be read is passed over, as Lab does, and told in one line under `unreadable`. Under
    `siteFiles` are the site profiles of files, where there are any.
    """
    problems: list[str] = []
    overrides = read_overrides(folders, problems)
    settings: dict[str, Any] = {}
    # Without the person's where these stand in the way; without any where the schema does.
    for user in (folders.user, os.devnull):
        try:
            settings = read(folders, user, overrides, problems)
            break
        except Missing:
            # The browser's part was not built, and nobody was asked for settings yet.
            break
        except Exception as error:
            # A mistake in a file of settings is no reason not to submit.
            problems.append(told(error, folders))
    files = site_files()
    return {
        **settings,
        **({"siteFiles": files} if files else {}),
        **({"unreadable": problems[0]} if problems else {}),
    }


class Missing(Exception):
    """There is no schema of ours."""


def read_overrides(folders: SettingsFolders, problems: list[str]) -> dict[str, Any]:
    """The administrator's, of which one file may be wrong."""
    # Imports half of Jupyter's server: a second, where that is not loaded already.
    from jupyterlab_server.settings_utils import _get_overrides

    try:
        overrides, mistake = _get_overrides(folders.app)
    except Exception as error:
        problems.append(f"{folders.app}: {told(error, folders)}")
        return {}
    if mistake:
        problems.append(f"{folders.app}: {told(mistake, folders)}")
    return overrides


def read(
    folders: SettingsFolders, user: str, overrides: dict[str, Any], problems: list[str]
) -> dict[str, Any]:
    """The settings; raises Missing, and whatever goes wrong in a file."""
    from jupyterlab_server.settings_utils import get_settings
    from tornado.web import HTTPError

    try:
        found, warnings = get_settings(
            folders.app, folders.schemas, user, PLUGIN, overrides, folders.labextensions
        )
    except HTTPError as error:
        raise Missing if error.status_code == 404 else error from error
    problems += [told(warning, folders) for warning in warnings if warning]
    if not isinstance(found["settings"], dict):
        raise ValueError(f"{user_file(folders)}: not an object")
    own = {name: value for name, value in found["settings"].items() if name not in ADMINISTRATORS}
    return {**defaults_in(found["schema"]), **own}


def defaults_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The administrator's are in it by now.

    Those of fields further inside are for the settings editor to show. A field that is left alone
    must stay so, or a cluster's would hide what is set for every cluster.
    """
    parts = schema.get("properties", {})
    return {name: part["default"] for name, part in parts.items() if "default" in part}


def told(error: object, folders: SettingsFolders) -> str:
    """One line of an error, with the file; a validator shows the whole schema after its first."""
    text = str(getattr(error, "log_message", None) or error) or type(error).__name__
    first = text.splitlines()[0]
    found = re.fullmatch(r"Failed (?:validating|loading) settings \(.*?\): (.*)", first)
    if found is None:
        return first
    place = place_in(text)
    return f"{user_file(folders)}: {place and place + ': '}{found[1]}"


def place_in(text: str) -> str:
    """`clusters[0].name`, out of a validator's `On instance['clusters'][0]['name']:`."""
    found = re.search(r"^On instance(\[.*\]):$", text, re.MULTILINE)
    return re.sub(r"\['([^']*)'\]", r".\1", found[1]).lstrip(".") if found else ""


def user_file(folders: SettingsFolders) -> str:
    return os.path.join(folders.user, *f"{PLUGIN}.jupyterlab-settings".split(":"))
