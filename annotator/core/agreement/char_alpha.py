"""Krippendorff's alpha with the single character as the thing that is rated.

Every character inside a unit is an item; its value is the label of the span over it, or none. That needs no
tokeniser, punishes every character of a shifted boundary, and takes long spans for more than short ones
(nominal alpha as in Krippendorff 2011, on the coincidences of characters).
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .coding import Coded
from .coefficient import NO_SPANS, NO_VARIATION, Coefficient
from .distance import FixedDistance
from .resample import Resampling, Rows, estimate, rows
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
    return _alpha(ratings, lambda coded: coded.presence(label), resampling)


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
    return _alpha(ratings, whether_marked, resampling)


def character_sums(ratings: SpanRatings, coded: Coded, resampling: Resampling) -> Rows:
    """What is drawn (rows, 1 + values): characters on which two raters differ, over m - 1, and characters by value.

    `coded` holds the values of the `compared` stretches of `ratings`. A row is a unit or an article.
    """
    runs = ratings.compared
    columns = FixedDistance(1 - np.eye(len(coded.labels))).columns(coded.patterns)
    return rows(columns, coded.patterns, ratings.drawn_with(resampling)[runs.unit], runs.lengths)


def whether_marked(coded: Coded) -> Coded:
    """1 where there is a label, whichever; 0 where there is none."""
    return coded.read([1 if label else 0 for label in coded.labels], (0, 1))


def _alpha(ratings: SpanRatings, read: Callable[[Coded], Coded], resampling: Resampling) -> Coefficient:
    if not ratings.pairable.any():
        return ratings.not_pairable()
    units = int(ratings.pairable.sum())
    return estimate(
        character_sums(ratings, read(ratings.compared.coded), resampling),
        alpha_of_sums,
        units=units,
        undefined=NO_VARIATION if ratings.any_span else NO_SPANS,
        dropped=ratings.dropped(units),
        resampling=resampling,
    )


def alpha_of_sums(sums: FloatArray) -> FloatArray:
    """D_o = differing / N and D_e = (N^2 - sum N_c^2) / (N (N - 1)), N the characters of all raters."""
    differing, characters = sums[:, 0], sums[:, 1:]
    whole = characters.sum(axis=1)
    return against_chance(differing * (whole - 1), whole**2 - (characters**2).sum(axis=1))


def against_chance(disagreement: FloatArray, chance: FloatArray) -> FloatArray:
    """1 - disagreement / chance, NaN where there is nothing that chance could tell apart."""
    varied = chance > 0
    return np.where(varied, 1 - disagreement / np.where(varied, chance, 1.0), np.nan)
