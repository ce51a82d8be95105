"""How PBS Pro prints JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from dev.cluster.stand_in.face import Call
from dev.cluster.stand_in.pbs.jobs import SERVER

VERSION = "23.06.06"


def head(call: Call) -> dict[str, Any]:
    return {"timestamp": int(call.now), "pbs_version": VERSION, "pbs_server": SERVER}


def printed(value: Any) -> str:
    return json.dumps(value, indent="\t", separators=(",", ":\t"), ensure_ascii=False) + "\n"


def parsed(text: str) -> Any:
    if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        # Leading zeros are lost (openpbs#1255).
        return float(text) if re.search(r"[.eE]", text) else int(text)
    try:
        return json.loads(text)
    except ValueError:
        return text
