"""Settings out of real files, by jupyterlab_server's own functions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyterlab_submit import settings_folders, terminal_settings
from jupyterlab_submit.settings import PLUGIN, read_settings
from jupyterlab_submit.settings_folders import (
    SettingsFolders,
    app_folder,
    folders_of,
    is_anything_set,
    usual_folders,
)

CLUSTER = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "color": {"type": "string", "default": "red"}},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "clusters": {"type": "array", "default": [], "items": CLUSTER},
        "defaults": {"type": "object", "default": {}},
    },
    "additionalProperties": False,
}
NOTHING = {"clusters": [], "defaults": {}}


class Files:
    """The files of one Lab."""

    def __init__(self, home: Path):
        self.folders = SettingsFolders(
            app=str(home / "app/settings"),
            schemas=str(home / "app/schemas"),
            user=str(home / "user"),
            labextensions=[str(home / "none"), str(home / "share/labextensions")],
        )
        package = home / "share/labextensions/jupyterlab-submit/schemas/jupyterlab-submit"
        self.schema = package / "plugin.json"
        self.app = home / "app/settings"
        self.user = home / "user/jupyterlab-submit/plugin.jupyterlab-settings"
        self.write(self.schema, SCHEMA)

    def write(self, file: Path, content: object) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    def override(self, name: str, **settings: object) -> None:
        self.write(self.app / name, {PLUGIN: settings, "another:plugin": {"x": 1}})

    def read(self) -> dict:
        return read_settings(self.folders)


@pytest.fixture
def files(home: Path, monkeypatch) -> Files:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "config"))
    monkeypatch.delenv("JUPYTERLAB_SETTINGS_DIR", raising=False)
    return Files(home)


def test_nobody_has_set_anything(files: Files):
    assert files.read() == NOTHING


def test_the_persons_count(files: Files):
    files.write(files.user, '{ // by hand\n "clusters": [{"name": "hpc"}], }')
    # A default inside a cluster is shown in the editor; what is left alone stays so.
    assert files.read() == {"clusters": [{"name": "hpc"}], "defaults": {}}


def test_the_administrators_count_until_the_person_says_otherwise(files: Files):
    files.override("overrides.d/site.json", clusters=[{"name": "site"}], defaults={"cores": 8})
    files.override("overrides.json", defaults={"time": "2h"})
    assert files.read() == {
        "clusters": [{"name": "site"}],
        "defaults": {"cores": 8, "time": "2h"},
    }
    files.write(files.user, {"defaults": {"cores": 2}})
    assert files.read() == {"clusters": [{"name": "site"}], "defaults": {"cores": 2}}


def test_site_profiles_are_the_administrators_alone(files: Files):
    properties = {**SCHEMA["properties"], "sites": {"type": "array", "default": []}}
    files.write(files.schema, {**SCHEMA, "properties": properties})
    files.write(files.user, {"sites": [{"name": "mine"}], "defaults": {"cores": 2}})
    assert files.read() == {**NOTHING, "sites": [], "defaults": {"cores": 2}}
    files.override("overrides.json", sites=[{"name": "site"}])
    assert files.read()["sites"] == [{"name": "site"}]


@pytest.mark.parametrize(
    "content, said",
    [
        ('{"clusters": [', "<string>:1 Unexpected end of input at column 15"),
        ('{"clusters": {}}', "clusters: {} is not of type 'array'"),
        ('{"clusters": [{"name": 3}]}', "clusters[0].name: 3 is not of type 'string'"),
        ('{"clusters": [{}]}', "clusters[0]: 'name' is a required property"),
        ('{"cluster": []}', "Additional properties are not allowed ('cluster' was unexpected)"),
        ("[]", "not an object"),
    ],
)
def test_a_broken_file_of_the_person_is_told_in_one_line(files: Files, content: str, said: str):
    files.override("overrides.json", defaults={"cores": 8})
    files.write(files.user, content)
    unreadable = f"{files.user}: {said}"
    assert files.read() == {"clusters": [], "defaults": {"cores": 8}, "unreadable": unreadable}


def test_a_file_that_cannot_be_opened_is_told(files: Files):
    files.user.mkdir(parents=True)
    found = files.read()
    assert str(files.user) in found.pop("unreadable")
    assert found == NOTHING


def test_a_broken_file_of_the_administrator_is_told_and_the_others_count(files: Files):
    files.override("overrides.d/site.json", defaults={"cores": 8})
    files.write(files.app / "overrides.json", "{")
    found = files.read()
    assert found["defaults"] == {"cores": 8}
    assert found["unreadable"].startswith(f"{files.app}: Expecting property name")
    assert "\n" not in found["unreadable"]


@pytest.mark.parametrize("schema", ["{", "[]", '{"type": 3}', '{"type": "object"}'])
def test_a_broken_schema_stops_nobody(files: Files, schema: str):
    files.write(files.schema, schema)
    files.override("overrides.json", defaults={"cores": 8})
    assert set(files.read()) == {"unreadable"}


def test_a_checkout_that_is_not_built_has_none(files: Files):
    files.schema.unlink()
    files.write(files.user, "{")
    assert files.read() == {}


@pytest.mark.parametrize(
    "place",
    [
        "user/jupyterlab-submit/plugin.jupyterlab-settings",
        "app/settings/overrides.json",
        "app/settings/overrides.json5",
        "app/settings/overrides.d/site.json",
        "config/labconfig/default_setting_overrides.json",
    ],
)
def test_whoever_has_set_something_is_asked(files: Files, home: Path, monkeypatch, place: str):
    monkeypatch.setattr(terminal_settings, "usual_folders", lambda: files.folders)
    assert not is_anything_set(files.folders, PLUGIN)
    assert terminal_settings.terminal_settings() == "{}"
    content = {"defaults": {"cores": 5}}
    files.write(home / place, content if place.startswith("user") else {PLUGIN: content})
    assert is_anything_set(files.folders, PLUGIN)
    assert json.loads(terminal_settings.terminal_settings()) == {"clusters": [], **content}


def test_more_than_a_variable_holds_is_told(files: Files, monkeypatch):
    monkeypatch.setattr(terminal_settings, "usual_folders", lambda: files.folders)
    files.write(files.user, {"clusters": [{"name": "x" * 140_000}]})
    assert json.loads(terminal_settings.terminal_settings()) == {
        "unreadable": "The settings are too long for a terminal: more than 128 kB."
    }


def test_the_usual_folders_are_those_of_lab(home: Path, monkeypatch):
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(home / "chosen"))
    for chosen in (None, str(home / "app")):
        if chosen:
            monkeypatch.setenv("JUPYTERLAB_DIR", chosen)
        # In a process of its own: Lab's module looks only at its import.
        ask = "from jupyterlab.commands import *; print(get_app_dir(), get_user_settings_dir())"
        said = subprocess.run(
            [sys.executable, "-c", ask], capture_output=True, text=True, check=True
        ).stdout.split()
        usual = usual_folders()
        assert [str(app_folder()), usual.user] == said
        assert usual.app == f"{said[0]}/settings"
        assert usual.schemas == f"{said[0]}/schemas"


def test_a_lab_of_the_persons_own_site_is_found(home: Path, monkeypatch):
    own = home / ".local"
    spec = SimpleNamespace(origin=f"{own}/lib/python3/site-packages/jupyterlab/__init__.py")
    monkeypatch.setattr(settings_folders, "find_spec", lambda name: spec)
    monkeypatch.setattr(settings_folders.site, "getuserbase", lambda: str(own))
    assert app_folder() == own / "share/jupyter/lab"


def server_with(*apps: object, starter: object = None) -> SimpleNamespace:
    manager = SimpleNamespace(extension_apps={str(id(app)): {app} for app in apps})
    return SimpleNamespace(extension_manager=manager, starter_app=starter)


class App(SimpleNamespace):
    """Apps are kept in sets."""

    __hash__ = object.__hash__


def lab(name: str) -> App:
    return App(
        app_settings_dir=f"/{name}/settings",
        schemas_dir=f"/{name}/schemas",
        user_settings_dir=f"/{name}/user",
        extra_labextensions_path=[f"/{name}/extra"],
        labextensions_path=[f"/{name}/share"],
    )


def test_in_a_server_they_are_those_of_the_front_end_that_was_started():
    lab_app, notebook, other = lab("lab"), lab("notebook"), App()
    for starter in (lab_app, notebook):
        found = folders_of(server_with(other, lab_app, notebook, starter=starter))
        assert found.user == starter.user_settings_dir
        assert found.app == starter.app_settings_dir
        assert found.schemas == starter.schemas_dir
        assert found.labextensions[0] == starter.extra_labextensions_path[0]
    assert folders_of(server_with(other)) == usual_folders()


def test_what_a_front_end_leaves_open_is_as_usual():
    open_one = lab("lab")
    open_one.app_settings_dir = open_one.schemas_dir = ""
    found = folders_of(server_with(open_one, starter=open_one))
    assert (found.app, found.schemas) == (usual_folders().app, usual_folders().schemas)
    assert found.user == "/lab/user"
