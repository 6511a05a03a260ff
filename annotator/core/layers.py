"""One row of the datasets beside the labels: what adjudicators decided, what annotators make of it together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from annotator.core.codebook import Json, State

Layer = Literal["labels", "decisions", "consensus"]
LAYERS: tuple[Layer, ...] = ("labels", "decisions", "consensus")


class Place(NamedTuple):
    """The unit that a row is about, with the columns of the long dataset."""

    item_id: str
    text: str
    article: str
    sentence: int
    start: int
    end: int
    kind: str
    round: str
    codebook: int


class DecisionRow(NamedTuple):
    """The decision on one variable of one unit.

    `answers` is the number of annotators' answers that it rested on, `alike` how many of them were the same as it.
    `how`: decided one by one, taken over where all agreed, carried over mended boundaries, or moved with the codebook.
    """

    place: Place
    variable: str
    value: Json
    state: State
    reason: str
    adjudicator: str
    decided_at: datetime | None
    answers: int
    alike: int
    how: str
    to_confirm: bool
    changed_since: bool
    version: int


class ConsensusRow(NamedTuple):
    """What annotators make of one variable, or part of an attribution, on one unit: `core.consensus` as columns."""

    place: Place
    variable: str
    value: Json
    votes: int
    share: float
    tie: Sequence[Json]
    median: Sequence[Json]
    shares: Mapping[str, float]
    ds_value: Json
    ds_probability: float | None
    ds_shares: Mapping[str, float]
    ds_converged: bool | None
