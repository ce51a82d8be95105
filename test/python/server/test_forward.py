"""What goes to the sidecar and comes back, byte by byte and in time."""

from __future__ import annotations

import hashlib
import os
import socket
import time

import httpx
import pytest


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "api/jobs/abcdefgh/log"),
        ("POST", "api/jobs/abcdefgh/fetch"),
        ("DELETE", "api/jobs/abcdefgh"),
    ],
)
def test_a_request_goes_as_it_is(server, method: str, path: str):
    body = b'{"a": 1}' if method != "GET" else b""
    answer = server.ask(
        method, f"{path}?x=1%202&y", content=body, headers={"content-type": "text/x"}
    )
    assert answer.status_code == 201
    said = answer.json()
    assert said["asked"] == f"{method} /{path}?x=1%202&y"
    assert said["body"] == body.decode()
    assert said["headers"].get("content-type") == ("text/x" if body else None)
    assert "cookie" not in said["headers"]


@pytest.mark.parametrize(
    "method, path",
    [
        # What Express and httpx would read as a route that is completed on the way.
        ("POST", "api/Check"),
        ("POST", "api/check/"),
        ("POST", "api//check"),
        ("POST", "api/./check"),
        ("POST", "api/x/../check"),
        ("POST", "api/x%2F..%2Fcheck"),
        ("POST", "api/check%00"),
        ("POST", "api/check%0A"),
        ("POST", "api/check;x"),
        ("PUT", "api/jobs/abcdefgh/"),
        ("PUT", "api/jobs/ABCDEFGH"),
        ("PUT", "api/jobs/abcdefg%C3%A4"),
        ("PUT", "api/jobs/.."),
        # What is not for pages, or not there.
        ("POST", "api/quit"),
        ("GET", "api/check"),
        ("POST", "api/events"),
        ("GET", "api/jobs/abcdefgh/folder"),
        ("GET", "api/"),
    ],
)
def test_only_routes_that_are_listed_reach_the_sidecar(server, fake, method: str, path: str):
    before = list(fake.asked)
    url = httpx.URL(server.url)
    # httpx would resolve dots itself.
    with socket.create_connection((url.host, url.port)) as page:
        head = f"{method} {url.path}jupyterlab-submit/{path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n"
        head += f"Authorization: {server.program.headers['authorization']}\r\n"
        page.sendall(f"{head}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
        answer = b"".join(iter(lambda: page.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert fake.asked == before


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "OPTIONS"])
def test_no_other_method_reaches_the_sidecar(server, fake, method: str):
    before = list(fake.asked)
    server.ask(method, "api/jobs")
    assert fake.asked == before


def test_an_answer_keeps_its_status_and_what_a_page_needs(server):
    answer = server.ask("GET", "api/jobs/arefused")
    assert (answer.status_code, answer.json()) == (409, {"code": "job-over"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert "x-of-the-sidecar" not in answer.headers


def test_an_answer_may_have_no_body(server):
    answer = server.ask("DELETE", "api/jobs/anothing")
    assert (answer.status_code, answer.content) == (204, b"")


def test_large_bodies_go_both_ways(server):
    sent = os.urandom(20_000_000)
    said = server.ask("POST", "api/jobs/abcdefgh/fetch", content=sent).json()
    assert said["length"] == len(sent)
    assert said["digest"] == hashlib.sha256(sent).hexdigest()
    before = memory(server)
    with server.program.stream("GET", "jupyterlab-submit/api/jobs/alargejo") as answer:
        received = sum(len(chunk) for chunk in answer.iter_raw())
    assert received == 30_000_000
    assert memory(server) - before < 15_000_000


def test_events_come_one_by_one(server, fake):
    with server.program.stream("GET", "jupyterlab-submit/api/events") as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"
        chunks = answer.iter_raw()
        for number in range(1, 6):
            fake.go_on.release()
            assert next(chunks) == b"data: %d\n\n" % number
    assert fake.left.acquire(timeout=60)


@pytest.mark.parametrize("path", ["api/events", "api/jobs/aslowjob"])
def test_when_a_page_leaves_the_sidecar_hears_of_it(server, fake, wait, path: str):
    """Also where nothing has been said yet, and nothing ever would."""
    url = httpx.URL(server.url)
    head = f"GET {url.path}jupyterlab-submit/{path} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n"
    head += f"Authorization: {server.program.headers['authorization']}\r\n\r\n"
    before = len(fake.asked)
    with socket.create_connection((url.host, url.port)) as page:
        page.sendall(head.encode())
        wait(lambda: len(fake.asked) > before)
        assert not fake.left.acquire(timeout=0.2)
    assert fake.left.acquire(timeout=60)


def test_what_a_page_does_not_read_is_not_kept_for_it(server, fake):
    with server.program.stream("GET", "jupyterlab-submit/api/jobs/aflooded", timeout=30) as answer:
        assert answer.status_code == 200
        before = -1
        while before != fake.flooded or before == 0:
            before = fake.flooded
            time.sleep(1)
        # What the sockets on the way hold, and a piece in each program.
        assert before < 30_000_000
        parts = answer.iter_raw()
        while fake.flooded < before + 5_000_000:
            next(parts)


def test_many_streams_keep_nobody_waiting(server, fake):
    streams = [
        server.program.stream("GET", "jupyterlab-submit/api/events", timeout=10) for _ in range(30)
    ]
    for stream in streams:
        stream.__enter__()
    assert server.ask("GET", "api/jobs").status_code == 201
    # All of them are there still.
    assert not fake.left.acquire(blocking=False)
    for stream in streams:
        stream.__exit__(None, None, None)
    assert all(fake.left.acquire(timeout=60) for _ in streams)


def test_half_an_answer_does_not_pass_for_the_whole(server):
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        server.ask("GET", "api/jobs/abrokenj")


def test_what_nobody_asked_for_is_no_activity(server, fake):
    server.ask("GET", "api/jobs")
    before = server.last_activity()
    time.sleep(0.05)
    server.ask("GET", "api/jobs?no_track_activity=1")
    server.ask("POST", "contents-paths?no_track_activity=1", json={"files": []})
    with server.program.stream("GET", "jupyterlab-submit/api/events?view=abcdefgh") as answer:
        fake.go_on.release()
        next(answer.iter_raw())
    assert fake.left.acquire(timeout=60)
    assert server.last_activity() == before
    server.ask("GET", "api/jobs")
    assert server.last_activity() > before


def memory(server) -> int:
    """Bytes that the server has in memory."""
    status = open(f"/proc/{server.process.pid}/statm").read()
    return int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")
