"""F1 of two raters' spans: how many of the one have a counterpart among the other's. Not corrected for chance."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Unpack

import numpy as np

from .arrays import BoolArray, FloatArray, IntArray
from .coefficient import NO_SPANS, Coefficient
from .placed import Placed
from .resample import Resampling, Rows, estimate
from .spans import SpanRatings, span_ratings

MOST_CELLS = 50_000_000
"""Most counts held for resampling, 400 MB; so many pairs of annotators that more are needed get no interval."""

Matches = Callable[[Placed, Placed], BoolArray]
"""Which spans of the first rater (spans,) have a counterpart among the second's."""


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
    return _mean_f1(ratings, _of(ratings, label), Placed.same_in, resampling)


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
    return _mean_f1(ratings, ratings.placed.bare, Placed.same_in, resampling)


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
    return _mean_f1(ratings, _of(ratings, label), Placed.met_in, resampling)


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
    return _mean_f1(ratings, ratings.placed.bare, Placed.met_in, resampling)


def _of(ratings: SpanRatings, label: Hashable | None) -> Placed:
    return ratings.placed if label is None else ratings.only(label).placed


def _mean_f1(ratings: SpanRatings, spans: Placed, matches: Matches, resampling: Resampling) -> Coefficient:
    if not ratings.pairable.any():
        return ratings.not_pairable()
    units = int(ratings.pairable.sum())
    return estimate(
        _drawn(_found(ratings, spans, matches), ratings.drawn_with(resampling)),
        _mean_over_pairs,
        units=units,
        undefined=NO_SPANS,
        dropped=ratings.dropped(units),
        resampling=resampling,
    )


@dataclass(frozen=True, eq=False)
class Found:
    """Each span once for each other rater of its unit (entries,); `second` says which of the pair marked it."""

    unit: IntArray
    pair: IntArray
    second: BoolArray
    matched: BoolArray


def _found(ratings: SpanRatings, spans: Placed, matches: Matches) -> Found:
    """Match all units at once for each two places among those who answered: few, however many raters there are."""
    answered = ratings.answered
    slot_of = np.cumsum(answered, axis=0) - 1
    who = np.zeros((int(ratings.answers.max(initial=0)), ratings.units), dtype=np.int64)
    rater, unit = np.nonzero(answered)
    who[slot_of[rater, unit], unit] = rater
    slot = slot_of[spans.rater, spans.unit]
    parts = []
    for own, other in permutations(range(len(who)), 2):
        mine = spans.of((slot == own) & (ratings.answers[spans.unit] > other))
        low, high = (who[min(own, other)], who[max(own, other)])
        pair = (low * len(answered) + high)[mine.unit]
        second = np.full(len(pair), own > other)
        parts.append((mine.unit, pair, second, matches(mine, spans.of(slot == other))))
    unit, pair, second, matched = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Found(unit, np.unique(pair, return_inverse=True)[1], second, matched)


def _drawn(found: Found, row: IntArray) -> Rows:
    """Matched and given of the one, then of the other rater of each pair, for each row drawn (rows, 4 * pairs)."""
    pairs = int(found.pair.max(initial=-1)) + 1
    if (int(row.max()) + 1) * pairs * 4 > MOST_CELLS:
        row = np.minimum(row, 0)
    rows = int(row.max()) + 1
    cell = ((row[found.unit] * pairs + found.pair) * 2 + found.second) * 2
    cells = np.concatenate([cell[found.matched], cell + 1])
    sums = np.bincount(cells, minlength=rows * pairs * 4).reshape(rows, pairs * 4).astype(np.float64)
    return Rows(sums, np.ones(rows, dtype=np.int64))


def _mean_over_pairs(sums: FloatArray) -> FloatArray:
    """2PR / (P + R) of each pair from (replicates, 4 * pairs), averaged over the pairs with any span."""
    matched, given, matched_other, given_other = np.moveaxis(sums.reshape(len(sums), -1, 4), 2, 0)
    share = matched / np.maximum(given, 1)
    share_other = matched_other / np.maximum(given_other, 1)
    both = share + share_other
    f1 = np.divide(2 * share * share_other, both, out=np.zeros_like(both), where=both > 0)
    some = given + given_other > 0
    return np.where(some.any(axis=1), (f1 * some).sum(axis=1) / np.maximum(some.sum(axis=1), 1), np.nan)
