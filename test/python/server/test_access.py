"""Who may ask at all: Jupyter's own rules count for the extension's routes."""

from __future__ import annotations

from contextlib import closing

import httpx
import pytest

from jupyterlab_submit.api_routes import API_ROUTES, QUESTION


def named(path: str) -> str:
    """A path that a route's expression takes."""
    question = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
    return path.replace("[a-z][a-z0-9]{7}", "abcdefgh").replace(QUESTION, question)


# Every route of the extension, with an id where it wants one.
ROUTES = [
    *[(route.method, named(route.path)) for route in API_ROUTES],
    ("POST", "contents-paths"),
]
READING = [
    ("GET", "api/ping"),
    ("GET", "api/events"),
    ("GET", "api/jobs"),
    ("GET", "api/jobs/abcdefgh"),
    ("GET", "api/jobs/abcdefgh/files"),
    ("GET", "api/jobs/abcdefgh/script"),
    ("GET", "api/jobs/abcdefgh/log"),
    # Where the files of jobs are among Jupyter's own.
    ("POST", "contents-paths"),
]
CHANGING = [route for route in ROUTES if route not in READING]

AUTHORIZERS = """
from jupyter_server.auth import Authorizer


class Deny(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return False


class ReadOnly(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return action == "read"
"""


@pytest.fixture
def authorized(own_server, fake_for):
    """A server whose administrator has said who may what; and the sidecar behind it."""

    def start(authorizer: str):
        (own_server.home / "of_the_administrator.py").write_text(AUTHORIZERS)
        own_server.environment["PYTHONPATH"] = str(own_server.home)
        fake = fake_for(own_server)
        own_server.start(ServerApp__authorizer_class=f"of_the_administrator.{authorizer}")
        return own_server, fake

    return start


def status_of(server, method: str, path: str) -> int:
    """The status alone: a stream of events would have no end."""
    url = f"jupyterlab-submit/{path}"
    with server.program.stream(method, url, json={"files": [], "form": {}}) as answer:
        return answer.status_code


def test_who_may_do_nothing_reaches_no_route(authorized):
    server, fake = authorized("Deny")
    assert {status_of(server, *route) for route in ROUTES} == {403}
    assert fake.asked == []


def test_who_may_read_sees_the_jobs_and_changes_nothing(authorized):
    server, fake = authorized("ReadOnly")
    assert {status_of(server, *route) for route in CHANGING} == {403}
    assert fake.asked == []
    assert {route: status_of(server, *route) < 300 for route in READING} == dict.fromkeys(
        READING, True
    )


@pytest.mark.parametrize("method, path", ROUTES)
def test_without_a_token_nothing_reaches_the_sidecar(server, fake, method: str, path: str):
    before = list(fake.asked)
    answer = httpx.request(method, f"{server.url}jupyterlab-submit/{path}", json={})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/json"
    assert fake.asked == before


@pytest.mark.parametrize("method, path", [route for route in ROUTES if route[0] != "GET"])
def test_a_page_of_another_site_changes_nothing(server, fake, method: str, path: str):
    before = list(fake.asked)
    with closing(server.page()) as page:
        answer = page.request(method, f"jupyterlab-submit/{path}", json={"files": []})
    assert answer.status_code == 403
    assert fake.asked == before


def test_a_page_of_this_server_is_known_by_its_header(server):
    with closing(server.page()) as page:
        headers = {"X-XSRFToken": page.cookies["_xsrf"]}
        posted = page.post("jupyterlab-submit/api/jobs/abcdefgh/cancel", json={}, headers=headers)
        paths = page.post("jupyterlab-submit/contents-paths", json={"files": []}, headers=headers)
    assert posted.status_code == 201
    assert (paths.status_code, paths.json()) == (200, {"paths": []})


def test_a_token_needs_no_such_header_and_goes_no_further(server):
    with httpx.Client(base_url=server.url) as anybody:
        answer = anybody.post(
            "jupyterlab-submit/api/jobs/abcdefgh/fetch?a=%2F&token=secret-of-the-test&b=%C3%A4",
            json={},
        )
    assert answer.status_code == 201
    assert answer.json()["asked"] == "POST /api/jobs/abcdefgh/fetch?a=%2F&b=%C3%A4"
    assert "authorization" not in answer.json()["headers"]


def test_without_the_base_url_there_is_nothing(server):
    at_root = httpx.get(httpx.URL(server.url).join("/jupyterlab-submit/api/jobs"))
    assert at_root.status_code == 404
