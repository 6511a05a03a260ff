"""F1 of two raters' spans: how many of the one have a counterpart among the other's. Not corrected for chance."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from typing import Unpack

import numpy as np

from .arrays import FloatArray, IntArray
from .coefficient import NO_SPANS, Coefficient
from .resample import Resampling, Rows, estimate
from .segments import Marked
from .spans import SpanRatings, span_ratings

MOST_CELLS = 50_000_000
"""Most counts held for resampling, 400 MB; so many pairs of annotators that more are needed get no interval."""

Matches = Callable[[Marked, Marked], tuple[int, int, int, int]]
"""Counterparts and number of the first rater's spans in a unit, then of the second's."""


def span_f1_exact(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    label: Hashable | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """F1 of spans with the same start, end and label, mean over the pairs of raters.

    `spans`, `start`, `end`, `extents`: see `span_ratings`; `label` looks at the spans of one label only. F1 is
    the harmonic mean of the shares of the two raters' spans that have a counterpart, so neither is the standard
    (Hripcsak & Rothschild 2005, Journal of the American Medical Informatics Association 12). A pair without any
    span is left out of the mean; without any pair left, F1 is not defined.
    """
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _mean_f1(ratings if label is None else ratings.only(label), _exact, resampling)


def span_f1_exact_unlabelled(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """F1 of spans with the same start and end, whatever the label; arguments as in `span_f1_exact`."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _mean_f1(_bare(ratings), _exact, resampling)


def span_f1_overlap(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    label: Hashable | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """F1 of spans that share at least a character with one of the same label; arguments as in `span_f1_exact`."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _mean_f1(ratings if label is None else ratings.only(label), _overlapping, resampling)


def span_f1_overlap_unlabelled(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """F1 of spans that share at least a character with any of the other's; arguments as in `span_f1_exact`."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _mean_f1(_bare(ratings), _overlapping, resampling)


def _bare(ratings: SpanRatings) -> SpanRatings:
    """The distinct extents, labels taken off."""
    marked = tuple(tuple(own and frozenset((a, b, "") for a, b, _ in own) for own in row) for row in ratings.marked)
    return SpanRatings(marked, ratings.extents)


def _exact(first: Marked, second: Marked) -> tuple[int, int, int, int]:
    shared = len(first & second)
    return shared, len(first), shared, len(second)


def _overlapping(first: Marked, second: Marked) -> tuple[int, int, int, int]:
    return _touched(first, second), len(first), _touched(second, first), len(second)


def _touched(spans: Marked, others: Marked) -> int:
    """How many spans meet another of their label: one that begins before their end and reaches past their start."""
    known: dict[Hashable, tuple[list[int], list[int]]] = {}
    for start, end, label in sorted(others, key=itemgetter(0)):
        starts, reach = known.setdefault(label, ([], []))
        starts.append(start)
        reach.append(max(end, reach[-1]) if reach else end)
    touched = 0
    for start, end, label in spans:
        starts, reach = known.get(label, ([], []))
        before = bisect_left(starts, end)
        touched += before > 0 and reach[before - 1] > start
    return touched


def _mean_f1(ratings: SpanRatings, matches: Matches, resampling: Resampling) -> Coefficient:
    if not ratings.pairable.any():
        return ratings.not_pairable()
    units = int(ratings.pairable.sum())
    found = _found(ratings, matches)
    row_of = ratings.drawn_with(resampling)
    number = int(row_of.max()) + 1
    if number * found.pairs * 4 > MOST_CELLS:
        row_of, number = np.zeros_like(row_of), 1
    sums = np.zeros((number, found.pairs, 4))
    np.add.at(sums, (row_of[found.unit], found.pair), found.counts)
    drawn = Rows(sums.reshape(number, -1), np.ones(number, dtype=np.int64))
    return estimate(
        drawn,
        _mean_over_pairs,
        units=units,
        undefined=NO_SPANS,
        dropped=ratings.dropped(units),
        resampling=resampling,
    )


@dataclass(frozen=True, eq=False)
class Found:
    """Four counts (entries, 4) for each unit and pair of raters where either marked a span."""

    counts: FloatArray
    unit: IntArray
    pair: IntArray
    pairs: int


def _found(ratings: SpanRatings, matches: Matches) -> Found:
    counts: list[tuple[int, int, int, int]] = []
    unit_of: list[int] = []
    pair_of: list[int] = []
    places: dict[tuple[int, int], int] = {}
    for unit, everyone in enumerate(zip(*ratings.marked, strict=True)):
        answers = [(rater, own) for rater, own in enumerate(everyone) if own is not None]
        for (a, first), (b, second) in combinations(answers, 2):
            if first or second:
                counts.append(matches(first, second))
                unit_of.append(unit)
                pair_of.append(places.setdefault((a, b), len(places)))
    shaped = np.array(counts, dtype=np.float64).reshape(-1, 4)
    return Found(shaped, np.array(unit_of, dtype=np.int64), np.array(pair_of, dtype=np.int64), len(places))


def _mean_over_pairs(sums: FloatArray) -> FloatArray:
    """2PR / (P + R) of each pair from (replicates, 4 * pairs), averaged over the pairs with any span."""
    matched, given, matched_other, given_other = np.moveaxis(sums.reshape(len(sums), -1, 4), 2, 0)
    share = matched / np.maximum(given, 1)
    share_other = matched_other / np.maximum(given_other, 1)
    both = share + share_other
    f1 = np.divide(2 * share * share_other, both, out=np.zeros_like(both), where=both > 0)
    some = given + given_other > 0
    return np.where(some.any(axis=1), (f1 * some).sum(axis=1) / np.maximum(some.sum(axis=1), 1), np.nan)
