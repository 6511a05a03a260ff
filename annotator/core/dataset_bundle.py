"""What a dataset bundle tells of itself: its rounds, its tables, how it was split and how it stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from annotator.core.publishing import Publishing
from annotator.core.splits import Shares
from annotator.core.tables import Column


@dataclass(frozen=True)
class BundleFile:
    """A file of the bundle, by its path there."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class BundleTable:
    """A table as it was written: its CSV, and the Parquet files that hold the same rows, by part of the split.

    `expected` is the number of rows that was counted apart from the writing, and `counted` says how.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: int
    csv: BundleFile
    parquet: Mapping[str, BundleFile]
    expected: int | None = None
    counted: str = ""


@dataclass(frozen=True)
class Moment:
    """The last change that the bundle knows: its event's uuid, its time in UTC as ISO 8601."""

    event: str
    at: str


@dataclass(frozen=True)
class BundleRound:
    """A round as a reader of the data has to know it.

    `hidden` is what its annotators were not shown, or with `arms` some of them.
    """

    name: str
    purpose: str
    blind: bool
    is_open: bool
    codebook: int
    annotators: Sequence[str]
    articles: int
    labels: int
    overlap: int
    drawn: str
    hidden: Sequence[str]
    arms: bool
    hints: bool
    feedback: bool
    folder: str = ""
    """Where its agreement report stands; empty where there is none."""


@dataclass(frozen=True)
class SplitFacts:
    """How the articles were dealt: `articles` by part, the largest group that shares text, repeated sentences."""

    shares: Shares
    articles: Mapping[str, int]
    groups: int
    largest: int
    repeated: int
    copies_looked: bool
    """Whether a lead has let the program look for near copies."""


@dataclass(frozen=True)
class BundleFacts:
    """`counts` are those of the card: articles, units, annotators, labels, decisions, events."""

    slug: str
    title: str
    description: str
    languages: Sequence[str]
    software: str
    publishing: Publishing
    rounds: Sequence[BundleRound]
    codebooks: Sequence[int]
    counts: Mapping[str, int]
    last: Moment | None
    split: SplitFacts | None
    reports: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """The agreement report of each round that has one, by its folder."""

    @property
    def citation(self) -> str:
        """As the lead wrote it, else from creators, title and version; empty where nobody is named."""
        said = self.publishing
        if said.citation or not said.creators:
            return said.citation
        version = f" (version {said.version})" if said.version else ""
        return f"{'; '.join(said.creators)}: {self.title}{version} [Dataset]."
