"""Messages of a kernel, from their frames: whatever it sends, reading it raises nothing."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Dict

from .json_values import MOST_CONTAINERS, containers, read_json
from .large_json import read_large
from .log import log
from .stored import Stored, chunks_of, head_of
from .zmtp import NO_ROOM

if TYPE_CHECKING:
    from jupyter_client.session import Session

    from .stored import Text
    from .zmtp import Frame

    # As jupyter_client has it. What a kernel may send has no other type.
    Message = Dict[str, Any]

DELIMITER = b"<IDS|MSG>"
DISPLAYS = ("display_data", "execute_result", "update_display_data")
OUTPUTS = (*DISPLAYS, "stream", "error")
HEAD = 10_000  # characters of a text that is only looked at
UNREADABLE = "unreadable"  # the type of a message in the place of an output that cannot be read


def read_message(frames: list[Frame], session: Session, folder: str) -> Message | None:
    """A message as jupyter_client gives it, or None when nothing can be made of it.

    Texts that are too large to hold are Stored. An output that cannot be read is a message of the type
    `unreadable`, whose content says why; a reply is one of an error.
    """
    try:
        parts = frames[frames.index(DELIMITER) + 1 :]
        if len(parts) < 5 or not is_signed(parts, session):
            raise ValueError("it is not signed as it should be")
        header, parent = (mapping(part) for part in parts[1:3])
        kind = header["msg_type"]
        if not isinstance(kind, str):
            raise ValueError("it has no type")
    except (ValueError, KeyError) as error:
        log.warning("A message of the kernel cannot be read: %s", error)
        return None
    message = {
        "header": header,
        "msg_id": header.get("msg_id"),
        "msg_type": kind,
        "parent_header": parent,
        "metadata": {},
        "buffers": parts[5:],
    }
    try:
        content = mended(kind, read_content(parts[4], folder))
    except (ValueError, OSError) as error:
        log.warning("A message %r of the kernel cannot be read: %s", kind, error)
        kind, content = in_place_of(kind, str(error))
    return adapted({**message, "msg_type": kind, "content": content})


def read_content(frame: Frame, folder: str) -> Any:
    if frame is NO_ROOM:
        raise ValueError("there was no room to keep it")
    if isinstance(frame, bytes) and containers(frame) <= MOST_CONTAINERS:
        return read_json(frame)
    return read_large(chunks_of(frame), folder)


def mended(kind: str, content: Any) -> dict[str, Any]:
    """The content of a message, where what is missing is mended; a ValueError where it is of another kind."""
    expect(isinstance(content, dict), "it is no object")
    if kind in DISPLAYS:
        content = {"data": {}, **content, "metadata": content.get("metadata") or {}}
        content["transient"] = content.get("transient") or {}
        expect(isinstance(content["data"], dict), "its data are no object")
        expect(isinstance(content["metadata"], (dict, Stored)), "its metadata are no object")
        expect(isinstance(content["transient"], dict), "it has no object `transient`")
        expect(isinstance(content["transient"].get("display_id", ""), str), "its id is no text")
    elif kind == "stream":
        content = {"name": "stdout", **content}
        expect(content["name"] in ("stdout", "stderr"), "it has another name than stdout or stderr")
        expect(is_text(content.get("text")), "its text is none")
    elif kind == "error" or (kind == "execute_reply" and content.get("status") == "error"):
        content = {**content, **error_of(content)}
    elif kind == "status":
        expect(isinstance(content.get("execution_state"), str), "it says no state")
    if kind == "execute_reply":
        expect(isinstance(content.get("status"), str), "it says no status")
        payload = content.get("payload")
        parts = payload if isinstance(payload, list) else []
        content["payload"] = [part for part in parts if isinstance(part, dict)]
    if kind == "execute_result":
        content = {"execution_count": None, **content}
    if kind.startswith("comm"):
        content = {**content, "data": content.get("data") or {}}
        expect(isinstance(content["data"], dict), "its data are no object")
        parts = [*content.values(), *content["data"].values()]
        expect(not any(isinstance(part, Stored) for part in parts), "it is too large")
    found: dict[str, Any] = content if kind in OUTPUTS else without_stored(content)
    return found


def error_of(content: dict[str, Any]) -> dict[str, Any]:
    traceback = content.get("traceback")
    lines = traceback if isinstance(traceback, list) else []
    return {
        "ename": texts_of(content, "ename") or "Error",
        "evalue": texts_of(content, "evalue"),
        "traceback": [line for line in lines if is_text(line)],
    }


def texts_of(content: dict[str, Any], name: str) -> Text:
    value: Any = content.get(name)
    text: Text = value if is_text(value) else "" if value is None else str(value)[:HEAD]
    return text


def without_stored(value: Any) -> Any:
    """A content of which only the beginnings of long texts are needed."""
    if isinstance(value, Stored):
        return head_of(value, HEAD)
    if isinstance(value, dict):
        return {name: without_stored(part) for name, part in value.items()}
    return [without_stored(part) for part in value] if isinstance(value, list) else value


def in_place_of(kind: str, why: str) -> tuple[str, dict[str, Any]]:
    if kind == "execute_reply":
        error = {"ename": "UnreadableReply", "evalue": why, "traceback": []}
        return kind, {"status": "error", "payload": [], **error}
    return (UNREADABLE if kind in OUTPUTS or kind.startswith("comm") else "unknown"), {"why": why}


def mapping(frame: Frame) -> dict[str, Any]:
    value = read_json(frame) if isinstance(frame, bytes) else None
    if not isinstance(value, dict):
        raise ValueError("it has no header")
    return value


def is_signed(parts: list[Frame], session: Session) -> bool:
    if session.auth is None:
        return True
    digest = session.auth.copy()
    for part in parts[1:5]:
        if part is NO_ROOM:
            return True  # nothing of it is read
        for chunk in chunks_of(part):
            digest.update(chunk)
    return isinstance(parts[0], bytes) and hmac.compare_digest(
        digest.hexdigest().encode(), parts[0]
    )


def adapted(message: Message) -> Message | None:
    """A message of an older protocol as one of today's."""
    from jupyter_client.adapter import adapt

    if str(message["header"].get("version", "")).startswith("5"):
        return message
    try:
        return adapt(message)
    except Exception as error:  # it trips over what old kernels leave out
        log.warning("A message %r is of no protocol: %r", message["msg_type"], error)
        return None


def is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, Stored) and not value.is_json)


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise ValueError(otherwise)
