"""What one process has used, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path


def resident_megabytes(pid: int) -> float:
    """With what it shares with others, as `ps` shows it."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
