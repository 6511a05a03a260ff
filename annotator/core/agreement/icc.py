"""Intraclass correlations of single ratings, for numbers on an interval scale.

McGraw & Wong (1996), Forming inferences about some intraclass correlation coefficients, Psychological Methods 1,
30-46; ICC(1) and ICC(A,1) there are ICC(1,1) and ICC(2,1) of Shrout & Fleiss (1979), Psychological Bulletin 86.
Both ask for the same numbers, not merely for the same order, so a rater who is always stricter lowers them. They are
the share of variance that lies between the units: where units hardly differ they are low however close the raters.
"""

from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .coding import Coded, Ratings, encode, numbers
from .coefficient import NO_RATINGS, NO_VARIATION, NOT_PAIRABLE, Coefficient, not_defined
from .distance import NOISE
from .patterns import Patterns
from .resample import Resampling, estimate, grouped, rows

ONE_UNIT = "only one unit can be compared, and it takes two to see how units differ"
NOT_BY_ALL = "not rated by every rater"
NO_COMMON = "no unit was rated by every rater"


def icc_1(ratings: Ratings, **resampling: Unpack[Resampling]) -> Coefficient:
    """ICC(1): one-way random effects, where units may be rated by different raters and by different numbers of them.

    `ratings`: one sequence of numbers a rater, None = missing; see `encode`. Units with fewer than two ratings are
    dropped. (MS_R - MS_W) / (MS_R + (k - 1) MS_W), McGraw & Wong (1996), table 4; with unequal numbers k is
    (N - sum k_i^2 / N) / (n - 1), the k_0 of the unbalanced analysis of variance (Donner 1986, International
    Statistical Review 54). Not defined on one unit, nor where nothing varies. Raises ValueError on what is no number.

    >>> round(icc_1([[9, 2, 5, 8], [7, 1, 6, 9], [8, 3, 5, None]]).value, 3)
    0.921
    """
    coded = encode(ratings)
    patterns = coded.patterns
    kept = patterns.at_least(2)
    units = patterns.number_with(2)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=coded.dropped(0))
    columns = _one_way_columns(kept, _centred(coded))
    drawn = rows(columns, kept, grouped(patterns, 2, resampling))
    reason = NO_VARIATION if units > 1 else ONE_UNIT
    return estimate(drawn, _one_way, units=units, undefined=reason, dropped=coded.dropped(units), resampling=resampling)


def icc_a1(ratings: Ratings, **resampling: Unpack[Resampling]) -> Coefficient:
    """ICC(A,1): two-way random effects, absolute agreement, where every unit is rated by every rater.

    Arguments as in `icc_1`. Units that a rater left out are dropped; a rater who rated nothing is left out himself.
    (MS_R - MS_E) / (MS_R + (k - 1) MS_E + k / n (MS_C - MS_E)), McGraw & Wong (1996), table 4.

    >>> round(icc_a1([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2]]).value, 3)
    0.126
    """
    coded = encode(ratings)
    patterns = coded.of_active().by_rater
    raters = patterns.slots.shape[1]
    if raters < 2:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=coded.dropped(0))
    kept = patterns.at_least(raters)
    units = patterns.number_with(raters)
    dropped = {NOT_BY_ALL: coded.units - units} if units < coded.units else {}
    if not units:
        return not_defined(NO_COMMON, dropped=dropped)
    drawn = rows(_two_way_columns(kept, _centred(coded)), kept, grouped(patterns, raters, resampling))
    reason = NO_VARIATION if units > 1 else ONE_UNIT
    return estimate(drawn, _two_way, units=units, undefined=reason, dropped=dropped, resampling=resampling)


def _centred(coded: Coded) -> FloatArray:
    """The number of each code and, last, 0 for a missing one; centred against rounding."""
    values = numbers(coded.labels)
    return np.append(values - values.mean(), 0.0)


def _one_way_columns(patterns: Patterns, values: FloatArray) -> FloatArray:
    sizes = patterns.sizes.astype(np.float64)
    given = values[patterns.slots]
    total = given.sum(axis=1)
    return np.column_stack([np.ones(len(sizes)), sizes, sizes**2, total, total**2 / sizes, (given**2).sum(axis=1)])


def _one_way(sums: FloatArray) -> FloatArray:
    """ICC(1) from (n, N, sum k_i^2, sum x, sum of squared unit totals over k_i, sum x^2) of each replicate."""
    units, ratings, sizes, total, between, squares = sums.T
    mean = total**2 / ratings
    of_units = _noiseless(between - mean, squares) / np.maximum(units - 1, 1)
    within = _noiseless(squares - between, squares) / (ratings - units)
    each = (ratings - sizes / ratings) / np.maximum(units - 1, 1)
    return _share(of_units - within, of_units + (each - 1) * within, units)


def _two_way_columns(patterns: Patterns, values: FloatArray) -> FloatArray:
    given = values[patterns.slots]
    total = given.sum(axis=1)
    between = total**2 / given.shape[1]
    return np.column_stack([np.ones(len(given)), between, (given**2).sum(axis=1), given])


def _two_way(sums: FloatArray) -> FloatArray:
    """ICC(A,1) from (n, sum of squared unit totals over k, sum x^2, total of each rater...) of each replicate."""
    units, between, squares, totals = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3:]
    raters = totals.shape[1]
    mean = totals.sum(axis=1) ** 2 / (units * raters)
    free = np.maximum(units - 1, 1)
    columns = (totals**2).sum(axis=1) / units - mean
    of_units = _noiseless(between - mean, squares) / free
    of_raters = _noiseless(columns, squares) / (raters - 1)
    error = _noiseless(squares - between - columns, squares) / (free * (raters - 1))
    whole = of_units + (raters - 1) * error + raters / units * (of_raters - error)
    return _share(of_units - error, whole, units)


def _noiseless(difference: FloatArray, scale: FloatArray) -> FloatArray:
    """A sum of squares, 0 where it is but the rounding of the two that were subtracted."""
    return np.where(difference > NOISE * scale, difference, 0.0)


def _share(part: FloatArray, whole: FloatArray, units: FloatArray) -> FloatArray:
    """NaN on a single unit or without any variance."""
    known = (units > 1) & (whole > 0)
    return np.where(known, part / np.where(known, whole, 1.0), np.nan)
