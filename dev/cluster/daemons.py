"""One daemon of the test cluster."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.processes import MARK, POLITELY, carries, end, mark
from dev.cluster.programs import SEARCHED, find

# It writes the note itself, so that none runs unnoted when its starter is killed.
NOTED = 'echo "$$ $1" >"$0.new" && mv "$0.new" "$0" && shift && exec "$@"'


@dataclass(frozen=True)
class Daemon:
    """One process in the foreground, in a session of its own, which outlives whoever starts it."""

    name: str
    argv: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    configuration: Sequence[Path] = ()
    """Files that it reads when it starts, and only then."""
    signals: Sequence[int] = POLITELY
    """What ends it, one after the other."""
    log: Path | None = None
    """Where it writes, if that is not a file of its name."""

    @property
    def _note(self) -> Path:
        """Holds its process and what it was started with."""
        return FOLDER / f"{self.name}.started"

    @property
    def output(self) -> Path:
        return FOLDER / f"{self.name}.output"

    @property
    def pid(self) -> int | None:
        try:
            pid = int(self._note.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if carries(pid, self.name) else None

    @property
    def is_alive(self) -> bool:
        return self.pid is not None

    @property
    def is_current(self) -> bool:
        """Whether it runs, and with the configuration that the files have now."""
        return self.is_alive and self._note.read_text().split()[1:] == [self._digest()]

    def start(self) -> None:
        with open(self.output, "ab") as output:
            process = subprocess.Popen(
                ["/bin/sh", "-c", NOTED, str(self._note), self._digest()]
                + [find(self.argv[0]), *self.argv[1:]],
                cwd="/",
                env={"PATH": SEARCHED, "LANG": "C.UTF-8", **self.variables, MARK: mark(self.name)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while self.pid != process.pid and process.poll() is None:
            time.sleep(0.002)

    def stop(self) -> None:
        """Returns when it is gone."""
        # Asked once a look: it may end meanwhile.
        end(lambda: [pid for pid in [self.pid] if pid is not None], self.signals)
        self._note.unlink(missing_ok=True)

    def last_words(self) -> str:
        """The ends of what it has said and of its log, below its name."""
        files = [self.output, self.log or FOLDER / f"{self.name}.log"]
        said = [file.read_text(errors="replace")[-2000:] for file in files if file.exists()]
        return "\n".join([f"{self.name}:", *said])

    def _digest(self) -> str:
        texts = [*map(str, self.argv), *(file.read_text() for file in self.configuration)]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()
