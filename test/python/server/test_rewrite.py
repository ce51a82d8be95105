"""What the server adds: who calls, with which settings, and which file a notebook is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

SCHEMA = Path(__file__).parents[3] / "schema/plugin.json"


@pytest.fixture(scope="module", autouse=True)
def settings(server_home: Path, server) -> Path:
    """The person's settings, in the folders of the Lab that runs; needs no new start."""
    schemas = server_home / "share/labextensions/jupyterlab-submit/schemas/jupyterlab-submit"
    schemas.mkdir(parents=True)
    (schemas / "plugin.json").write_text(SCHEMA.read_text())
    user = server_home / "config/lab/user-settings/jupyterlab-submit/plugin.jupyterlab-settings"
    user.parent.mkdir(parents=True)
    user.write_text('{"clusters": [{"name": "near"}]}')
    return user


def sent(server, method: str, path: str, body: object) -> dict:
    """What came to the sidecar."""
    answer = server.ask(method, path, json=body)
    assert answer.status_code == 201
    said = answer.json()
    assert said["headers"]["content-type"] == "application/json"
    return json.loads(said["body"])


COMPLETED = [
    ("PUT", "api/jobs/abcdefgh"),
    ("POST", "api/check"),
    ("POST", "api/clusters"),
    ("POST", "api/clusters/check"),
]


@pytest.mark.parametrize("method, path", COMPLETED)
def test_the_server_says_who_calls(server, method: str, path: str):
    asked = {} if path == "api/clusters" else {"form": {"cores": 4}}
    found = sent(server, method, path, asked)
    caller = found.pop("caller")
    assert found == asked
    assert caller["python"] == sys.executable
    assert "python3" in caller["kernels"]
    assert caller["settings"]["clusters"] == [{"name": "near"}]
    assert caller["environment"]["PATH"] == os.environ["PATH"]
    assert caller["environment"]["HOME"] == str(server.home)


@pytest.mark.parametrize("method, path", COMPLETED)
@pytest.mark.parametrize("caller", [{"python": "/bin/false"}, None])
def test_a_page_does_not_say_who_calls(server, fake, method: str, path: str, caller: object):
    before = list(fake.asked)
    answer = server.ask(method, path, json={"form": {"cores": 4}, "caller": caller})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")
    assert answer.json()["details"]["output"].startswith("caller: ")
    assert fake.asked == before


def test_the_servers_secrets_do_not_go_along(server):
    environment = sent(server, "POST", "api/clusters", {})["caller"]["environment"]
    assert server.environment["JUPYTERHUB_API_TOKEN"] not in environment.values()
    assert "JUPYTERLAB_SUBMIT_JOB" not in environment


@pytest.mark.parametrize("method, path", [("PUT", "api/jobs/abcdefgh"), ("POST", "api/check")])
def test_a_notebook_becomes_a_file(server, method: str, path: str):
    form = {"notebook": "ä b/it's.ipynb", "cores": 4, "unknown": [None]}
    found = sent(server, method, path, {"form": form})
    assert found["form"] == {**form, "notebook": f"{server.root}/ä b/it's.ipynb"}


@pytest.mark.parametrize("form", [{"notebook": 3}, {"notebook": ""}, {}, [], "x", None])
def test_a_form_that_makes_no_sense_is_the_sidecars_to_refuse(server, form: object):
    assert sent(server, "POST", "api/check", {"form": form})["form"] == form


@pytest.mark.parametrize("path", ["RTC:a.ipynb", "../a.ipynb", "\ud800.ipynb", "a\0.ipynb"])
def test_a_notebook_that_is_no_file_goes_no_further(server, fake, path: str):
    before = list(fake.asked)
    body = json.dumps({"form": {"notebook": path}})
    answer = server.ask("POST", "api/check", content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"status": 422, "code": "not-a-file", "values": {"path": path}}
    assert fake.asked == before


@pytest.mark.parametrize("path", [".hidden/a.ipynb", "deeper/.a.ipynb"])
def test_what_jupyter_hides_is_not_submitted(server, fake, path: str):
    file = server.root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("{}")
    before = list(fake.asked)
    answer = server.ask("POST", "api/check", json={"form": {"notebook": path}})
    assert (answer.status_code, answer.json()["code"]) == (422, "hidden-file")
    assert server.program.get(f"api/contents/{path}").status_code == 404
    assert fake.asked == before


DEEP = b'{"form": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize("method, path", [*COMPLETED, ("POST", "contents-paths")])
@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"", b"\xff", DEEP, b'{"form": ' + b"1" * 10_000 + b"}"]
)
def test_what_is_no_json_is_a_problem(server, fake, method: str, path: str, body: bytes):
    before = list(fake.asked)
    answer = server.ask(method, path, content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")
    assert answer.headers["content-type"] == "application/problem+json"
    assert fake.asked == before


def test_other_requests_go_as_they_came(server):
    for method, path in [("GET", "jobs/abcdefgh"), ("POST", "jobs/abcdefgh/fetch")]:
        said = server.ask(method, f"api/{path}", content=b"{'as it is'}").json()
        assert said["body"] == "{'as it is'}"


def test_a_broken_file_of_settings_is_told_and_stops_nobody(server, settings: Path):
    good = settings.read_text()
    settings.write_text("{")
    found = sent(server, "PUT", "api/jobs/abcdefgh", {"form": {"cores": 4}})
    settings.write_text(good)
    assert found["caller"]["settings"]["clusters"] == []
    assert found["caller"]["settings"]["unreadable"].startswith(f"{settings}: ")


def test_the_administrators_settings_count(own_server, fake_for):
    server = own_server
    overrides = server.home / "admin/overrides.json"
    overrides.parent.mkdir()
    override = {"defaults": {"cores": 16}, "jobsAtOnce": 2, "trustResults": "never"}
    overrides.write_text(json.dumps({"jupyterlab-submit:plugin": override}))
    schemas = server.home / "share/labextensions/jupyterlab-submit/schemas/jupyterlab-submit"
    schemas.mkdir(parents=True)
    (schemas / "plugin.json").write_text(SCHEMA.read_text())
    fake_for(server)
    server.start(LabApp__app_settings_dir=str(overrides.parent))
    settings = sent(server, "POST", "api/clusters", {})["caller"]["settings"]
    assert (settings["clusters"], settings["defaults"]) == ([], {"cores": 16})
    assert settings["jobsAtOnce"] == 2


def test_files_become_paths_of_the_contents(server):
    (server.root / "deep").mkdir()
    (server.root / "deep/ä.ipynb").write_text("{}")
    (server.root / ".hidden.ipynb").write_text("{}")
    files = [f"{server.root}/deep/ä.ipynb", "/etc/passwd", f"{server.root}/.hidden.ipynb"]
    answer = server.ask("POST", "contents-paths", json={"files": files})
    assert answer.json() == {"paths": ["deep/ä.ipynb", None, None]}
    # One that cannot be is no reason to say nothing of the others.
    more = json.dumps({"files": [*files, "/\ud800", f"{server.root}/\udfff/a", "a\nb"]})
    answer = server.ask("POST", "contents-paths", content=more)
    assert answer.json() == {"paths": ["deep/ä.ipynb", *[None] * 5]}
    opened = server.program.get("api/contents/deep/ä.ipynb", params={"content": 0})
    assert opened.json()["path"] == "deep/ä.ipynb"


@pytest.mark.parametrize("files", [None, "a", [3], ["/a\0b"], {}])
def test_a_list_of_something_else_is_refused(server, files: object):
    answer = server.ask("POST", "contents-paths", json={"files": files})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")
