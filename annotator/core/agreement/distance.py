"""How far two values are apart, and the disagreement observed and expected under such a distance."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .arrays import FloatArray
from .coding import numbers
from .patterns import Patterns

SET_METRICS = ("jaccard", "masi", "dice")
MOST_RANKS = 30
NOISE = 1e-12
"""Relative size below which a difference of two moments is rounding, not variation."""


def set_distance(a: Collection[Hashable], b: Collection[Hashable], metric: str = "masi") -> float:
    """Distance of two sets of labels, 0 (equal) to 1 (disjoint).

    `jaccard` is 1 - |a & b| / |a | b|, `dice` 1 - 2|a & b| / (|a| + |b|); `masi` is 1 - Jaccard * m with m = 1, 2/3,
    1/3, 0 for equal, one within the other, overlapping, disjoint (Passonneau 2006, LREC). The empty set
    is an answer: it equals itself and is disjoint from any other. Raises ValueError on another metric.

    >>> round(set_distance({"a"}, {"a", "b"}, "masi"), 4)
    0.6667
    """
    first, second = frozenset(a), frozenset(b)
    if metric not in SET_METRICS:
        raise ValueError(f"{metric!r} is no distance of sets; choose from {', '.join(SET_METRICS)}.")
    if first == second:
        return 0.0
    shared, union = len(first & second), len(first | second)
    if metric == "dice":
        return 1 - 2 * shared / (len(first) + len(second))
    if metric == "jaccard" or not shared:
        return 1 - shared / union
    monotonicity = 2 / 3 if first < second or second < first else 1 / 3
    return 1 - shared / union * monotonicity


class Disagreement(Protocol):
    """A measure of disagreement written as sums over units, so that it can be resampled."""

    def columns(self, patterns: Patterns) -> FloatArray:
        """What each pattern adds (patterns, columns)."""

    def observed_and_expected(self, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        """D_o and D_e of each row of sums (replicates, columns)."""

    def from_all(self, patterns: Patterns) -> FloatArray | None:
        """How far the ratings of a pattern are from an average one, added up (patterns,); None if distances vary."""


@dataclass(frozen=True, eq=False)
class FixedDistance:
    """Distances that don't depend on the data: `matrix` (values, values), 0 on its diagonal.

    Krippendorff (2011, Computing Krippendorff's alpha-reliability):
    D_o = 1/n sum_u sum_ck n_uc n_uk d_ck / (m_u - 1) and D_e = 1/(n(n-1)) sum_ck n_c n_k d_ck.
    """

    matrix: FloatArray

    def columns(self, patterns: Patterns) -> FloatArray:
        counts = patterns.counts(len(self.matrix))
        apart = ((counts @ self.matrix) * counts).sum(axis=1) / (patterns.sizes - 1)
        return np.column_stack([apart, counts])

    def observed_and_expected(self, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        counts = sums[:, 1:]
        ratings = counts.sum(axis=1)
        expected = ((counts @ self.matrix) * counts).sum(axis=1)
        return sums[:, 0] / ratings, expected / (ratings * (ratings - 1))

    def from_all(self, patterns: Patterns) -> FloatArray:
        totals = patterns.totals(len(self.matrix))
        return np.asarray(patterns.counts(len(self.matrix)) @ (self.matrix @ (totals / totals.sum())))


@dataclass(frozen=True, eq=False)
class SquaredDifference:
    """The interval metric d_ck = (x_c - x_k)^2 through moments, so that any number of distinct values is cheap.

    sum_ck n_c n_k (x_c - x_k)^2 = 2 (n sum x^2 - (sum x)^2); `values` (values,) are centred against rounding. `fixed`
    is False where they are ranks, which follow the ratings.
    """

    values: FloatArray
    fixed: bool = True

    def columns(self, patterns: Patterns) -> FloatArray:
        sizes, first, second = self._moments(patterns)
        return np.column_stack([_spread(sizes, first, second) / (sizes - 1), sizes, first, second])

    def _moments(self, patterns: Patterns) -> tuple[FloatArray, FloatArray, FloatArray]:
        given = np.append(self.values - self.values.mean(), 0.0)[patterns.slots]
        return patterns.sizes.astype(np.float64), given.sum(axis=1), (given**2).sum(axis=1)

    def observed_and_expected(self, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        apart, ratings, first, second = sums.T
        return apart / ratings, _spread(ratings, first, second) / (ratings * (ratings - 1))

    def from_all(self, patterns: Patterns) -> FloatArray | None:
        if not self.fixed:
            return None
        sizes, first, second = self._moments(patterns)
        ratings, mean, square = (float(patterns.repeats @ moment) for moment in (sizes, first, second))
        return np.asarray(second - 2 * first * mean / ratings + sizes * square / ratings)


def _spread(size: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    spread = size * second - first**2
    return np.where(spread > NOISE * size * second, 2 * spread, 0.0)


@dataclass(frozen=True, eq=False)
class RankDifference:
    """The ordinal metric: squared distance of the mid-ranks of two values among the pairable ratings.

    Krippendorff (2011): d_ck = (sum_{g=c..k} n_g - (n_c + n_k)/2)^2. With r_c = sum_{g<c} n_g + n_c/2 that is
    (r_c - r_k)^2. Ranks follow the ratings drawn, so replicates need the coincidences of each pair of values.
    """

    values: int

    def columns(self, patterns: Patterns) -> FloatArray:
        counts = patterns.counts(self.values)
        low, high = np.triu_indices(self.values, 1)
        pairs = 2 * counts[:, low] * counts[:, high] / (patterns.sizes - 1)[:, None]
        return np.hstack([counts, pairs])

    def observed_and_expected(self, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        counts, pairs = sums[:, : self.values], sums[:, self.values :]
        ratings = counts.sum(axis=1)
        ranks = np.cumsum(counts, axis=1) - counts / 2
        low, high = np.triu_indices(self.values, 1)
        observed = (pairs * (ranks[:, low] - ranks[:, high]) ** 2).sum(axis=1)
        expected = 2 * (ratings * (counts * ranks**2).sum(axis=1) - (counts * ranks).sum(axis=1) ** 2)
        alike = counts.max(axis=1, initial=0) == ratings
        return observed / ratings, np.where(alike, 0.0, expected / (ratings * (ratings - 1)))

    def from_all(self, patterns: Patterns) -> None:
        return None


def disagreement(
    metric: str,
    labels: Sequence[Hashable],
    patterns: Patterns,
    distance: Mapping[str, float] | None = None,
) -> Disagreement:
    """The disagreement of a metric over these labels. Raises ValueError if the metric does not fit them.

    An ordinal scale of more than MOST_RANKS values (a slider) takes its ranks from the whole sample, `patterns`: the
    figure is the same, and only its interval leaves out that ranks shift a little from replicate to replicate.
    """
    if metric == "interval":
        return SquaredDifference(numbers(labels))
    if metric != "ordinal":
        return FixedDistance(distance_matrix(metric, labels, distance))
    if len(labels) <= MOST_RANKS:
        return RankDifference(len(labels))
    counts = patterns.totals(len(labels))
    return SquaredDifference(np.cumsum(counts) - counts / 2, fixed=False)


def distance_matrix(metric: str, labels: Sequence[Hashable], distance: Mapping[str, float] | None = None) -> FloatArray:
    """Distances (values, values) of a metric that does not depend on frequencies.

    `ratio` is ((c - k) / (c + k))^2; `custom` takes `distance`, a map "x|y" -> symmetric distance, as it is.
    """
    if metric == "nominal":
        return 1.0 - np.eye(len(labels))
    if metric == "ratio":
        return _ratio(numbers(labels))
    if metric == "custom":
        return _custom(labels, distance or {})
    if metric not in SET_METRICS:
        raise ValueError(f"{metric!r} is no metric of agreement.")
    return _set_distances([label if isinstance(label, frozenset) else frozenset([label]) for label in labels], metric)


def _set_distances(sets: Sequence[frozenset[Hashable]], metric: str) -> FloatArray:
    """`set_distance` of every two sets at once, from the sizes of their intersections."""
    place = {label: column for column, label in enumerate({label for own in sets for label in own})}
    member = np.zeros((len(sets), len(place)))
    for row, own in enumerate(sets):
        member[row, [place[label] for label in own]] = 1
    shared, sizes = member @ member.T, member.sum(axis=1)
    smaller, larger = np.minimum.outer(sizes, sizes), np.maximum.outer(sizes, sizes)
    if metric == "dice":
        alike = 2 * shared / np.maximum(smaller + larger, 1)
    else:
        alike = shared / np.maximum(smaller + larger - shared, 1)
    if metric == "masi":
        alike = alike * np.where(shared == smaller, 2 / 3, 1 / 3)
    return np.where(shared == larger, 0.0, 1 - alike)


def _ratio(values: FloatArray) -> FloatArray:
    total = values[:, None] + values[None, :]
    share = np.divide(values[:, None] - values[None, :], total, out=np.zeros_like(total), where=total != 0)
    return np.asarray(share**2)


def _custom(labels: Sequence[Hashable], distance: Mapping[str, float]) -> FloatArray:
    matrix = np.zeros((len(labels), len(labels)))
    for row, a in enumerate(labels):
        for column, b in enumerate(labels[:row]):
            known = distance.get(f"{a}|{b}", distance.get(f"{b}|{a}"))
            if known is None:
                raise ValueError(f"No distance is given for {a!r} and {b!r}.")
            matrix[row, column] = matrix[column, row] = known
    return matrix
