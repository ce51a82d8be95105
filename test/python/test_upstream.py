"""Requests to a socket that a small server of the test listens at, or does not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from jupyterlab_submit.keep_alive import KeepAlive
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.refusal import Refusal
from jupyterlab_submit.upstream import Upstream

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Finder:
    """Stands for `ensure`: counts its calls, and lets the test say what they do."""

    def __init__(self, home: Path):
        self.socket = home / "a.sock"
        self.calls = 0
        self.problem: Exception | None = None
        self.seconds = 0.0
        self.counting = threading.Lock()

    def __call__(self) -> Path:
        with self.counting:
            self.calls += 1
        time.sleep(self.seconds)
        if self.problem:
            raise self.problem
        return self.socket


@pytest.fixture
def finder(home: Path) -> Finder:
    return Finder(home)


async def listen(socket: Path, answer: bytes = GOOD) -> tuple[asyncio.AbstractServer, list[bytes]]:
    """A server that gives each request the same bytes, and what it was asked."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).splitlines()[0])
        writer.write(answer)
        await writer.drain()
        writer.close()

    return await asyncio.start_unix_server(talk, socket), asked


async def status(upstream: Upstream, method: str = "POST") -> int:
    answer = await upstream.send(method, "/api/x?y", b"", None)
    await answer.aread()
    await answer.aclose()
    return answer.status_code


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 30))


def test_many_at_once_look_for_it_once(finder: Finder):
    async def test():
        finder.seconds = 0.2
        server, asked = await listen(finder.socket)
        upstream = Upstream(finder)
        assert await asyncio.gather(*[status(upstream) for _ in range(20)]) == [200] * 20
        assert await status(upstream) == 200
        assert finder.calls == 1
        assert asked == [b"POST /api/x?y HTTP/1.1"] * 21
        await upstream.close()
        server.close()

    run(test)


def test_one_who_leaves_does_not_end_the_search_for_the_others(finder: Finder):
    async def test():
        finder.seconds = 0.3
        server, _ = await listen(finder.socket)
        upstream = Upstream(finder)
        first, second = (asyncio.ensure_future(status(upstream)) for _ in range(2))
        await asyncio.sleep(0.1)
        first.cancel()
        assert await second == 200
        assert first.cancelled()
        assert finder.calls == 1
        await upstream.close()
        server.close()

    run(test)


def test_what_was_not_sent_is_sent_once_more(finder: Finder, home: Path):
    async def test():
        server, _ = await listen(finder.socket)
        upstream = Upstream(finder)
        assert await status(upstream) == 200
        server.close()
        # The next one may listen elsewhere.
        finder.socket = home / "b.sock"
        server, asked = await listen(finder.socket)
        assert await status(upstream) == 200
        assert (finder.calls, len(asked)) == (2, 1)
        server.close()
        finder.socket.unlink(missing_ok=True)
        with pytest.raises(Refusal, match="service-unavailable"):
            await status(upstream)
        assert finder.calls == 3
        await upstream.close()

    run(test)


NO_ANSWERS = [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n"]


@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_changes_nothing_is_asked_once_more(finder: Finder, answer: bytes):
    async def test():
        server, asked = await listen(finder.socket, answer)
        upstream = Upstream(finder)
        with pytest.raises(Refusal, match="service-unavailable"):
            await status(upstream, "GET")
        assert (len(asked), finder.calls) == (2, 2)
        await upstream.close()
        server.close()

    run(test)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("answer", NO_ANSWERS)
def test_what_may_have_arrived_is_not_sent_again(finder: Finder, method: str, answer: bytes):
    async def test():
        server, asked = await listen(finder.socket, answer)
        upstream = Upstream(finder)
        with pytest.raises(Refusal) as refused:
            await status(upstream, method)
        assert refused.value.problem["details"]["output"].startswith("The sidecar did not answer: ")
        assert (len(asked), finder.calls) == (1, 1)
        await upstream.close()
        server.close()

    run(test)


@pytest.mark.parametrize("problem", [Problem("No Node. Install it."), PermissionError(13, "no")])
def test_why_there_is_none_is_told_and_asked_again(finder: Finder, problem: Exception):
    async def test():
        upstream = Upstream(finder)
        finder.problem = problem
        with pytest.raises(Refusal) as refused:
            await status(upstream)
        assert refused.value.problem["details"] == {"output": str(problem)}
        finder.problem = None
        server, _ = await listen(finder.socket)
        assert await status(upstream) == 200
        await upstream.close()
        server.close()

    run(test)


def test_who_has_used_it_says_now_and_then_that_it_is_there(finder: Finder):
    async def test():
        server, asked = await listen(finder.socket)
        upstream = Upstream(finder)
        upstream.keep_alive = KeepAlive(upstream.ping, every=0.05)
        await asyncio.sleep(0.2)
        assert asked == []
        await status(upstream)
        await asyncio.sleep(0.5)
        assert asked.count(b"GET /api/ping HTTP/1.1") >= 3
        # One that has gone is not started for that, nor is it an error.
        server.close()
        await asyncio.sleep(0.2)
        assert finder.calls == 1
        await upstream.close()
        before = len(asked)
        server, asked_later = await listen(finder.socket)
        await asyncio.sleep(0.2)
        assert (len(asked), asked_later) == (before, [])
        server.close()

    run(test)


def test_it_says_so_more_often_than_the_sidecar_leaves():
    idle = (Path(__file__).parents[2] / "src/sidecar/lifecycle/idle.ts").read_text()
    assert "IDLE_SECONDS = 600;" in idle
    assert KeepAlive(asyncio.sleep).every < 600 / 2
