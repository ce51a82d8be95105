"""What `ipcluster`, `ipcontroller` and `ipengine` do in a job: its engines are there already."""

from __future__ import annotations

import os
import re
import sys

TYPE_CHECKING = False  # without `typing`, each call of such a program takes less
if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = ("ipcluster", "ipcontroller", "ipengine")
NOT_ENDED = "The engines of this job end with it."


def write_programs(folder: Path, program: str, engines: int) -> None:
    """Put programs of these names into `folder`, which comes first on the PATH of cells and engines."""
    folder.mkdir()
    for name in PROGRAMS:
        file = folder / name
        words = [sys.executable, "-I", "-S", program, "attached", str(engines), name]
        file.write_text(f'#!/bin/sh\nexec {" ".join(map(quote, words))} "$@"\n', "utf-8")
        file.chmod(0o700)


def quote(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def answer(engines: int, name: str, arguments: list[str]) -> tuple[str, int]:
    """Text and exit code of such a program."""
    command = next((word for word in arguments if not word.startswith("-")), None)
    if name == "ipcluster" and command == "stop":
        return NOT_ENDED, 0
    if name == "ipcluster" and command == "list" and "json" not in " ".join(arguments):
        return cluster_list(engines), 0
    asked = re.search(r"(?:^| )--?(?:\w+\.)?n[ =]?(\d+)(?: |$)", " ".join(arguments))
    if name == "ipcluster" and asked and int(asked.group(1)) > engines:
        return too_many(int(asked.group(1)), engines), 1
    run = "engine of this job runs" if engines == 1 else "engines of this job run"
    return f"{engines} {run} already: ipyparallel.Client() finds them.", 0


def cluster_list(engines: int) -> str:
    """As ipyparallel.cluster.app of 8.4 and 9.2 lays it out."""
    rows: tuple[tuple[str | int, ...], ...] = (
        ("PROFILE", "CLUSTER ID", "RUNNING", "ENGINES", "LAUNCHER"),
        ("default", "''", "True", engines, "the job's own"),
    )
    return "\n".join("{:16} {:32} {:7} {:7} {}".format(*row) for row in rows)


def too_many(asked: int, engines: int) -> str:
    return (
        f"The notebook asks for {asked} engines, this job has {engines}: "
        f"submit it with at least {asked}"
    )


def fewer(left: int, engines: int) -> str:
    return f"{left} of the {engines} engines of this job are left: the others have died"


def leave_program(engines: int, name: str) -> None:
    """End this process where it is such a program: read by its configuration, however it was started.

    Python's own API reads the same configuration, in a kernel.
    """
    if any(part in sys.argv[0] for part in ("ipyparallel", *PROGRAMS)):
        text, code = answer(engines, name, sys.argv[1:])
        print(text, flush=True)
        os._exit(code)
