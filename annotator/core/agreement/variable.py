"""One variable's ratings as they come from the labels, and as the coefficients want them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from .arrays import BoolArray
from .coding import Coded, encode
from .spans import SpanRatings, span_ratings

KIND_LEVELS = {
    "single": "nominal",
    "multi": "masi",
    "ordinal": "ordinal",
    "number": "interval",
    "text": "text",
    "span": "span",
}
"""The level of measurement of each kind of variable whose codebook names none."""

PARTS = ("source", "manner", "stance", "spans")


@dataclass(frozen=True, eq=False)
class VariableRatings:
    """What several annotators answered to one variable.

    `ratings`: one sequence an annotator, one entry a unit: the stored answer (`[]` is an answer), None where there
    is none. `values`: the keys of the codebook in its order, used or not; `codes`: numeric codes of ordinal values
    that have one. `articles`: the article of each unit. `extents`: (start, end) of each unit in code points, needed
    for kind span; spans of one unit must lie inside. `dropped` and `missing` (reason -> number) are what the
    caller left out before: units nobody should compare, and answers that are absent (not asked, not answered).
    """

    key: str
    kind: str
    annotators: Sequence[str]
    ratings: Sequence[Sequence[object]]
    units: Sequence[Hashable]
    articles: Sequence[Hashable]
    label: str = ""
    level: str = ""
    values: Sequence[str] = ()
    codes: Mapping[str, float] = field(default_factory=dict)
    extents: Sequence[tuple[int, int]] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def scale(self) -> str:
        """nominal, ordinal, interval, ratio, masi, jaccard, text or span: what decides the coefficients.

        Free text, sets and spans stay what they are whatever level the codebook names.
        """
        usual = KIND_LEVELS.get(self.kind)
        if usual is None:
            raise ValueError(f"{self.kind!r} is no kind of variable with ratings of its own.")
        if self.kind in ("text", "span"):
            return usual
        if self.kind == "multi":
            return "jaccard" if self.level == "jaccard" else usual
        return self.level or usual

    def answered(self) -> BoolArray:
        """Whether an annotator answered on a unit (annotators, units)."""
        flags = [[answer is not None for answer in row] for row in self.ratings]
        return np.array(flags, dtype=bool).reshape(len(self.annotators), len(self.units))


def coded(ratings: VariableRatings) -> Coded:
    """Answers as integers in the order of the codebook; answers it doesn't know come after its values."""
    if not ratings.values or ratings.scale in ("masi", "jaccard", "text"):
        return encode(ratings.ratings)
    try:
        seen = set().union(*ratings.ratings)
    except TypeError:
        raise ValueError(f"{ratings.key}: an answer of kind {ratings.kind} is one value, not a list.") from None
    unknown = sorted(seen - {None, *ratings.values}, key=str)
    return encode(ratings.ratings, [*ratings.values, *unknown])


def numeric(answers: Coded, codes: Mapping[str, float]) -> Coded:
    """The same ratings with numbers for labels: the value's code, else its key as a number, else its rank."""
    found = [_number(label, rank, codes) for rank, label in enumerate(answers.labels)]
    return Coded(answers.by_rater, tuple(found))


def _number(label: Hashable, rank: int, codes: Mapping[str, float]) -> float:
    if isinstance(label, int | float | np.number):
        return float(label)
    if str(label) in codes:
        return float(codes[str(label)])
    try:
        number = float(str(label))
    except ValueError:
        return float(rank)
    return number if isfinite(number) else float(rank)


def spans_of(ratings: VariableRatings) -> SpanRatings:
    """Answers of kind span as spans. Raises ValueError where the extents are missing or a span lies outside."""
    if len(ratings.extents) != len(ratings.units):
        raise ValueError(f"{ratings.key}: span variables need the extent of each unit.")
    rows = [[None if answer is None else _triples(answer) for answer in row] for row in ratings.ratings]
    return span_ratings(rows, extents=ratings.extents)


def _triples(answer: object) -> list[tuple[object, object, object]]:
    return [(span["start"], span["end"], span.get("value")) for span in _items(answer)]


def present_values(ratings: SpanRatings) -> Coded:
    """Which labels each annotator used in each unit, as sets."""
    return encode(
        [[None if own is None else frozenset(span[2] for span in own) for own in row] for row in ratings.marked]
    )


def attribution_parts(
    ratings: VariableRatings,
    *,
    sources: Sequence[str] = (),
    manners: Sequence[str] = (),
    stances: Sequence[str] = (),
) -> tuple[VariableRatings, VariableRatings, VariableRatings, VariableRatings]:
    """One attribution variable as four: `<key>.source`, `.manner`, `.stance` (sets) and `.spans`.

    A unit may carry several attributions, and annotators need not find the same number nor list them in the same
    order, so there is no item to pair with an item. The sources of a unit are therefore compared as a set, and so
    are its manners and its stances: which occur, not on which item. Spans are compared as spans, with the role
    (source, cue, content) as their value. `[]`, the narrator, is an answer: the empty set, and no span.
    """
    shown = ratings.label or ratings.key
    chosen = [
        replace(
            ratings,
            key=f"{ratings.key}.{part}",
            label=f"{shown}: {part}",
            kind="multi",
            level="",
            values=values,
            ratings=[[_named(answer, part) for answer in row] for row in ratings.ratings],
        )
        for part, values in zip(PARTS, (sources, manners, stances), strict=False)
    ]
    marked = replace(
        ratings,
        key=f"{ratings.key}.spans",
        label=f"{shown}: spans",
        kind="span",
        level="",
        values=("source", "cue", "content"),
        ratings=[[None if answer is None else _roles(answer) for answer in row] for row in ratings.ratings],
    )
    return chosen[0], chosen[1], chosen[2], marked


def _named(answer: object, part: str) -> list[str] | None:
    """The set of one part's values; missing where the part of any item can't be told."""
    if answer is None:
        return None
    given = [item[part] for item in _items(answer) if item.get(part) is not None]
    return sorted(map(str, given)) if all(isinstance(value, str) for value in given) else None


def _roles(answer: object) -> list[dict[str, object]]:
    spans = [span for item in _items(answer) for span in _items(item.get("spans") or [])]
    return [{"start": span["start"], "end": span["end"], "value": span.get("role")} for span in spans]


def _items(answer: object) -> list[Mapping[str, object]]:
    if not isinstance(answer, list | Sequence) or not all(isinstance(item, dict | Mapping) for item in answer):
        raise ValueError(f"{answer!r} is no list of spans or attributions.")
    return list(answer)
