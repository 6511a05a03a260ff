"""Coefficients of two raters over the units both rated."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Unpack

import numpy as np

from .arrays import FloatArray, IntArray
from .chance import brennan_prediger, corrected, fleiss_kappa
from .coding import Coded, Ratings, encode
from .coefficient import NO_RATINGS, NO_VARIATION, NOT_PAIRABLE, ONE_VALUE, Coefficient, not_defined
from .distance import distance_matrix
from .patterns import Patterns
from .resample import Evaluate, Resampling, estimate, grouped, rows
from .weights import agreement_weights

ONE_RATER = "not rated by both"


def cohen_kappa(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Cohen's kappa of two raters, (p_o - p_e) / (1 - p_e) with p_e = sum_k p_1k p_2k, and its standard error.

    Exactly 0 when one rater used a single value; not defined when both used the same one. Raises ValueError unless
    there are two raters. Cohen (1960), Educational and Psychological Measurement 20; se: Fleiss, Cohen &
    Everitt (1969), Psychological Bulletin 72.

    >>> cohen_kappa([[1, 1, 2, 2], [1, 2, 2, 2]]).value
    0.5
    """
    coded = encode(ratings, categories)
    return _weighted(coded, 1 - np.eye(len(coded.labels)), resampling)


def cohen_kappa_weighted(
    ratings: Ratings,
    *,
    weights: str = "linear",
    disagreement_weights: Sequence[Sequence[float]] | None = None,
    distance: Mapping[str, float] | None = None,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Cohen's weighted kappa, 1 - sum v_ij o_ij / sum v_ij e_ij, of two raters, and its standard error.

    Disagreement v: `disagreement_weights` (values, values) in the order of the values, or `distance` ("x|y" ->
    distance), or else 1 - `weights` over the ranks of the values that occur (or of `categories`).
    Cohen (1968), Psychological Bulletin 70; se: Fleiss, Cohen & Everitt (1969).
    """
    coded = encode(ratings, categories)
    if disagreement_weights is not None:
        apart = np.array(disagreement_weights, dtype=np.float64)
    elif distance is not None:
        apart = distance_matrix("custom", coded.labels, distance)
    else:
        apart = 1 - agreement_weights(weights, len(coded.labels))
    if apart.shape != (len(coded.labels),) * 2:
        raise ValueError(f"Weights of shape {apart.shape} do not fit {len(coded.labels)} values.")
    return _weighted(coded, apart, resampling)


def cohen_expected_agreement(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Chance agreement p_e = sum_k p_1k p_2k of Cohen's kappa (Cohen 1960)."""
    coded = encode(ratings, categories)
    values = len(coded.labels)

    def evaluate(sums: FloatArray) -> FloatArray:
        _, first, second, units = _split(sums, values)
        return np.asarray((first * second).sum(axis=1) / units**2)

    return _two_raters(coded, 1 - np.eye(values), evaluate, NOT_PAIRABLE, resampling)


def scott_pi(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Scott's pi of two raters: as Cohen's kappa with the shares of both raters pooled in p_e, and its standard error.

    Scott (1955), Public Opinion Quarterly 19. For two raters Fleiss' kappa is the same figure, with Gwet's error.
    """
    coded = encode(ratings, categories)
    values = len(coded.labels)

    def evaluate(sums: FloatArray) -> FloatArray:
        apart, first, second, units = _split(sums, values)
        pooled = (first + second) / (2 * units[:, None])
        return corrected(1 - apart / units, (pooled**2).sum(axis=1))

    def error(both: Coded) -> float | None:
        return fleiss_kappa(both).se

    return _two_raters(coded, 1 - np.eye(values), evaluate, NO_VARIATION, resampling, error)


def bennett_s(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Bennett, Alpert and Goldstein's S of two raters: p_e = 1/q with q values in the codebook (`categories`).

    Bennett, Alpert & Goldstein (1954), Public Opinion Quarterly 18. For two raters Brennan and Prediger's
    coefficient is the same figure, with Gwet's error.
    """
    coded = encode(ratings, categories)
    values = len(coded.labels)

    def evaluate(sums: FloatArray) -> FloatArray:
        apart, *_, units = _split(sums, values)
        return corrected(1 - apart / units, np.full(len(sums), 1 / values))

    def error(both: Coded) -> float | None:
        return brennan_prediger(both).se

    return _two_raters(coded, 1 - np.eye(values), evaluate, ONE_VALUE, resampling, error)


def cohen_kappa_pairs(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> dict[tuple[int, int], Coefficient]:
    """Cohen's kappa of every two raters, known by their places in `ratings`."""
    coded = encode(ratings, categories)
    return {(a, b): cohen_kappa(coded.of_raters([a, b]), **resampling) for a, b in _pairs(coded)}


def light_kappa(
    ratings: Ratings, *, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Coefficient:
    """Light's kappa: the mean Cohen kappa over the rater pairs for which it is defined.

    Light (1971), Psychological Bulletin 76. The interval resamples units for all pairs together.
    """
    coded = encode(ratings, categories)
    patterns = coded.by_rater
    units = patterns.number_with(2)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS)
    kept = patterns.at_least(2)
    values = len(coded.labels)
    apart = 1 - np.eye(values)
    columns = np.hstack([_columns(kept.slots[:, [a, b]], apart) for a, b in _pairs(coded)])
    width = 1 + 2 * values

    def evaluate(sums: FloatArray) -> FloatArray:
        blocks = np.split(sums, range(width, sums.shape[1], width), axis=1)
        kappas = np.array([_kappa(block, apart) for block in blocks])
        defined = ~np.isnan(kappas)
        total = np.where(defined, kappas, 0.0).sum(axis=0)
        return np.where(defined.any(axis=0), total / np.maximum(defined.sum(axis=0), 1), np.nan)

    drawn = rows(columns, kept, grouped(patterns, 2, resampling))
    return estimate(drawn, evaluate, units=units, undefined=NO_VARIATION, resampling=resampling)


def _pairs(coded: Coded) -> Iterator[tuple[int, int]]:
    return combinations(range(coded.raters), 2)


def _weighted(coded: Coded, apart: FloatArray, resampling: Resampling) -> Coefficient:
    def error(both: Coded) -> float | None:
        return _kappa_error(both.by_rater, apart)

    return _two_raters(coded, apart, lambda sums: _kappa(sums, apart), NO_VARIATION, resampling, error)


def _two_raters(
    coded: Coded,
    apart: FloatArray,
    evaluate: Evaluate,
    undefined: str,
    resampling: Resampling,
    error: Callable[[Coded], float | None] = lambda both: None,
) -> Coefficient:
    if coded.raters != 2:
        raise ValueError(f"There are {coded.raters} raters; this coefficient compares two.")
    patterns, kept = coded.by_rater, coded.by_all.by_rater
    units = kept.units
    dropped = {ONE_RATER: coded.units - units} if units < coded.units else {}
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=dropped)
    drawn = rows(_columns(kept.slots, apart), kept, grouped(patterns, 2, resampling))
    se = error(coded.by_all)
    return estimate(drawn, evaluate, units=units, undefined=undefined, dropped=dropped, se=se, resampling=resampling)


def _columns(slots: IntArray, apart: FloatArray) -> FloatArray:
    """Disagreement and each rater's values (patterns, 1 + 2 * values); zeros where one of the two is missing."""
    both = slots.min(axis=1) >= 0
    one_hot = np.eye(len(apart))
    columns = np.column_stack([apart[slots[:, 0], slots[:, 1]], one_hot[slots[:, 0]], one_hot[slots[:, 1]]])
    return np.where(both[:, None], columns, 0.0)


def _split(sums: FloatArray, values: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    first, second = sums[:, 1 : 1 + values], sums[:, 1 + values :]
    return sums[:, 0], first, second, first.sum(axis=1)


def _kappa(sums: FloatArray, apart: FloatArray) -> FloatArray:
    observed, first, second, units = _split(sums, len(apart))
    expected = ((first @ apart) * second).sum(axis=1)
    varied = expected > 0
    return np.where(varied, 1 - observed * units / np.where(varied, expected, 1.0), np.nan)


def _kappa_error(kept: Patterns, apart: FloatArray) -> float | None:
    """Large-sample standard error of weighted kappa (Fleiss, Cohen & Everitt 1969), free of the scale of the weights.

    With w = 1 - v: n (1 - p_e)^2 var = sum_ij o_ij (w_ij - (w_i. + w_.j)(1 - k))^2 - (k - p_e (1 - k))^2, where w_i.
    and w_.j are the weights of a row and of a column averaged over the other rater's values.
    """
    table = np.zeros(apart.shape)
    table[kept.slots[:, 0], kept.slots[:, 1]] = kept.repeats
    units = table.sum()
    table /= units
    row, column = table.sum(axis=1), table.sum(axis=0)
    agreeing = 1 - apart
    expected = row @ agreeing @ column
    if not 1 - expected > 0:
        return None
    kappa = ((table * agreeing).sum() - expected) / (1 - expected)
    leaning = (agreeing @ column)[:, None] + (row @ agreeing)[None, :]
    spread = (table * (agreeing - leaning * (1 - kappa)) ** 2).sum() - (kappa - expected * (1 - kappa)) ** 2
    return float(np.sqrt(max(spread, 0.0) / units) / (1 - expected))
