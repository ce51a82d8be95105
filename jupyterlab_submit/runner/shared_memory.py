"""What MPI shares in this node's memory: it outlives a process that does not finalize MPI, as engines do not."""

from __future__ import annotations

import contextlib
import os
import re

from .sweep import carriers

# Of MPICH, of Open MPI 5 and 4, and of what it uses on fast networks. What a notebook makes itself may be for others.
MAPPED = re.compile(
    rb" (/dev/shm/(?:mpich_shm_|sm_segment\.|vader_segment\.|ucx_shm_posix_)\S+)$", re.MULTILINE
)


class SharedMemory:
    """That of a job's processes on this node, where there is a /proc."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id
        self._paths: set[bytes] = set()

    def note(self) -> None:
        """Look what they have mapped by now: who has ended does not tell."""
        for process in carriers(self._job_id):
            with contextlib.suppress(OSError), open(f"/proc/{process}/maps", "rb") as maps:
                self._paths.update(MAPPED.findall(maps.read()))

    def free(self) -> None:
        """Remove what was noted and is still there."""
        for path in self._paths:
            with contextlib.suppress(OSError):
                os.unlink(path)
