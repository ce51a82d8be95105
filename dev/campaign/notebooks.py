"""The notebooks of a campaign, what is right for each, and the ledger that their cells keep.

The ledger is a file outside of everything that the product knows of: who has run, and how often,
is counted there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from dev.notebook import notebook_text

DATA = "data.csv"
# The files that a notebook writes, and how many lines they have.
FILES = {"out.txt": 1, "more/größe 1.csv": 1000, "more/b.txt": 10}
LINES = 3000
TICKS = 18
# The first cell of each notebook begins with it.
PRELUDE = """\
import hashlib, json, os, time
def note(*words):
    job, slurm, node = map(os.environ.get, ("JUPYTERLAB_SUBMIT_JOB", "SLURM_JOB_ID", "SLURMD_NODENAME"))
    with open({ledger!r}, "a") as ledger:
        ledger.write(json.dumps([job, slurm, node, *words]) + "\\n")
"""
WRITE = """\
def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w") as file:
        file.write(text)
    note("wrote", name, hashlib.sha256(text.encode()).hexdigest())
"""
ENGINES = """\
import ipyparallel as ipp
engines = ipp.Client()[:]
for _ in range({rounds}):
    total = sum(engines.map_sync(lambda x: x * x, range({number})))
    time.sleep(0.5)
print(total)"""
ROUNDS = 10


@dataclass(frozen=True)
class Cell:
    source: str
    prints: str
    """What is right on standard output."""
    fails: bool = False


@dataclass(frozen=True)
class Note:
    """One line of the ledger."""

    job: str
    slurm_id: str | None
    node: str | None
    words: tuple[str | int, ...]


def cells(kind: str, number: int) -> list[Cell]:
    """The cells of a kind, without what the ledger needs; `number` makes the results its own."""
    first = Cell(f"print('first', {number})", f"first {number}\n")
    last = Cell(f"print('last', {number} * 2)", f"last {number * 2}\n")
    match kind:
        case "plain":
            return [first, Cell(f"sum(range({number}))", ""), last]
        case "files":
            writes = "\n".join(
                f"write({name!r}, {line(name, number)!r} * {times})"
                for name, times in FILES.items()
            )
            reads = f"print(len(open({DATA!r}).read()))"
            return [first, Cell(f"{WRITE}{writes}\n{reads}", f"{len(data_file(number))}\n"), last]
        case "error":
            return [first, Cell(f"raise ValueError('wrong {number}')", "", fails=True), last]
        case "prints":
            lines = "".join(f"line {line} of {number}\n" for line in range(LINES))
            code = f"for line in range({LINES}):\n    print('line', line, 'of', {number})"
            return [first, Cell(code, lines), last]
        case "engines":
            total = sum(x * x for x in range(number))
            return [first, Cell(ENGINES.format(number=number, rounds=ROUNDS), f"{total}\n"), last]
        case "long":
            ticks = "".join(f"{tick}\n" for tick in range(TICKS))
            code = f"for tick in range({TICKS}):\n    print(tick, flush=True)\n    time.sleep(1)"
            return [
                first,
                Cell(f"{WRITE}write('early.txt', 'early {number}')", ""),
                Cell(code, ticks),
                last,
            ]
    raise ValueError(kind)


def line(name: str, number: int) -> str:
    return f"{name} of {number}\n"


def cores(kind: str) -> int:
    return 2 if kind == "engines" else 1


def data_file(number: int) -> str:
    """What lies beside a notebook, for it to read."""
    return f"{number},some,words\n" * 800


def notebook(kind: str, number: int, ledger: str) -> str:
    """The file: each cell notes that it has begun, and that it has come to its end."""
    sources = [
        f"note('start', {index})\n{cell.source}\nnote('done', {index})"
        for index, cell in enumerate(cells(kind, number), start=1)
    ]
    sources[0] = PRELUDE.format(ledger=ledger) + sources[0]
    return notebook_text(sources)


def printed(text: str) -> list[str]:
    """What each cell of an executed notebook has on standard output; raises ValueError where it is none."""
    try:
        return [
            "".join(
                "".join(output["text"])
                for output in cell["outputs"]
                if output["output_type"] == "stream" and output["name"] == "stdout"
            )
            for cell in json.loads(text)["cells"]
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an executed notebook: {error!r}") from error


def read_ledger(text: str) -> list[Note]:
    """Its lines; one that was cut off by a kill is none."""
    notes = []
    for line in text.split("\n")[:-1]:
        try:
            job, slurm_id, node, *words = json.loads(line)
        except ValueError:
            continue
        notes.append(Note(job, slurm_id, node, tuple(words)))
    return notes


def done(notes: Sequence[Note]) -> set[int]:
    """The cells that have come to their end, by number from 1."""
    return {int(note.words[1]) for note in notes if note.words[0] == "done"}


def starts(notes: Sequence[Note], cell: int) -> int:
    return sum(note.words == ("start", cell) for note in notes)


def wrote(notes: Sequence[Note]) -> dict[str, str]:
    """The files that were written whole, and their digests."""
    return {str(note.words[1]): str(note.words[2]) for note in notes if note.words[0] == "wrote"}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
