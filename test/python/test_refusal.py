from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyterlab_submit.refusal import STATUS, Refusal, json_object

[TABLE] = (Path(__file__).parents[2] / "src/sidecar").rglob("httpStatus.ts")


@pytest.mark.parametrize("code, status", STATUS.items())
def test_its_codes_and_their_status_are_those_of_the_table(code: str, status: int):
    found = re.search(rf"'{code}': (\d+),", TABLE.read_text())
    assert found is not None and int(found[1]) == status


def test_it_has_what_was_said_only_where_something_was():
    assert Refusal("not-a-file", path="a").problem == {
        "status": 422,
        "code": "not-a-file",
        "values": {"path": "a"},
    }
    assert Refusal("service-unavailable", "no Node").problem == {
        "status": 503,
        "code": "service-unavailable",
        "values": {},
        "details": {"output": "no Node"},
    }


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff", b"{'a': 1}"])
def test_a_body_that_is_no_json_object_is_refused(body: bytes):
    with pytest.raises(Refusal, match="invalid-request"):
        json_object(body)
    assert json_object(b'{"a": [1]}') == {"a": [1]}
