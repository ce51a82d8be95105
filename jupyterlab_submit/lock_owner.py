"""Who has the locks of a sidecar, by the note in them: a process here, or one that cannot be seen from here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyterlab_submit.locks import LockFile, whereabouts
from jupyterlab_submit.problem import Problem

# As by SIGSTOP, and by a debugger.
STOPPED = {"T", "t"}


def is_here(note: dict[str, Any]) -> bool:
    """Whether whoever wrote it is a process like ours, and no other machine's or container's."""
    return all(note.get(name) == value for name, value in whereabouts().items() if name != "host")


def lives(note: dict[str, Any]) -> bool:
    """Whether the sidecar that wrote it runs here; one that runs elsewhere cannot be seen."""
    try:
        command = Path(f"/proc/{int(note['pid'])}/cmdline").read_bytes()
    except (OSError, KeyError, TypeError, ValueError):
        return False
    return is_here(note) and os.fsencode(str(note.get("socket"))) in command.split(b"\0")


def why_it_stays(data: Path, of_data: LockFile, of_folder: LockFile) -> Problem:
    """What a person can do about one that neither answers nor ends."""
    note = (of_folder if of_data.held else of_data).read()
    if not of_data.held and not is_here(note):
        pid, host = note.get("pid"), note.get("host")
        who = f"process {pid} of another container or machine named {host}" if pid else "a process"
        end = f"end it there (kill {pid})" if pid else f"end it (fuser {of_data.file} names it)"
        return Problem(
            f"The sidecar with the job records in {data} cannot be reached from here: "
            f"{who} has locked them. Work where it runs, {end}, or set JUPYTER_DATA_DIR "
            "for records of their own here. Jobs go on."
        )
    try:
        pid = int(note["pid"])
        is_stopped = process_state(pid) in STOPPED
        # A signal to end waits, too, until it goes on.
        go_on = f"It is stopped: kill -CONT {pid} lets it go on."
        how = go_on if is_stopped else f"End it: kill {pid}."
    except (KeyError, TypeError, ValueError):
        how = "End the process `node … sidecar.cjs`."
    return Problem(
        f"The sidecar that runs on this machine neither answers nor ends. {how} "
        "Jobs go on, and are found again."
    )


def process_state(pid: int) -> str:
    """The letter that Linux has for what a process does (proc_pid_stat(5)); nothing of none."""
    try:
        # The name before it is in brackets, and may hold some.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""
