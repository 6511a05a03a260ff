"""How far the answers on each unit are apart, and what each unit costs alpha: by what a queue of units is ordered."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import MISSING, BoolArray, FloatArray, IntArray
from .char_alpha import against_chance, alpha_of_sums, character_sums
from .coding import numbers
from .distance import Disagreement, FixedDistance, SquaredDifference, disagreement, distance_matrix
from .measures import Compared, compared
from .patterns import Patterns
from .spans import SpanRatings
from .variable import VariableRatings, numeric


@dataclass(frozen=True, eq=False)
class ByUnit:
    """Of each unit (units,) the `disagreement`, 0 to 1, and the `gain`: by how much alpha would rise without it."""

    disagreement: FloatArray
    gain: FloatArray


def by_unit(ratings: VariableRatings) -> ByUnit:
    """What each unit adds to the disagreement under the metric of the variable's headline alpha.

    The disagreement is the mean distance of two answers on the unit, as a share of the largest distance there is; of
    spans the share of its characters on which two annotators differ. The gain is alpha without the unit less alpha (the
    jackknife; Efron & Tibshirani 1993, ch. 11): a value that is rare elsewhere costs more than a common one. It is 0
    where alpha isn't defined. Both are 0 on units with fewer than two answers.

    >>> two = VariableRatings("v", "single", ["A", "B"], [["a", "b", "b"], ["b", "b", "a"]], [1, 2, 3], [1, 1, 1])
    >>> by_unit(two).disagreement.tolist()
    [1.0, 0.0, 1.0]
    """
    data = compared(ratings)
    if data.spans is not None:
        return _of_spans(data.spans)
    if data.scale in ("interval", "ratio"):
        data = Compared(data.scale, numeric(data.coded, data.codes), data.values, data.codes)
    patterns = data.coded.patterns
    pairable, used = patterns.at_least(2), patterns.units_with(2)
    if not pairable.units:
        return ByUnit(np.zeros(len(used)), np.zeros(len(used)))
    apart, gain = _of_patterns(data, pairable)
    return ByUnit(_spread(apart, pairable.of_unit, used), _spread(gain, pairable.of_unit, used))


def _of_patterns(data: Compared, patterns: Patterns) -> tuple[FloatArray, FloatArray]:
    """Disagreement and gain of each pattern."""
    if data.scale in ("text", "open"):
        return _differing(patterns), np.zeros(len(patterns.slots))
    labels = data.coded.labels
    measured = disagreement(data.scale, labels, patterns)

    def alpha(sums: FloatArray) -> FloatArray:
        return against_chance(*measured.observed_and_expected(sums))

    distance, largest = _distance(data, patterns)
    observed, _ = distance.observed_and_expected(distance.columns(patterns))
    return observed / (largest or 1.0), _gain(alpha, measured.columns(patterns), patterns.repeats)


def _distance(data: Compared, patterns: Patterns) -> tuple[Disagreement, float]:
    """The metric, ranks being those of all ratings, and its largest distance."""
    labels = data.coded.labels
    if data.scale == "ordinal":
        counts = patterns.totals(len(labels))
        values = np.cumsum(counts) - counts / 2
    elif data.scale == "interval":
        values = numbers(labels)
    else:
        matrix = distance_matrix(data.scale, labels)
        return FixedDistance(matrix), float(matrix.max(initial=0))
    return SquaredDifference(values, fixed=False), float(np.ptp(values) ** 2)


def _gain(alpha: Callable[[FloatArray], FloatArray], columns: FloatArray, repeats: IntArray) -> FloatArray:
    """Alpha of all but one unit of each row, less alpha of all."""
    whole = repeats @ columns
    with np.errstate(invalid="ignore"):  # without the only unit that has ratings there are none
        gain = alpha(whole - columns) - alpha(whole[None, :])
    return np.where(np.isnan(gain), 0.0, gain)


def _differing(patterns: Patterns) -> FloatArray:
    """The share of pairs of ratings that differ, without a table of all values."""
    packed, sizes = patterns.packed, patterns.sizes
    alike = np.zeros(len(packed))
    for place in range(1, packed.shape[1]):
        there = packed[:, place] != MISSING
        alike += there * (packed[:, :place] == packed[:, place, None]).sum(axis=1)
    return np.asarray(1 - 2 * alike / (sizes * (sizes - 1)))


def _of_spans(spans: SpanRatings) -> ByUnit:
    used = spans.pairable
    if not used.any():
        return ByUnit(np.zeros(len(used)), np.zeros(len(used)))
    sums = character_sums(spans, spans.compared.coded, {}).sums
    place = np.arange(int(used.sum()))
    apart = sums[:, 0] / np.maximum(sums[:, 1:].sum(axis=1), 1)
    gain = _gain(alpha_of_sums, sums, np.ones(len(sums), dtype=np.int64))
    return ByUnit(_spread(apart, place, used), _spread(gain, place, used))


def _spread(figures: FloatArray, of_unit: IntArray, used: BoolArray) -> FloatArray:
    found = np.zeros(len(used))
    found[used] = figures[of_unit]
    return found
