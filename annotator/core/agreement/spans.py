"""Spans as they are compared: per rater and unit, and cut into stretches that every rater treats alike."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from .arrays import BoolArray, FloatArray, IntArray
from .coding import Coded, encode
from .coefficient import SINGLE

Marked = frozenset[tuple[int, int, Hashable]]
"""The distinct spans of one rater in one unit."""


@dataclass(frozen=True, eq=False)
class SpanRatings:
    """`marked` holds one sequence a rater, one entry a unit, None where that rater did not answer.

    `extents` (start, end) bound each unit on the continuum; `cut` holds the runs where they are known already.
    """

    marked: tuple[tuple[Marked | None, ...], ...]
    extents: tuple[tuple[int, int], ...]
    cut: "Stretches | None" = None

    @property
    def units(self) -> int:
        return len(self.extents)

    @cached_property
    def stretches(self) -> "Stretches":
        """The units cut into runs of characters, once for all coefficients."""
        return self.cut or stretches(self)

    def pair(self, first: int, second: int) -> "SpanRatings":
        """Two of the raters, on the runs that are cut already: finer cuts change no figure."""
        runs = self.stretches
        cut = Stretches(runs.coded.pair(first, second), runs.lengths, runs.unit)
        return SpanRatings((self.marked[first], self.marked[second]), self.extents, cut)

    def dropped(self, used: int) -> dict[str, int]:
        """How many units were left out because fewer than two raters answered."""
        return {SINGLE: self.units - used} if used < self.units else {}

    def answered(self) -> BoolArray:
        """Whether a rater answered on a unit (raters, units)."""
        flags = [[own is not None for own in row] for row in self.marked]
        return np.array(flags, dtype=bool).reshape(len(self.marked), self.units)


def span_ratings(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
) -> SpanRatings:
    """Read spans in one of two shapes.

    Without `extents`, `spans` is one list of (start, end, label) a rater on one continuum from `start` to `end`
    (by default from the first start to the last end). With `extents`, one (start, end) a unit, it is one sequence a
    rater with one entry a unit: a list of spans, [] for none marked, None for no answer. Identical spans with the
    same label count once. Raises ValueError on an empty span, one outside its unit, or ragged raters.

    >>> span_ratings([[(0, 4, "a")], []], start=0, end=9).extents
    ((0, 9),)
    """
    if isinstance(spans, SpanRatings):
        return spans
    if extents is None:
        whole = [_distinct(row) for row in spans]
        marked: list[list[Marked | None]] = [[own] for own in whole]
        extents = [_continuum(whole, start, end)]
    else:
        marked = [[None if entry is None else _distinct(entry) for entry in row] for row in spans]
    for number, row in enumerate(marked, start=1):
        if len(row) != len(extents):
            raise ValueError(f"Rater {number} has {len(row)} entries for {len(extents)} units.")
        for own, (first, last) in zip(row, extents, strict=True):
            _check_inside(own or frozenset(), first, last)
    return SpanRatings(tuple(map(tuple, marked)), tuple(extents))


def _distinct(entry: object) -> Marked:
    if not isinstance(entry, Collection):
        raise ValueError(f"{entry!r} is no list of spans.")
    found = []
    for span in entry:
        start, end, label = span
        found.append((int(start), int(end), label))
    return frozenset(found)


def _continuum(whole: Sequence[Marked], start: int | None, end: int | None) -> tuple[int, int]:
    spans = [span for own in whole for span in own]
    first = min((span[0] for span in spans), default=0) if start is None else start
    last = max((span[1] for span in spans), default=first) if end is None else end
    return first, last


def _check_inside(own: Marked, first: int, last: int) -> None:
    for start, end, label in own:
        if not first <= start < end <= last:
            raise ValueError(f"The span {start} to {end} ({label!r}) is empty or outside its unit, {first} to {last}.")


@dataclass(frozen=True, eq=False)
class Stretches:
    """Runs of characters that every rater treats alike: codes (raters, runs), length and unit of each (runs,)."""

    coded: Coded
    lengths: FloatArray
    unit: IntArray


def stretches(ratings: SpanRatings) -> Stretches:
    """Cut the units at every boundary of a span; the value of a run is the set of labels that cover it."""
    rows: list[list[frozenset[Hashable] | None]] = [[] for _ in ratings.marked]
    lengths: list[int] = []
    unit: list[int] = []
    for number, (first, last) in enumerate(ratings.extents):
        own = [row[number] for row in ratings.marked]
        cuts = sorted({first, last} | {edge for spans in own if spans for span in spans for edge in span[:2]})
        for start, end in pairwise(cuts):
            lengths.append(end - start)
            unit.append(number)
            for row, spans in zip(rows, own, strict=True):
                row.append(None if spans is None else frozenset(s[2] for s in spans if s[0] <= start and end <= s[1]))
    return Stretches(encode(rows), np.array(lengths, dtype=np.float64), np.array(unit, dtype=np.int64))
