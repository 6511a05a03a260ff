"""Which values pull alpha down: where the disagreement falls, and what alpha would be without it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray
from .coding import Coded
from .distance import distance_matrix
from .measures import Compared, compared
from .variable import VariableRatings

MOST_PAIRS = 100
SCALES = ("nominal", "ordinal", "masi", "jaccard", "span")


@dataclass(frozen=True)
class PulledPair:
    """Two answers that were given to one unit: `share` of all disagreement, `alpha` if none of it were there.

    Of sets, and of spans, `a` and `b` are sets of values; for spans the empty set is a place without a mark.
    """

    a: Hashable
    b: Hashable
    share: float
    alpha: float


@dataclass(frozen=True)
class PulledValue:
    """A value: `share` of the disagreement that involves it, `alpha` if none of it were there."""

    key: Hashable
    share: float
    alpha: float


@dataclass(frozen=True)
class Pull:
    """`alpha` of the whole, and what pulls it down, the heaviest first; what costs nothing is left out.

    `pairs` are at most MOST_PAIRS: many sets make many pairs.
    """

    alpha: float
    pairs: tuple[PulledPair, ...]
    values: tuple[PulledValue, ...]


def pull(ratings: VariableRatings) -> Pull | None:
    """How the observed disagreement of a closed variable's headline alpha is made up; None where alpha isn't defined.

    The share of two answers c, k is o_ck d_ck over the sum of all, with the coincidences o and the distances d of
    Krippendorff (2011, Computing Krippendorff's alpha-reliability). Without them alpha would be
    1 - (1 - share) (1 - alpha): expected disagreement is kept as it is, so this is no promise for a codebook in which
    the values are merged; `collapse` tells that. A value's share is that of the pairs in which only one side has it,
    so an ordinary disagreement counts for both values and shares of values don't add up to 1. Numbers and texts
    have no values, and None.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b", "c"], ["b", "b", "c"]], [1, 2, 3], [1, 1, 1])
    >>> [(pair.a, pair.b, pair.share) for pair in pull(whole).pairs]
    [('a', 'b', 1.0)]
    """
    data = compared(ratings)
    if data.scale not in SCALES:
        return None
    coded, lengths = _compared(data)
    if not coded.labels:
        return None
    coincidences = _coincidences(coded, lengths)
    distances = _distances(data.scale, coded)
    apart = coincidences * distances
    marginals = coincidences.sum(axis=1)
    total = marginals.sum()
    expected = marginals @ distances @ marginals
    if not expected > 0:
        return None
    remaining = float(apart.sum() * (total - 1) / expected)
    whole = apart.sum() or 1.0
    return Pull(
        alpha=1 - remaining,
        pairs=tuple(_pairs(coded.labels, 2 * apart / whole, remaining)),
        values=tuple(_values(data.values, coded.labels, apart / whole, remaining)),
    )


def _compared(data: Compared) -> tuple[Coded, FloatArray]:
    """What is compared and how much each weighs: a unit 1, a stretch of characters its length."""
    if data.spans is None:
        return data.coded, np.ones(data.coded.units)
    return data.spans.compared.coded, data.spans.compared.lengths


def _coincidences(coded: Coded, lengths: FloatArray) -> FloatArray:
    """How often two answers met (values, values), each pair of a unit's m ratings counting 1 / (m - 1)."""
    patterns = coded.patterns
    counts = patterns.counts(len(coded.labels))
    repeats = np.bincount(patterns.of_unit, weights=lengths, minlength=len(counts))
    say = np.where(patterns.sizes > 1, repeats / np.maximum(patterns.sizes - 1, 1), 0.0)
    met = counts.T @ (counts * say[:, None])
    return np.asarray(met - np.diag(say @ counts))


def _distances(scale: str, coded: Coded) -> FloatArray:
    if scale == "ordinal":
        pairable = coded.patterns.at_least(2)
        counts = pairable.totals(len(coded.labels))
        ranks = np.cumsum(counts) - counts / 2
        return np.asarray((ranks[:, None] - ranks[None, :]) ** 2)
    return distance_matrix("nominal" if scale == "span" else scale, coded.labels)


def _pairs(labels: Sequence[Hashable], shares: FloatArray, remaining: float) -> list[PulledPair]:
    rows, columns = np.nonzero(np.triu(shares, 1))
    heaviest = np.argsort(-shares[rows, columns], kind="stable")[:MOST_PAIRS]
    return [
        PulledPair(labels[a], labels[b], float(shares[a, b]), float(1 - (1 - shares[a, b]) * remaining))
        for a, b in zip(rows[heaviest].tolist(), columns[heaviest].tolist(), strict=True)
    ]


def _values(
    values: Sequence[Hashable], labels: Sequence[Hashable], shares: FloatArray, remaining: float
) -> list[PulledValue]:
    found = []
    for value in values:
        has = np.array([value in own if isinstance(own, frozenset) else own == value for own in labels])
        share = float(2 * shares[has][:, ~has].sum())
        if share:
            found.append(PulledValue(value, share, 1 - (1 - share) * remaining))
    return sorted(found, key=lambda pulled: -pulled.share)
