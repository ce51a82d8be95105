"""Who may ask at all: Jupyter's own rules count for the extension's routes."""

from __future__ import annotations

from contextlib import closing

import httpx
import pytest

ROUTES = [
    ("GET", "api/jobs"),
    ("GET", "api/events"),
    ("POST", "api/clusters"),
    ("PUT", "api/jobs/abcdefgh"),
    ("DELETE", "api/jobs/abcdefgh"),
    ("POST", "contents-paths"),
]


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
            "jupyterlab-submit/api/echo?a=%2F&token=secret-of-the-test&b=%C3%A4", json={}
        )
    assert answer.status_code == 201
    assert answer.json()["asked"] == "POST /api/echo?a=%2F&b=%C3%A4"
    assert "authorization" not in answer.json()["headers"]


def test_without_the_base_url_there_is_nothing(server):
    at_root = httpx.get(httpx.URL(server.url).join("/jupyterlab-submit/api/jobs"))
    assert at_root.status_code == 404
