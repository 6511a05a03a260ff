"""Agreement between two groups of annotators, such as experts and students."""

from collections.abc import Sequence

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray
from .coding import Coded
from .coefficient import NO_VARIATION, Coefficient, not_defined
from .distance import distance_matrix
from .measures import Compared, compared
from .report import ENOUGH_ARTICLES
from .resample import Resampling, Rows, estimate
from .variable import VariableRatings, numeric

MOST_VALUES = 200
NO_VALUES = "no closed list of values, so only the agreement within each group is given"
NO_UNIT_OF_BOTH = "no unit was answered by both groups"


def between_groups(
    ratings: VariableRatings,
    first: Sequence[int],
    second: Sequence[int],
    *,
    replicates: int | None = None,
    seed: int | None = None,
) -> Coefficient:
    """1 - D_o / D_e, where only annotators of different groups are compared; groups are rows of the ratings.

    D_o is the mean over the units that both groups answered of the distance between an answer of the one group and an
    answer of the other; D_e that of two answers drawn from all those of the one and of the other. Schouten (1982),
    Measuring pairwise interobserver agreement, Statistica Neerlandica 36, in the form for incomplete data of
    proportions within a unit, as in Vanbelle & Albert (2009), Psychometrika 74. With one annotator a group and
    nominal values it is Cohen's kappa. Ranks of an ordinal scale are those of both groups together, also in replicates.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b", "a"], ["a", "b", "b"]], [1, 2, 3], [1, 1, 1])
    >>> round(between_groups(whole, [0], [1]).value, 2)
    0.4
    """
    data = compared(ratings)
    if data.spans or data.scale in ("text", "open") or len(data.coded.labels) > MOST_VALUES:
        return not_defined(NO_VALUES)
    one, other = _shares(data.coded, first), _shares(data.coded, second)
    both = np.asarray((one.sum(axis=1) > 0) & (other.sum(axis=1) > 0))
    if not both.any():
        return not_defined(NO_UNIT_OF_BOTH)
    apart = _distances(data, [*first, *second], both)
    one, other = one[both], other[both]
    columns = np.column_stack([((one @ apart) * other).sum(axis=1), one, other])
    values = len(data.coded.labels)

    def evaluate(sums: FloatArray) -> FloatArray:
        observed, ours, theirs = sums[:, 0], sums[:, 1 : 1 + values], sums[:, 1 + values :]
        units = ours.sum(axis=1)
        expected = ((ours @ apart) * theirs).sum(axis=1)
        varied = expected > 0
        return np.where(varied, 1 - observed * units / np.where(varied, expected, 1.0), np.nan)

    drawn = _rows(columns, [article for article, kept in zip(ratings.articles, both.tolist(), strict=True) if kept])
    resampling = Resampling(replicates=replicates, seed=seed)
    return estimate(drawn, evaluate, units=int(both.sum()), undefined=NO_VARIATION, resampling=resampling)


def _shares(coded: Coded, rows: Sequence[int]) -> FloatArray:
    """Which part of the answers of these annotators each value is (units, values); zeros where none answered."""
    counts = _counts(coded.codes[list(rows)], len(coded.labels))
    given = counts.sum(axis=1, keepdims=True)
    return np.asarray(counts / np.maximum(given, 1))


def _counts(codes: IntArray, values: int) -> FloatArray:
    counts = np.zeros((codes.shape[1], values))
    for row in codes:
        known = row != MISSING
        counts[np.flatnonzero(known), row[known]] += 1
    return counts


def _distances(data: Compared, rows: Sequence[int], both: BoolArray) -> FloatArray:
    if data.scale in ("interval", "ordinal"):
        numbers = np.array(numeric(data.coded, data.codes).labels, dtype=np.float64)
        if data.scale == "ordinal":
            totals = _counts(data.coded.codes[list(rows)], len(numbers))[both].sum(axis=0)
            numbers = np.cumsum(totals) - totals / 2
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    by_number = data.scale == "ratio"
    return distance_matrix(data.scale, numeric(data.coded, data.codes).labels if by_number else data.coded.labels)


def _rows(columns: FloatArray, articles: Sequence[object]) -> Rows:
    """One row a unit, or an article where there are enough of them."""
    names = {article: number for number, article in enumerate(dict.fromkeys(articles))}
    if len(names) < ENOUGH_ARTICLES:
        return Rows(columns, np.ones(len(columns), dtype=np.int64))
    sums = np.zeros((len(names), columns.shape[1]))
    np.add.at(sums, [names[article] for article in articles], columns)
    return Rows(sums, np.ones(len(names), dtype=np.int64))
