"""One article as it was annotated in one round: what a writer of documents needs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.dataset import text_name


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the text; `index` 0 is the whole article. Offsets are code points, end exclusive."""

    index: int
    kind: str
    start: int
    end: int


class Answer(NamedTuple):
    """What was answered to one variable on one unit, as the codebook checks it; offsets count in the article's text."""

    unit: Unit
    variable: Variable
    value: Json


@dataclass(frozen=True, slots=True)
class Reading:
    """One annotator's answers to an article, in order of unit and codebook; what was not answered is not in it."""

    annotator: str
    occasion: int
    answers: Sequence[Answer]

    @property
    def name(self) -> str:
        """The pseudonym, with the occasion where the same annotator labelled again."""
        return f"{self.annotator}@{self.occasion}" if self.occasion > 1 else self.annotator


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """The text and its readings. `name` is the external id, with the number of the text version after the first."""

    external_id: str
    version: int
    title: str
    language: str
    text: str
    units: Sequence[Unit]
    readings: Sequence[Reading]

    @property
    def name(self) -> str:
        return text_name(self.external_id, self.version)

    @property
    def sentences(self) -> Sequence[Unit]:
        """The units that part the text."""
        return [unit for unit in self.units if unit.index > 0] or self.units


@dataclass(frozen=True, slots=True)
class RoundOfDocuments:
    """The articles of a round, read anew with each call of `articles`, and the codebook as parsed and as published."""

    project: str
    name: str
    layer: str
    codebook: Codebook
    number: int
    document: Mapping[str, Json]
    articles: Callable[[], Iterator[AnnotatedArticle]]
