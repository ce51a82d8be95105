"""Where a stand-in keeps what, below a folder that all hosts see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    folder: Path

    def make(self) -> None:
        for name in ("sockets", "ends", "spool", "control", "running"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    @property
    def kept(self) -> Path:
        """The queue."""
        return self.folder / "queue.json"

    @property
    def ends(self) -> Path:
        """A file for each job that has ended, until the server has read it."""
        return self.folder / "ends"

    @property
    def server(self) -> Path:
        return self.folder / "sockets" / "server"

    def host(self, name: str) -> Path:
        return self.folder / "sockets" / name

    def running(self, host: str) -> Path:
        """A file for each script that runs there."""
        return self.folder / "running" / host

    def control(self, name: str) -> str | None:
        """What a test has written to have something go wrong."""
        try:
            return (self.folder / "control" / name).read_text()
        except OSError:
            return None

    @staticmethod
    def replace(file: Path, text: str) -> None:
        """There is the old file or the new one."""
        new = file.with_suffix(".new")
        new.write_text(text)
        new.rename(file)
