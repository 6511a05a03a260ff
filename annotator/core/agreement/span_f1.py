"""F1 of two raters' spans: how many of the one have a counterpart among the other's. Not corrected for chance."""

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import Unpack

import numpy as np

from .arrays import BoolArray, FloatArray
from .coefficient import NO_RATINGS, NO_SPANS, NOT_PAIRABLE, Coefficient, not_defined
from .resample import Resampling, Rows, estimate, group_codes, rows
from .spans import Marked, SpanRatings, span_ratings

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
    return _mean_f1(_only(ratings, label), _exact, resampling)


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
    return _mean_f1(_only(ratings, label), _overlapping, resampling)


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


def _only(ratings: SpanRatings, label: Hashable | None) -> SpanRatings:
    if label is None:
        return ratings
    kept = tuple(tuple(own and frozenset(s for s in own if s[2] == label) for own in row) for row in ratings.marked)
    return SpanRatings(kept, ratings.extents)


def _exact(first: Marked, second: Marked) -> tuple[int, int, int, int]:
    shared = len(first & second)
    return shared, len(first), shared, len(second)


def _overlapping(first: Marked, second: Marked) -> tuple[int, int, int, int]:
    return _touched(first, second), len(first), _touched(second, first), len(second)


def _touched(spans: Marked, others: Marked) -> int:
    return sum(any(a < d and c < b and label == other for c, d, other in others) for a, b, label in spans)


def _mean_f1(ratings: SpanRatings, matches: Matches, resampling: Resampling) -> Coefficient:
    pairable = ratings.answered().sum(axis=0) >= 2
    units = int(pairable.sum())
    dropped = ratings.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if ratings.answered().any() else NO_RATINGS, dropped=dropped)
    drawn = _rows(ratings, pairable, matches, resampling)
    return estimate(drawn, _mean_over_pairs, units=units, undefined=NO_SPANS, dropped=dropped, resampling=resampling)


def _rows(ratings: SpanRatings, pairable: BoolArray, matches: Matches, resampling: Resampling) -> Rows:
    """Four counts for each pair of raters and unit: (units, 4 * pairs)."""
    pairs = list(combinations(ratings.marked, 2))
    counts = np.zeros((ratings.units, len(pairs), 4))
    for place, (one, other) in enumerate(pairs):
        for unit, (first, second) in enumerate(zip(one, other, strict=True)):
            if first is not None and second is not None and (first or second):
                counts[unit, place] = matches(first, second)
    used = counts[pairable].reshape(int(pairable.sum()), -1)
    return rows(used, np.arange(len(used)), group_codes(resampling.get("groups"), pairable))


def _mean_over_pairs(sums: FloatArray) -> FloatArray:
    """2PR / (P + R) of each pair from (replicates, 4 * pairs), averaged over the pairs with any span."""
    matched, given, matched_other, given_other = np.moveaxis(sums.reshape(len(sums), -1, 4), 2, 0)
    share = matched / np.maximum(given, 1)
    share_other = matched_other / np.maximum(given_other, 1)
    both = share + share_other
    f1 = np.divide(2 * share * share_other, both, out=np.zeros_like(both), where=both > 0)
    some = given + given_other > 0
    return np.where(some.any(axis=1), (f1 * some).sum(axis=1) / np.maximum(some.sum(axis=1), 1), np.nan)
