"""Whatever a kernel sends: it costs that output at most."""

import hashlib
import hmac
import json
import random

import pytest

from jupyterlab_submit.runner import large_json
from jupyterlab_submit.runner.json_values import read_json
from jupyterlab_submit.runner.messages import UNREADABLE, read_message
from jupyterlab_submit.runner.stored import Stored
from jupyterlab_submit.runner.zmtp import NO_ROOM


class Session:
    auth = hmac.HMAC(b"key", digestmod=hashlib.sha256)


def frames(kind, content, header=None, parent=b"{}", key=b"key"):
    """A message as a kernel sends it; `content` is JSON in bytes."""
    header = (
        json.dumps({"msg_type": kind, "msg_id": "1", "version": "5.3"}).encode()
        if header is None
        else header
    )
    parts = [header, parent, b"{}", content]
    digest = hmac.HMAC(key, digestmod=hashlib.sha256)
    for part in parts:
        digest.update(part)
    return [b"stream", b"<IDS|MSG>", digest.hexdigest().encode(), *parts]


def read(tmp_path, *arguments, **others):
    return read_message(frames(*arguments, **others), Session, tmp_path)


DEEP = b"[" * 3000 + b"]" * 3000
BAD_OUTPUTS = {
    "no JSON": ("display_data", b"{"),
    "3,000 levels": ("display_data", b'{"data": {"application/json": %s}}' % DEEP),
    "101 levels": ("display_data", b'{"data": {"a": %s}}' % (b"[" * 101 + b"]" * 101)),
    "NaN": ("display_data", b'{"data": {"application/json": [NaN]}}'),
    "a number without end": ("display_data", b'{"data": {"application/json": 1e999}}'),
    "a number of 5,000 digits": ("display_data", b'{"data": {"a": %s}}' % (b"9" * 5000)),
    "data that are a list": ("execute_result", b'{"data": []}'),
    "metadata that are a text": ("display_data", b'{"data": {}, "metadata": "x"}'),
    "an id that is a list": ("display_data", b'{"data": {}, "transient": {"display_id": []}}'),
    "a text that is a number": ("stream", b'{"name": "stdout", "text": 5}'),
    "no text": ("stream", b'{"name": "stdout"}'),
    "another stream": ("stream", b'{"name": ["x"], "text": "x"}'),
    "a list": ("error", b"[]"),
    "a widget without an object": ("comm_open", b'{"data": 5}'),
}


@pytest.mark.parametrize("case", BAD_OUTPUTS)
def test_an_output_that_cannot_be_read_says_why(tmp_path, case):
    kind, content = BAD_OUTPUTS[case]
    message = read(tmp_path, kind, content)
    assert message["msg_type"] == UNREADABLE and message["content"]["why"]


@pytest.mark.parametrize(
    "bad",
    [
        [],
        [b"<IDS|MSG>"],
        [b"x", b"y"],
        [b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"],
        frames("stream", b"{}", header=b"{}"),
        frames("stream", b"{}", header=b"[]"),
        frames("stream", b"{}", header=b'{"msg_type": 5}'),
        frames("stream", b"{}", header=b"\xff"),
        frames("stream", b"{}", parent=b"[]"),
        frames("stream", b"{}", parent=DEEP),
        frames("stream", b"{}", key=b"another"),
        [NO_ROOM] * 9,
    ],
)
def test_a_message_of_which_nothing_can_be_made_is_passed_over(tmp_path, bad):
    assert read_message(bad, Session, tmp_path) is None


def test_a_reply_that_cannot_be_read_is_one_of_an_error(tmp_path):
    for content in (b"{", b"{}", DEEP, b'{"status": 5}'):
        reply = read(tmp_path, "execute_reply", content)
        assert reply["content"]["status"] == "error" and reply["content"]["evalue"]


def test_what_is_missing_is_mended(tmp_path):
    error = read(tmp_path, "error", b'{"ename": null, "evalue": 5, "traceback": [1, "x"]}')
    assert error["content"] == {"ename": "Error", "evalue": "5", "traceback": ["x"]}
    shown = read(tmp_path, "display_data", b'{"data": {"text/plain": "x"}}')
    assert shown["content"] == {"data": {"text/plain": "x"}, "metadata": {}, "transient": {}}
    text = read(tmp_path, "stream", b'{"text": "caf\xe9"}')
    assert text["content"] == {"name": "stdout", "text": "caf\ufffd"}


def test_what_could_not_be_kept_is_told(tmp_path):
    message = frames("display_data", b"{}")
    message[-1] = NO_ROOM
    assert "no room" in read_message(message, Session, tmp_path)["content"]["why"]


def whole(value):
    """A value with all that was stored."""
    if isinstance(value, Stored):
        return json.loads(value.text()) if value.is_json else value.text()
    if isinstance(value, dict):
        return {name: whole(part) for name, part in value.items()}
    return [whole(part) for part in value] if isinstance(value, list) else value


TEXTS = [
    "",
    "x" * 70,
    "\\" * 51,
    '"' * 50,
    "\n",
    "é" * 40,
    "😀" * 40,
    '\\"' * 30,
    "\ud83d",
    "[{",
    "\u20ac" * 9,
]


def some_content(random):
    text = lambda: "".join(random.choices(TEXTS, k=random.randrange(9)))  # noqa: E731
    return {
        "data": {
            f"a/{i}": random.choice([text(), [text()], {"a": {"b": text()}}, 1.5, None])
            for i in range(4)
        },
        "metadata": {"m": [text(), {}]},
        "traceback": [text() for _ in range(random.randrange(4))],
        "evalue": text(),
        "transient": {"display_id": "a"},
    }


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_large_message_is_read_as_any_other_wherever_its_pieces_end(
    tmp_path, monkeypatch, ascii_only
):
    monkeypatch.setattr(large_json, "LONG", 100)
    chance = random.Random(5)
    for _ in range(150):
        content = some_content(chance)
        data = json.dumps(content, ensure_ascii=ascii_only).encode("utf-8", "replace")
        size = chance.randrange(1, 40)
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        read = large_json.read_large(pieces, tmp_path)
        assert mended_surrogates(whole(read)) == mended_surrogates(json.loads(data))


def mended_surrogates(value):
    """With a question mark in the place of each half of a character, as files have it."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"a"',
        b'{"a": }',
        b'{"a": 1 "b": 2}',
        b'{"a": "x',
        b'{"data": {"a": [}',
        b'{"a": \\}',
    ],
)
def test_a_large_message_that_is_no_json_is_refused(tmp_path, data):
    with pytest.raises(ValueError):
        large_json.read_large([data], tmp_path)


def test_many_small_values_are_not_held(tmp_path):
    data = b'{"data": {"a": [%s{}]}, "metadata": {%s"a": 0}}' % (
        b"{}," * 100_000,
        b'"b": {}, ' * 100_000,
    )
    message = read(tmp_path, "display_data", data)
    values = [message["content"]["data"]["a"], message["content"]["metadata"]]
    assert all(isinstance(value, Stored) and value.is_json for value in values)
    with pytest.raises(ValueError):
        large_json.read_large(
            [b'{"data": {%s}}' % b",".join(b'"%d": 0' % i for i in range(2000))], tmp_path
        )


def test_levels_up_to_a_hundred_are_read():
    assert read_json(b"[" * 100 + b"]" * 100) is not None
