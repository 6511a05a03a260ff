"""Krippendorff's alpha with the single character as the thing that is rated.

Every character inside a unit is an item; its value is the label of the span over it, or none. That needs no
tokeniser, punishes every character of a shifted boundary, and takes long spans for more than short ones
(nominal alpha as in Krippendorff 2011, on the coincidences of characters).
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Unpack

import numpy as np

from .arrays import BoolArray, FloatArray, IntArray
from .coding import Coded
from .coefficient import NO_RATINGS, NO_SPANS, NO_VARIATION, NOT_PAIRABLE, Coefficient, not_defined
from .distance import FixedDistance
from .patterns import by_count
from .resample import Resampling, estimate, group_codes, rows
from .spans import SpanRatings, span_ratings


def char_alpha(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    label: Hashable | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Character-level alpha of the labels; with `label`, of marked with that label against not.

    `spans`, `start`, `end`, `extents`: see `span_ratings`. A character under several labels has their set as its
    value. Units with fewer than two answers are dropped; whole units (or articles, by `groups`) are resampled,
    since characters of one span are not independent. `units` counts units, not characters.

    >>> round(char_alpha([[(0, 4, "a")], [(0, 5, "a")]], start=0, end=20).value, 4)
    0.8602
    """
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    if label is None:
        return _alpha(ratings, lambda coded: coded, resampling)
    return _alpha(ratings, lambda coded: coded.merged(label), resampling)


def char_alpha_binary(
    spans: Sequence[Sequence[object]] | SpanRatings,
    *,
    start: int | None = None,
    end: int | None = None,
    extents: Sequence[tuple[int, int]] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Character-level alpha of marked, with whatever label, against not marked; arguments as in `char_alpha`."""
    ratings = span_ratings(spans, start=start, end=end, extents=extents)
    return _alpha(ratings, _marked, resampling)


def _marked(coded: Coded) -> Coded:
    marks = [1 if label else 0 for label in coded.labels]
    return Coded(np.array([*marks, -1], dtype=np.int64)[coded.codes], (0, 1))


def _alpha(ratings: SpanRatings, read: Callable[[Coded], Coded], resampling: Resampling) -> Coefficient:
    pairable = ratings.answered().sum(axis=0) >= 2
    units = int(pairable.sum())
    dropped = ratings.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if ratings.answered().any() else NO_RATINGS, dropped=dropped)
    runs = ratings.stretches
    used = pairable[runs.unit]
    coded = read(runs.coded)
    patterns = by_count(coded.codes[:, used])
    apart = FixedDistance(1 - np.eye(len(coded.labels)))
    whose = _drawn_units(pairable, resampling)[runs.unit[used]]
    drawn = rows(apart.columns(patterns), patterns.of_unit, whose, runs.lengths[used])

    def evaluate(sums: FloatArray) -> FloatArray:
        observed, expected = apart.observed_and_expected(sums)
        varied = expected > 0
        return np.where(varied, 1 - observed / np.where(varied, expected, 1.0), np.nan)

    undefined = NO_VARIATION if any(own for row in ratings.marked for own in row) else NO_SPANS
    return estimate(drawn, evaluate, units=units, undefined=undefined, dropped=dropped, resampling=resampling)


def _drawn_units(pairable: BoolArray, resampling: Resampling) -> IntArray:
    """For each unit, used or not, the place of what is drawn with it: itself or its article."""
    articles = group_codes(resampling.get("groups"), pairable)
    place = np.full(len(pairable), -1, dtype=np.int64)
    place[pairable] = np.arange(int(pairable.sum())) if articles is None else articles
    return place
