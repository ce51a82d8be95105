"""What a campaign has seen, as the judge takes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dev.campaign.notebooks import Note

# The states of a job that is over, and the places of a result to which nothing more happens by itself.
ENDS = {"succeeded", "failed", "timed-out", "cancelled", "lost"}
SETTLED = {"here", "kept", "none"}


@dataclass(frozen=True)
class Happened:
    """A fault that concerned everything, in seconds after the start."""

    kind: str
    begin: float
    end: float
    what: str
    node: str | None = None


@dataclass(frozen=True)
class SlurmJob:
    """A job that Slurm has ended, by its own word."""

    name: str
    id: str
    state: str
    nodes: str


@dataclass(frozen=True)
class JobFacts:
    """One submission and what became of it."""

    number: int
    kind: str
    cluster: str
    folder: int
    id: str | None = None
    """None: the command said that it was not submitted."""
    begin: float = 0
    end: float = 0
    exit_code: int | None = None
    """Of the command that submitted; None when its terminal was closed."""
    said: str = ""
    state: str | None = None
    """Of the record; None when there is none."""
    cause: str | None = None
    result_place: str | None = None
    problem: str | None = None
    told: str | None = None
    """The last state that the command told; None when it told none that is an end."""
    notes: Sequence[Note] = ()
    """Its lines of the ledger."""
    slurm: Sequence[SlurmJob] = ()
    touched: frozenset[str] = frozenset()
    """Faults that may have changed its end, or kept it from being submitted."""
    printed: Sequence[str] | None = None
    """What the cells of the result here have printed; None without a result that can be read."""
    is_unsaved: bool = False
    """Whether the job has noted that its result could not be saved at its end."""
    notebooks: int = 0
    """How many results it has here."""
    digests: Sequence[str] = ()
    """Of the files that came with it."""
    is_result_there: bool = False
    """Whether its directory on the cluster has an executed notebook."""


@dataclass(frozen=True)
class Facts:
    """Everything."""

    jobs: Sequence[JobFacts]
    before: Mapping[str, str] = field(default_factory=dict)
    """Digests of the person's files, by path, as they were."""
    after: Mapping[str, str] = field(default_factory=dict)
    strangers: Sequence[str] = ()
    """Ids in ledger, records or Slurm's word that no command has told."""
    processes: Sequence[str] = ()
    """What runs when all is over."""
    folders: Sequence[str] = ()
    """What is there when all is over and removed."""


@dataclass(frozen=True)
class Finding:
    """Something that should not be."""

    count: str
    text: str
    job: int | None = None
