"""Units cut at the edges of spans: each rater's own pieces, and the runs of characters that all raters treat alike."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray
from .coding import Coded

Marked = frozenset[tuple[int, int, Hashable]]
"""The distinct spans of one rater in one unit."""

Labels = frozenset[Hashable]


def line_starts(extents: Sequence[tuple[int, int]]) -> IntArray:
    """Where each unit starts (units + 1,), and the last ends, on one line on which they follow one another."""
    lengths = [last - first for first, last in extents]
    return np.concatenate([[0], np.cumsum(np.array(lengths, dtype=np.int64))]).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Segments:
    """Every answered unit of every rater, cut at that rater's own spans; all arrays are (segments,).

    `start` and `end` count on the line of `line_starts`. `value` points into `labels`, the sets of labels that
    occur; the first is the empty set, a gap. Two spans that touch stay two segments; where spans of one
    rater overlap, the overlap is a segment of its own, under both labels.
    """

    rater: IntArray
    unit: IntArray
    start: IntArray
    end: IntArray
    value: IntArray
    labels: tuple[Labels, ...]

    @property
    def lengths(self) -> FloatArray:
        return (self.end - self.start).astype(np.float64)

    def of_raters(self, rows: Sequence[int]) -> "Segments":
        """The segments of some of the raters."""
        kept = np.isin(self.rater, rows)
        return Segments(
            self.rater[kept], self.unit[kept], self.start[kept], self.end[kept], self.value[kept], self.labels
        )

    @cached_property
    def slot(self) -> IntArray:
        """The place of the segment's rater among those who answered the unit, from 0."""
        raters = int(self.rater.max(initial=0)) + 1
        cells, cell = np.unique(self.unit * raters + self.rater, return_inverse=True)
        unit = cells // raters
        place = np.arange(len(cells)) - np.searchsorted(unit, unit)
        return np.asarray(place[cell], dtype=np.int64)

    @cached_property
    def stretches(self) -> "Stretches":
        """The runs between all edges of all raters."""
        cuts = np.unique(np.concatenate([self.start, self.end]))
        first = np.searchsorted(cuts, self.start)
        runs = np.searchsorted(cuts, self.end) - first
        place = np.arange(int(runs.sum())) + np.repeat(first - (np.cumsum(runs) - runs), runs)
        segment = np.repeat(np.arange(len(runs)), runs)
        owner = np.full((int(self.slot.max(initial=-1)) + 1, max(len(cuts) - 1, 0)), MISSING, dtype=np.int64)
        owner[self.slot[segment], place] = segment
        unit = np.full(owner.shape[1], MISSING, dtype=np.int64)
        unit[place] = self.unit[segment]
        codes = np.append(self.value, MISSING)[owner]
        return Stretches(codes, self.labels, owner, np.diff(cuts).astype(np.float64), unit)


@dataclass(frozen=True, eq=False)
class Stretches:
    """Runs of characters that every rater treats alike; `lengths` (runs,) in characters.

    `codes` points into `labels` and `owner` to the segments over each run, both (slots, runs) with -1 for no answer:
    one row a place among those who answered the unit, since no figure of spans asks for names. `unit` (runs,) is -1 on
    what nobody answered.
    """

    codes: IntArray
    labels: tuple[Labels, ...]
    owner: IntArray
    lengths: FloatArray
    unit: IntArray

    @cached_property
    def coded(self) -> Coded:
        """The labels over each run as ratings of it."""
        return Coded.of(self.codes, self.labels)

    def within(self, units: BoolArray) -> "Stretches":
        """The runs that lie in those of the units (units,)."""
        kept = np.append(units, False)[self.unit]
        return Stretches(self.codes[:, kept], self.labels, self.owner[:, kept], self.lengths[kept], self.unit[kept])


def segments(marked: Sequence[Sequence[Marked | None]], extents: Sequence[tuple[int, int]]) -> Segments:
    """Cut each answered unit of each rater (None = no answer) in one sweep over its edges."""
    starts = line_starts(extents).tolist()
    codes: dict[Labels, int] = {frozenset(): 0}
    found: list[int] = []
    for rater, row in enumerate(marked):
        for unit, (own, (first, last)) in enumerate(zip(row, extents, strict=True)):
            if own is None:
                continue
            shift = starts[unit] - first
            for start, end, labels in _pieces(own, first, last):
                found += (rater, unit, start + shift, end + shift, codes.setdefault(labels, len(codes)))
    rater_of, unit_of, start_of, end_of, value = np.array(found, dtype=np.int64).reshape(-1, 5).T
    return Segments(rater_of, unit_of, start_of, end_of, value, tuple(codes))


def _pieces(own: Marked, first: int, last: int) -> Iterator[tuple[int, int, Labels]]:
    """From `first` to `last`, cut wherever one of the spans begins or ends, with the labels over each piece."""
    if not own and first < last:
        yield first, last, frozenset()
        return
    edges = [(start, label, 1) for start, _, label in own] + [(end, label, -1) for _, end, label in own]
    over: Counter[Hashable] = Counter()
    reached = first
    for at, label, step in sorted(edges, key=itemgetter(0)):
        if at > reached:
            yield reached, at, frozenset(over)
            reached = at
        over[label] += step
        if not over[label]:
            del over[label]
    if reached < last:
        yield reached, last, frozenset()
