"""Spans as they are compared: one set of them per rater and unit, with the extent of the unit."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import BoolArray, IntArray
from .coefficient import NO_RATINGS, NOT_PAIRABLE, SINGLE, Coefficient, not_defined
from .placed import Placed, placed
from .resample import Resampling, group_codes
from .segments import Marked, Segments, Stretches, segments


@dataclass(frozen=True, eq=False)
class SpanRatings:
    """`marked` holds one sequence a rater, one entry a unit, None where that rater did not answer.

    `extents` (start, end) bound each unit on the continuum; `cut`, `known` and `given` hold the segments, the spans as
    arrays and who `answered` where they are there already.
    """

    marked: tuple[tuple[Marked | None, ...], ...]
    extents: tuple[tuple[int, int], ...]
    cut: Segments | None = None
    known: Placed | None = None
    given: BoolArray | None = None

    @property
    def units(self) -> int:
        return len(self.extents)

    @cached_property
    def segments(self) -> Segments:
        """The units cut at each rater's spans, once for all coefficients."""
        return self.cut or segments(self.marked, self.extents)

    @cached_property
    def placed(self) -> Placed:
        """The spans as arrays, once for all coefficients."""
        return self.known or placed(self.marked, self.extents)

    @cached_property
    def compared(self) -> Stretches:
        """The pairable units cut at all raters' spans."""
        return self.segments.stretches.within(self.pairable)

    def of_raters(self, rows: Sequence[int]) -> "SpanRatings":
        """Some of the raters, in the same order."""
        marked = tuple(self.marked[row] for row in rows)
        cut, known = self.segments.of_raters(rows), self.placed.of_raters(rows)
        return SpanRatings(marked, self.extents, cut, known, self.answered[list(rows)])

    def only(self, label: Hashable) -> "SpanRatings":
        """The spans of one label."""
        kept = [
            [None if own is None else frozenset(span for span in own if span[2] == label) for own in row]
            for row in self.marked
        ]
        return SpanRatings(tuple(map(tuple, kept)), self.extents)

    @cached_property
    def answers(self) -> IntArray:
        """How many raters answered on each unit (units,)."""
        return np.asarray(self.answered.sum(axis=0), dtype=np.int64)

    @property
    def pairable(self) -> BoolArray:
        """Which units two or more raters answered (units,)."""
        return np.asarray(self.answers >= 2)

    @cached_property
    def any_span(self) -> bool:
        return len(self.placed.unit) > 0

    def dropped(self, used: int) -> dict[str, int]:
        """How many units were left out because fewer than two raters answered."""
        return {SINGLE: self.units - used} if used < self.units else {}

    @cached_property
    def answered(self) -> BoolArray:
        """Whether a rater answered on a unit (raters, units)."""
        if self.given is not None:
            return self.given
        flags = [[own is not None for own in row] for row in self.marked]
        return np.array(flags, dtype=bool).reshape(len(self.marked), self.units)

    def not_pairable(self) -> Coefficient:
        """The answer of every coefficient where no unit has two answers."""
        return not_defined(NOT_PAIRABLE if self.answers.any() else NO_RATINGS, dropped=self.dropped(0))

    def drawn_with(self, resampling: Resampling) -> IntArray:
        """For each unit (units,) the row that is resampled with it, its own or its article's; -1 if not pairable."""
        groups = resampling.get("groups")
        articles = None if groups is None else group_codes(groups, self.pairable)
        place = np.full(self.units, -1, dtype=np.int64)
        place[self.pairable] = np.arange(int(self.pairable.sum())) if articles is None else articles
        return place


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
