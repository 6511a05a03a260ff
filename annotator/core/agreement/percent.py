"""Agreement as a percentage, not corrected for chance.

Only equality inside a unit counts, so any number of different values (free text) costs nothing.
"""

from collections.abc import Hashable, Sequence
from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .chance import linearised_error
from .coding import Ratings, encode
from .coefficient import NO_RATINGS, NOT_PAIRABLE, Coefficient, not_defined
from .patterns import Patterns
from .resample import Resampling, estimate, grouped, rows


def percent_agreement(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Mean over the units with two or more ratings of the share of agreeing rater pairs, with Gwet's se.

    p_a = 1/n' sum_i sum_k r_ik (r_ik - 1) / (r_i (r_i - 1)) over the n' units with r_i > 1 (Gwet 2014, Handbook of
    Inter-Rater Reliability, 4th ed., ch. 2; se: ch. 5). Arguments as in `krippendorff_alpha`.

    >>> percent_agreement([["a", "b"], ["a", "a"]]).value
    0.5
    """
    return _percentage(ratings, categories, 1, resampling)


def percent_agreement_pairable(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Share of agreeing rater pairs with each unit weighted by its number of ratings, as alpha weighs it: 1 - D_o.

    Krippendorff (2011), Computing Krippendorff's alpha-reliability. No standard error.
    """
    return _percentage(ratings, categories, 2, resampling)


def _percentage(
    ratings: Ratings, categories: Sequence[Hashable] | None, at_least: int, resampling: Resampling
) -> Coefficient:
    """With `at_least` 1 each pairable unit weighs 1 (single ratings only enter the se), with 2 its ratings."""
    coded = encode(ratings, categories)
    patterns = coded.patterns
    units = patterns.number_with(2)
    dropped = coded.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=dropped)
    kept = patterns.at_least(at_least)
    agreeing = _agreeing(kept)
    weight = (kept.sizes > 1).astype(np.float64) if at_least == 1 else kept.sizes.astype(np.float64)
    error = linearised_error(agreeing, weight, kept.repeats.astype(np.float64), 0.0, None) if at_least == 1 else None
    return estimate(
        rows(np.column_stack([agreeing * weight, weight]), kept, grouped(patterns, at_least, resampling)),
        _ratio,
        units=units,
        undefined=NOT_PAIRABLE,
        dropped=dropped,
        se=error,
        resampling=resampling,
    )


def _ratio(sums: FloatArray) -> FloatArray:
    return np.asarray(np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0))


def _agreeing(patterns: Patterns) -> FloatArray:
    """Share of equal pairs in each pattern (patterns,), 0 where there is no pair."""
    slots, sizes = patterns.slots, patterns.sizes
    equal = np.zeros(len(slots))
    for lag in range(1, slots.shape[1]):
        equal += ((slots[:, lag:] == slots[:, :-lag]) & (slots[:, lag:] >= 0)).sum(axis=1)
    return np.asarray(2 * equal / np.maximum(sizes * (sizes - 1), 1))
