"""What a cell has told, without what no two runs have in common; pure.

Left out: where files lie, addresses, dates and durations, progress bars, colours, identifiers of messages, and
what ipyparallel's Cluster, or ours, logs of its starts and stops.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"

# In this order.
LEFT_OUT: Sequence[tuple[str, str]] = (
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"^.*\r(?!\n|$)", ""),
    # tqdm
    (r"^.*\d+%\|.*\n?", ""),
    (r"^(CPU times|Wall time).*\n?", ""),
    (r"The slowest run took .* times longer than the fastest.*\n?", ""),
    (r"\d\S* .* per loop \(mean.*", "<time> per loop"),
    # ipyparallel.cluster.cluster of 9.2, and runner/attach_clusters.py
    (
        r"^(Starting (\d+ )?engines? with|Stopping engine\(s\)|engine set stopped|Stopping controller).*\n?",
        "",
    ),
    (r"^(Controller stopped|Removing stopped cluster|Removing cluster file).*\n?", ""),
    # ... which shows what engines have logged, where they have to be killed
    (r"^Process \d+ did not exit in .*\n?", ""),
    (r"^Output for (\d+|ip(engine|controller)-.*):\n(?:.+\n)*", ""),
    (r"^The engines (of this job end with it|begin clean|are shared|still work).*\n?", ""),
    (r"\b[a-z]+://[^\s'\"<>]+", "<address>"),
    (r"(?<![\w/])~?(?:/[^\s/'\"<>(),:;]+){2,}/?", "<path>"),
    (r"\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b", "<address>"),
    (r"\b0x[0-9a-fA-F]+\b", "<address>"),
    (r"\b[0-9a-f]{8}-?[0-9a-f]{4,}(-?[0-9a-f]{4,})*(_\d+)*\b", "<id>"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\b", "<date>"),
    (rf"(?<![\w.]){NUMBER} ?(ns|µs|us|ms|s|sec|seconds|min|minutes)\b", "<time>"),
)

TAGGED = re.compile(r"^(?=(?:\[(?:stdout|stderr|output):|Out\[)\d+)", re.MULTILINE)


class Piece(NamedTuple):
    """Something that a cell has shown: an error, a figure, or the text of one engine or of the kernel."""

    kind: str
    text: str

    @property
    def loosely(self) -> Piece:
        """Without its numbers and the order of its lines, and a figure without its dots."""
        if self.kind.startswith("image/"):
            return Piece(self.kind, "a figure")
        lines = re.sub(NUMBER, "#", self.text).split("\n")
        return Piece(self.kind, "\n".join(sorted({re.sub(r"\s+", "", line) for line in lines})))


def told(cell: Mapping[str, Any]) -> list[Piece]:
    """The pieces of a cell; those of engines come last, in the engines' order."""
    pieces = [piece for piece in pieces_of(cell) if piece.text.strip()]
    kernels = [piece for piece in pieces if not TAGGED.match(piece.text)]
    return kernels + sorted(piece for piece in pieces if TAGGED.match(piece.text))


def pieces_of(cell: Mapping[str, Any]) -> Iterator[Piece]:
    streams: dict[str, str] = {}
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + joined(output["text"])
    for name, text in streams.items():
        for part in TAGGED.split(cleaned(text)):
            yield Piece(name, part.rstrip())
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            # Ours says more of what a streamed error was.
            value = "" if output["ename"] == "AlreadyDisplayedError" else output["evalue"]
            yield Piece("error", cleaned(f"{output['ename']}: {value}"))
        elif output["output_type"] != "stream":
            yield from shown(output["data"])


def shown(data: Mapping[str, Any]) -> Iterator[Piece]:
    if "application/vnd.jupyter.widget-view+json" in data:
        return  # what it shows is no output; a bar's text beside it is one of progress
    for kind, value in sorted(data.items()):
        if kind.startswith("image/"):
            yield Piece(kind, hashlib.sha256(joined(value).encode()).hexdigest())
        elif kind in ("text/plain", "text/latex", "text/markdown"):
            for part in TAGGED.split(cleaned(joined(value))):
                yield Piece("shown" if TAGGED.match(part) else kind, part.rstrip())
        else:
            yield Piece(kind, cleaned(joined(value)))


def joined(text: object) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def cleaned(text: str) -> str:
    for pattern, instead in LEFT_OUT:
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return text
