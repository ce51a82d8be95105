"""command.py FOLDER FACE NAME WORD...: one of the commands of a stand-in."""

from __future__ import annotations

import os
import pwd
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dev.cluster.stand_in.face import Answer, Call
from dev.cluster.stand_in.faces import FACES
from dev.cluster.stand_in.places import Places
from dev.cluster.stand_in.wire import ask


def main(folder: str, face: str, name: str, words: Sequence[str]) -> int:
    places = Places(Path(folder))

    def to(
        request: Mapping[str, Any], to: str | None = None, descriptors: Sequence[int] = ()
    ) -> Any:
        return ask(places.server if to is None else places.host(to), request, descriptors)

    call = Call(
        words=words,
        environ=os.environ,
        user=pwd.getpwuid(os.geteuid()).pw_name,
        directory=os.getcwd(),
        host=socket.gethostname(),
        now=time.time(),
        read=sys.stdin.read,
        ask=to,
        control=places.control,
    )
    said = faulty(name, call) or FACES[face].commands[name](call)
    sys.stdout.write((places.control(f"noise-{name}") or "") + said.out)
    sys.stdout.flush()
    sys.stderr.write((places.control(f"warning-{name}") or "") + said.err)
    return said.status


def faulty(name: str, call: Call) -> Answer | None:
    """What a test wants this command to do instead: nothing, or a refusal, whose status is the first line. Its version it tells anyway."""
    if list(call.words) in (["--version"], ["-V"]):
        return None
    while call.control(f"silent-{name}") is not None:
        time.sleep(0.2)
    refusal = call.control(f"refuse-{name}")
    if refusal is None:
        return None
    status, _, text = refusal.partition("\n")
    return Answer(err=text, status=int(status))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
