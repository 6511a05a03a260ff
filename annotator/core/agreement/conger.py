"""Conger's kappa: Cohen's kappa for many raters, with missing ratings as in Gwet."""

from collections.abc import Hashable, Sequence
from typing import Unpack

import numpy as np

from .arrays import FloatArray, IntArray
from .chance import corrected, linearised_error, per_pattern
from .coding import Ratings, encode
from .coefficient import NO_RATINGS, NO_VARIATION, NOT_PAIRABLE, Coefficient, not_defined
from .patterns import Patterns
from .resample import Resampling, estimate, grouped, rows
from .weights import agreement_weights


def conger_kappa(
    ratings: Ratings,
    *,
    weights: str = "identity",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Coefficient:
    """Conger's kappa: chance agreement is the mean over rater pairs g, h of sum_kl w_kl p_gk p_hl, with its se.

    p_gk is rater g's share of value k among the units g rated. Equals Cohen's kappa for two raters. Raters who
    rated nothing are left out. Conger (1980), Psychological Bulletin 88; Gwet (2014), ch. 2 and 5.
    """
    coded = encode(ratings, categories)
    patterns = coded.of_active().by_rater
    units = patterns.number_with(2)
    dropped = coded.dropped(units)
    if not units:
        return not_defined(NOT_PAIRABLE if coded.any_rating else NO_RATINGS, dropped=dropped)
    kept = patterns.at_least(1)
    weighing = agreement_weights(weights, len(coded.labels))
    drawn = rows(_columns(kept, weighing), kept, grouped(patterns, 1, resampling))
    raters = patterns.slots.shape[1]
    return estimate(
        drawn,
        lambda sums: _evaluate(sums, raters, weighing),
        units=units,
        undefined=NO_VARIATION,
        dropped=dropped,
        se=_standard_error(kept, weighing),
        resampling=resampling,
    )


def _columns(patterns: Patterns, weighing: FloatArray) -> FloatArray:
    parts = per_pattern(patterns, weighing)
    given = _given(patterns.slots, len(weighing))
    return np.column_stack([parts.agreeing, parts.paired, given.reshape(len(given), -1)])


def _given(slots: IntArray, values: int) -> FloatArray:
    """1 where a rater gave a value (patterns, raters, values); all 0 where the rating is missing."""
    return np.vstack([np.eye(values), np.zeros(values)])[slots]


def _chance(shares: FloatArray, weighing: FloatArray) -> FloatArray:
    """Mean weighted chance agreement over pairs of raters from their shares (replicates, raters, values)."""
    raters = shares.shape[1]
    together = shares.sum(axis=1)
    everyone = ((together @ weighing) * together).sum(axis=1)
    oneself = ((shares @ weighing) * shares).sum(axis=(1, 2))
    return np.asarray((everyone - oneself) / (raters * (raters - 1)))


def _evaluate(sums: FloatArray, raters: int, weighing: FloatArray) -> FloatArray:
    """Kappa of each row of sums; a replicate in which a rater has no units is not defined."""
    agreement = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)
    given = sums[:, 2:].reshape(len(sums), raters, -1)
    rated = given.sum(axis=2, keepdims=True)
    shares = np.divide(given, rated, out=np.full_like(given, np.nan), where=rated > 0)
    return corrected(agreement, _chance(shares, weighing))


def _standard_error(patterns: Patterns, weighing: FloatArray) -> float | None:
    """Linearised: unit i moves rater g's share of k to n/n_g (d_igk - e_ig p_gk) + p_gk (Gwet 2014, ch. 5)."""
    parts = per_pattern(patterns, weighing)
    repeats = patterns.repeats.astype(np.float64)
    given = _given(patterns.slots, len(weighing))
    totals = np.tensordot(repeats, given, 1)
    rated = totals.sum(axis=1)
    shares = totals / rated[:, None]
    rating = given.sum(axis=2, keepdims=True)
    own = (repeats.sum() / rated)[None, :, None] * (given - rating * shares) + shares
    raters = len(rated)
    others = (shares.sum(axis=0)[None, :] - shares) @ ((weighing + weighing.T) / 2)
    own_chance = (own * others[None, :, :]).sum(axis=(1, 2)) / (raters * (raters - 1))
    expected = float(_chance(shares[None], weighing)[0])
    return linearised_error(parts.agreeing, parts.paired, repeats, expected, own_chance)
