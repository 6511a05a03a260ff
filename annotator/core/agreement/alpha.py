"""Krippendorff's alpha and its two halves, observed and expected disagreement."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .coding import Ratings, encode
from .coefficient import NO_RATINGS, NO_VARIATION, NOT_PAIRABLE, Coefficient, not_defined
from .distance import Disagreement, disagreement
from .patterns import Patterns
from .resample import Resampling, estimate, grouped, rows

Figure = Callable[[FloatArray, FloatArray], FloatArray]


def krippendorff_alpha(
    ratings: Ratings,
    *,
    metric: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    distance: Mapping[str, float] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Krippendorff's alpha = 1 - D_o / D_e for any number of raters, with missing ratings.

    `ratings`: one sequence a rater, one entry a unit, None = missing; see `encode`. `metric`: nominal, ordinal,
    interval, ratio; for sets jaccard, masi, dice (or nominal: equal or not); custom with `distance`. `categories`
    gives the order of an ordinal scale. Units with fewer than two ratings are dropped. Not defined when nothing
    is pairable or nothing varies (D_e = 0). Raises ValueError where the metric does not fit the values.

    Krippendorff (2011), Computing Krippendorff's alpha-reliability; (2018), Content Analysis, 4th ed., ch. 12.
    Sets: Passonneau (2006), LREC. Interval: see `resample`. Gwet's standard error, see `_standard_error`, but for
    ordinal alpha, whose distances follow the ratings.

    >>> round(krippendorff_alpha([[1, 2, 3, 3], [1, 2, 3, 2]]).value, 4)
    0.6667
    """

    def alpha(observed: FloatArray, expected: FloatArray) -> FloatArray:
        return 1 - observed / expected

    figure = _where_varied(alpha)
    return _figure(ratings, metric, categories, distance, figure, NO_VARIATION, resampling, with_error=True)


def alpha_label(
    ratings: Ratings,
    *,
    label: Hashable,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Nominal alpha of one label after all others are merged; for sets, its presence against its absence.

    Krippendorff (2018, ch. 12.4). The merged form, unlike the per-category form over coincidences, stays right with
    missing ratings.
    """
    return krippendorff_alpha(encode(ratings, categories).presence(label), **resampling)


def observed_disagreement(
    ratings: Ratings,
    *,
    metric: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    distance: Mapping[str, float] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """D_o of Krippendorff's alpha; arguments as there. Defined as soon as one unit has two ratings."""

    def observed_only(observed: FloatArray, _: FloatArray) -> FloatArray:
        return observed

    return _figure(ratings, metric, categories, distance, observed_only, NOT_PAIRABLE, resampling)


def expected_disagreement(
    ratings: Ratings,
    *,
    metric: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    distance: Mapping[str, float] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """D_e of Krippendorff's alpha; arguments as there. 0 when nothing varies."""

    def expected_only(_: FloatArray, expected: FloatArray) -> FloatArray:
        return expected

    return _figure(ratings, metric, categories, distance, expected_only, NOT_PAIRABLE, resampling)


def _where_varied(figure: Figure) -> Figure:
    def guarded(observed: FloatArray, expected: FloatArray) -> FloatArray:
        varied = expected > 0
        return np.where(varied, figure(observed, np.where(varied, expected, 1.0)), np.nan)

    return guarded


def _figure(
    ratings: Ratings,
    metric: str,
    categories: Sequence[Hashable] | None,
    distance: Mapping[str, float] | None,
    figure: Figure,
    undefined: str,
    resampling: Resampling,
    *,
    with_error: bool = False,
) -> Coefficient:
    coded = encode(ratings, categories)
    patterns = coded.patterns
    units = patterns.number_with(2)
    dropped = coded.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=dropped)
    kept = patterns.at_least(2)
    apart = disagreement(metric, coded.labels, kept, distance)
    columns = apart.columns(kept)
    return estimate(
        rows(columns, kept, grouped(patterns, 2, resampling)),
        _of(apart, figure),
        units=units,
        undefined=undefined,
        dropped=dropped,
        se=_standard_error(kept, apart, columns[:, 0]) if with_error else None,
        resampling=resampling,
    )


def _standard_error(patterns: Patterns, apart: Disagreement, observed: FloatArray) -> float | None:
    """Gwet's standard error by linearisation over the n units (2014, ch. 5), here in distances: free of their scale.

    With a_i, `observed`, the disagreement of a unit's pairs over m_i - 1, e_i that of its ratings with the average
    rating, N the number of ratings and q = sum a_i / sum e_i, the variance is sum_i x_i^2 / (n (n - 1)) where
    x_i = q (1 - 1/N) (m_i/m - 1) - a_i/E + q - 2 q (m_i/m - e_i/E), m = N / n and E = sum e_i / n.
    """
    own = apart.from_all(patterns)
    units = patterns.units
    if own is None or units < 2:
        return None
    repeats = patterns.repeats.astype(np.float64)
    expected = repeats @ own / units
    if not expected > 0:
        return None
    ratio = repeats @ observed / units / expected
    ratings = repeats @ patterns.sizes
    size = patterns.sizes * units / ratings
    moved = ratio * (1 - 1 / ratings) * (size - 1) - observed / expected + ratio - 2 * ratio * (size - own / expected)
    return float(np.sqrt(repeats @ moved**2 / (units * (units - 1))))


def _of(apart: Disagreement, figure: Figure) -> Callable[[FloatArray], FloatArray]:
    return lambda sums: figure(*apart.observed_and_expected(sums))
