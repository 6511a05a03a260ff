"""Coefficients (p_a - p_e) / (1 - p_e) for many raters with missing ratings, in Gwet's general form.

Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 2-5. Units with one rating don't enter p_a but do
tell how often a value is used, hence p_e. Weights (values, values) are 1 for full agreement.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from .arrays import FloatArray
from .coding import Ratings, encode
from .coefficient import NO_RATINGS, NO_VARIATION, NOT_PAIRABLE, ONE_VALUE, Coefficient, not_defined
from .patterns import Patterns
from .resample import Evaluate, Resampling, estimate, grouped, rows
from .weights import agreement_weights

Chance = Callable[[FloatArray, FloatArray], FloatArray]
"""Chance agreement (replicates,) from shares of values (replicates, values) and weights (values, values)."""


def fleiss_kappa(
    ratings: Ratings,
    *,
    weights: str = "identity",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Fleiss' kappa, p_e = sum_kl w_kl p_k p_l, for missing ratings as in Gwet.

    p_k is the mean over units of the share of ratings with value k. Fleiss (1971), Psychological Bulletin 76;
    Gwet (2014), ch. 2 and, for the se, ch. 5.
    """

    def chance(shares: FloatArray, weighing: FloatArray) -> FloatArray:
        return np.asarray(((shares @ weighing) * shares).sum(axis=1))

    def influence(shares: FloatArray, weighing: FloatArray) -> FloatArray:
        return np.asarray((weighing + weighing.T) @ shares / 2)

    return _chance_corrected(ratings, categories, weights, chance, influence, NO_VARIATION, resampling)


def fleiss_label(
    ratings: Ratings,
    *,
    label: Hashable,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Fleiss' kappa of one label against all others merged (Fleiss 1971, "agreement on a particular category")."""
    return fleiss_kappa(encode(ratings, categories).presence(label), **resampling)


def gwet_ac(
    ratings: Ratings,
    *,
    weights: str = "identity",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Gwet's AC1 (identity weights) or AC2, p_e = T_w / (q (q - 1)) sum_k p_k (1 - p_k).

    q counts the values of the codebook (`categories`), used or not; T_w is the sum of all weights. Gwet (2008),
    British Journal of Mathematical and Statistical Psychology 61; Gwet (2014), ch. 4-5.
    """

    def per_value(weighing: FloatArray) -> float:
        q = len(weighing)
        return float(weighing.sum()) / (q * (q - 1)) if q > 1 else np.nan

    def chance(shares: FloatArray, weighing: FloatArray) -> FloatArray:
        return np.asarray(per_value(weighing) * (shares * (1 - shares)).sum(axis=1))

    def influence(shares: FloatArray, weighing: FloatArray) -> FloatArray:
        return np.asarray(per_value(weighing) * (1 - shares))

    return _chance_corrected(ratings, categories, weights, chance, influence, ONE_VALUE, resampling)


def brennan_prediger(
    ratings: Ratings,
    *,
    weights: str = "identity",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Brennan and Prediger's coefficient, p_e = T_w / q^2 with q values in the codebook (`categories`).

    Brennan & Prediger (1981), Educational and Psychological Measurement 41; Gwet (2014), ch. 4.
    """

    def chance(shares: FloatArray, weighing: FloatArray) -> FloatArray:
        return np.full(len(shares), weighing.mean() if len(weighing) > 1 else np.nan)

    return _chance_corrected(ratings, categories, weights, chance, _no_influence, ONE_VALUE, resampling)


def _no_influence(shares: FloatArray, _: FloatArray) -> FloatArray | None:
    return None


Influence = Callable[[FloatArray, FloatArray], FloatArray | None]
"""How chance agreement leans on each value (values,), or None if it is fixed beforehand."""


@dataclass(frozen=True, eq=False)
class PerPattern:
    """What each pattern adds: agreement of its pairs, whether it has pairs, its share of each value."""

    agreeing: FloatArray
    paired: FloatArray
    shares: FloatArray

    def columns(self) -> FloatArray:
        return np.column_stack([self.agreeing, self.paired, np.ones(len(self.paired)), self.shares])


def per_pattern(patterns: Patterns, weighing: FloatArray) -> PerPattern:
    """Split patterns of at least one rating into what the coefficients of this module sum."""
    counts = patterns.counts(len(weighing))
    return PerPattern(
        _agreeing(counts, weighing),
        (patterns.sizes > 1).astype(np.float64),
        counts / patterns.sizes[:, None],
    )


def _agreeing(counts: FloatArray, weighing: FloatArray) -> FloatArray:
    """Weighted share of agreeing pairs in each pattern; 0 where there is no pair."""
    sizes = counts.sum(axis=1)
    agreeing = (counts * (counts @ weighing.T - 1)).sum(axis=1)
    return np.asarray(agreeing / np.maximum(sizes * (sizes - 1), 1))


def corrected(agreement: FloatArray, chance: FloatArray) -> FloatArray:
    """(p_a - p_e) / (1 - p_e), NaN where chance agreement is complete or unknown."""
    room = 1 - chance
    some = room > 1e-12
    return np.where(some, (agreement - chance) / np.where(some, room, 1.0), np.nan)


def _chance_corrected(
    ratings: Ratings,
    categories: Sequence[Hashable] | None,
    weights: str,
    chance: Chance,
    influence: Influence,
    undefined: str,
    resampling: Resampling,
) -> Coefficient:
    coded = encode(ratings, categories)
    patterns = coded.patterns
    units = patterns.number_with(2)
    dropped = coded.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=dropped)
    kept = patterns.at_least(1)
    weighing = agreement_weights(weights, len(coded.labels))
    parts = per_pattern(kept, weighing)
    drawn = rows(parts.columns(), kept, grouped(patterns, 1, resampling))
    return estimate(
        drawn,
        _evaluate(chance, weighing),
        units=units,
        undefined=undefined,
        dropped=dropped,
        se=_standard_error(parts, kept, weighing, chance, influence),
        resampling=resampling,
    )


def _evaluate(chance: Chance, weighing: FloatArray) -> Evaluate:
    def evaluate(sums: FloatArray) -> FloatArray:
        paired = sums[:, 1]
        agreement = np.divide(sums[:, 0], paired, out=np.full(len(sums), np.nan), where=paired > 0)
        return corrected(agreement, chance(sums[:, 3:] / sums[:, 2:3], weighing))

    return evaluate


def _standard_error(
    parts: PerPattern, patterns: Patterns, weighing: FloatArray, chance: Chance, influence: Influence
) -> float | None:
    """Gwet's standard error by linearisation over units, sampled without finite correction (2014, ch. 5)."""
    repeats = patterns.repeats.astype(np.float64)
    shares = repeats @ parts.shares / repeats.sum()
    expected = float(chance(shares[None, :], weighing)[0])
    leaning = influence(shares, weighing)
    own_chance = None if leaning is None else parts.shares @ leaning
    return linearised_error(parts.agreeing, parts.paired, repeats, expected, own_chance)


def linearised_error(
    agreeing: FloatArray, paired: FloatArray, repeats: FloatArray, expected: float, own_chance: FloatArray | None
) -> float | None:
    """Standard error from each pattern's own agreement and own chance agreement.

    k_i = n/n' (p_a|i - p_e) / (1 - p_e) over the n' units with pairs, less 2 (1 - k) (p_e|i - p_e) / (1 - p_e);
    the variance is sum (k_i - k)^2 / (n (n - 1)).
    """
    units = float(repeats.sum())
    if units < 2 or not expected < 1 - 1e-12:
        return None
    own = units / float(repeats @ paired) * (agreeing - expected * paired) / (1 - expected)
    value = float(repeats @ own) / units
    if own_chance is not None:
        own = own - 2 * (1 - value) * (own_chance - expected) / (1 - expected)
    return float(np.sqrt(repeats @ (own - value) ** 2 / (units * (units - 1))))
