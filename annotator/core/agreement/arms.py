"""The same question under two conditions ("arms"), such as with and without the outlet above the article.

A share of work belongs to one arm, so an annotator may stand in several, with different articles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .arrays import FloatArray, IntArray
from .coefficient import Coefficient
from .measures import UNBOUNDED, Compared, compared
from .resample import Resampling, Rows, estimate, group_numbers
from .variable import VariableRatings

NO_ANSWERS = "an arm has no answers"


@dataclass(frozen=True)
class Shift:
    """How much more often `value` is given in the first arm than in the second; `difference` is that of the shares."""

    value: str
    first: float
    second: float
    difference: Coefficient


def by_arm(
    ratings: VariableRatings, arm_of: Callable[[int, int], str], arms: Sequence[str]
) -> tuple[VariableRatings, dict[str, list[int]]]:
    """The ratings with a row for each annotator in each arm, and the rows of each arm.

    `arm_of` tells the arm of an annotator's row on a unit, by their places.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b"], ["a", "a"]], [1, 2], [1, 2])
    >>> split, rows = by_arm(whole, lambda row, place: "xy"[(row + place) % 2], ["x", "y"])
    >>> split.ratings, rows
    ([['a', None], [None, 'a'], [None, 'b'], ['a', None]], {'x': [0, 1], 'y': [2, 3]})
    """
    number, units = len(ratings.annotators), range(len(ratings.units))
    rows = [
        [ratings.ratings[row][place] if arm_of(row, place) == arm else None for place in units]
        for arm in arms
        for row in range(number)
    ]
    names = [f"{name} ({arm})" for arm in arms for name in ratings.annotators]
    places = {arm: [*range(number * at, number * (at + 1))] for at, arm in enumerate(arms)}
    return replace(ratings, annotators=names, ratings=rows), places


def shifts(
    ratings: VariableRatings,
    first: Sequence[int],
    second: Sequence[int],
    *,
    replicates: int | None = None,
    seed: int | None = None,
) -> list[Shift]:
    """For each value its share among the answers of the first rows and of the second, and the difference.

    Whole articles are drawn for the intervals, for an article's sentences share its arm (Cameron, Gelbach & Miller
    2008, Bootstrap-based improvements for inference with clustered errors, Review of Economics and Statistics 90).
    Numbers and text have no list of values, so there are none.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b"], ["a", "a"]], [1, 2], [1, 2], values=["a", "b"])
    >>> [(found.value, found.difference.value) for found in shifts(whole, [0], [1])]
    [('a', -0.5), ('b', 0.5)]
    """
    data = compared(ratings)
    if data.scale in UNBOUNDED:
        return []
    counts = [_counts(data, rows, group_numbers(ratings.articles)) for rows in (first, second)]
    resampling = Resampling(replicates=replicates, seed=seed)
    found = []
    for at, value in enumerate(map(str, data.values)):
        columns = np.column_stack([part[:, [at, -1]] for part in counts])
        drawn = Rows(columns, np.ones(len(columns), dtype=np.int64))
        answers = int(sum(part[:, -1].sum() for part in counts))
        difference = estimate(drawn, _difference, units=answers, undefined=NO_ANSWERS, resampling=resampling)
        one, other = (float(part[:, at].sum() / max(1, part[:, -1].sum())) for part in counts)
        found.append(Shift(value, one, other, difference))
    return found


def _difference(sums: FloatArray) -> FloatArray:
    both = (sums[:, 1] > 0) & (sums[:, 3] > 0)
    one, other = (sums[:, at] / np.where(both, sums[:, at + 1], 1.0) for at in (0, 2))
    return np.where(both, one - other, np.nan)


def _counts(data: Compared, rows: Sequence[int], articles: IntArray) -> FloatArray:
    """How often each value was given in each article, and how many answers there are (articles, values and one)."""
    labels = [label if isinstance(label, frozenset) else {label} for label in data.coded.labels]
    holds = np.array([[*(key in label for key in data.values), True] for label in labels], dtype=np.float64)
    found = np.zeros((int(articles.max(initial=-1)) + 1, len(data.values) + 1))
    for codes in data.coded.codes[list(rows)]:
        known = codes >= 0
        np.add.at(found, articles[known], holds[codes[known]])
    return found
