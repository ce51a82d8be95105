"""Problems that are found on this side of the sidecar, in the form that its own have."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.base.handlers import APIHandler

# As src/sidecar has them (httpStatus.ts).
STATUS = {
    "invalid-request": 400,
    "no-such-route": 404,
    "hidden-file": 422,
    "not-a-file": 422,
    "service-unavailable": 503,
}


class Refusal(Exception):
    """A request that goes no further: a code of src/api/problem.ts and what belongs to it."""

    def __init__(self, code: str, output: str = "", **values: str):
        super().__init__(code, output, values)
        self.status = STATUS[code]
        self.problem: dict[str, Any] = {"status": self.status, "code": code, "values": values}
        if output:
            self.problem["details"] = {"output": output}


def refuse(handler: APIHandler, refusal: Refusal) -> None:
    """Answers a request with a problem (RFC 9457)."""
    handler.set_status(refusal.status)
    handler.finish(json.dumps(refusal.problem), set_content_type="application/problem+json")


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that a request brought; raises Refusal."""
    try:
        found = json.loads(body)
    # A RecursionError: brackets within brackets within brackets.
    except (ValueError, RecursionError) as error:
        raise Refusal("invalid-request", f"body: {error}") from error
    if not isinstance(found, dict):
        raise Refusal("invalid-request", "body: not an object")
    return found


def json_bytes(asked: dict[str, Any]) -> bytes:
    """The same as text; raises Refusal where it is too deep for that."""
    try:
        return json.dumps(asked).encode()
    except RecursionError as error:
        raise Refusal("invalid-request", f"body: {error}") from error
