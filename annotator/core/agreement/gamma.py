"""Gamma: agreement on where and what the spans are, against the best alignment of all raters' spans at once.

Mathet, Widlöcher & Métivier (2015), The unified and holistic method gamma, Computational Linguistics 41(3), 437-479.
The best alignment is an integer programme; it is solved by scipy, which is an extra that the site does not need.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import numpy as np

from .arrays import BoolArray, FloatArray
from .coefficient import NO_SPANS, SINGLE, Coefficient, not_defined

Span = tuple[float, float, Hashable]
NEEDS_SOLVER = "gamma needs a solver of integer programmes: install scipy"
MOST_ALIGNMENTS = 100_000
TOO_MANY = "the raters marked too many spans together for the best alignment to be searched"
PILOT = 30
"""Random continua drawn before it is known how many it takes."""
MOST_SAMPLES = 1_000
CONFIDENCE = 1.96


@dataclass(frozen=True)
class Dissimilarity:
    """The positions weigh `alpha`, the labels `beta`; a span that a rater has no counterpart for costs `empty`.

    Combined dissimilarity, section 4.3; labels differ wholly or not at all.
    """

    alpha: float = 1.0
    beta: float = 1.0
    empty: float = 1.0

    def __call__(self, one: Span | None, other: Span | None) -> float:
        if one is None or other is None:
            return self.empty
        apart = abs(one[0] - other[0]) + abs(one[1] - other[1])
        position = (apart / (one[1] - one[0] + other[1] - other[0])) ** 2
        return self.empty * (self.alpha * position + self.beta * (one[2] != other[2]))


def gamma_best_disorder(
    spans: Sequence[Sequence[Span]],
    *,
    start: float = 0,
    end: float = 0,
    alpha: float = 1.0,
    beta: float = 1.0,
    delta_empty: float = 1.0,
) -> Coefficient:
    """The disorder of the best alignment (section 4.5), 0 where all raters marked the same.

    `spans` holds one sequence of (start, end, label) a rater, end exclusive. `start` and `end` of the continuum don't
    matter. Undefined with fewer than two raters, without spans, or without scipy.
    """
    missing = _undefined(spans)
    if missing:
        return not_defined(missing)
    measure = Dissimilarity(alpha, beta, delta_empty)
    return Coefficient(value=_best_disorder(spans, measure), units=sum(map(len, spans)))


def gamma(
    spans: Sequence[Sequence[Span]],
    *,
    start: float = 0,
    end: float = 0,
    alpha: float = 1.0,
    beta: float = 1.0,
    delta_empty: float = 1.0,
    precision: float = 0.02,
    seed: int = 0,
) -> Coefficient:
    """1 - observed / expected disorder of the best alignments (equation 8 and section 5.1).

    The expected disorder is the mean over random continua: as many raters, whose number of spans, gaps and lengths are
    drawn from normal distributions with the mean and deviation of the data, labels by their share. `precision` is how
    far the mean may be off, as a share of itself, with 95 % confidence; it decides how
    many are drawn, a thousand at most. The same `seed`
    gives the same figure.
    """
    observed = gamma_best_disorder(spans, alpha=alpha, beta=beta, delta_empty=delta_empty)
    if observed.value is None:
        return observed
    measure, draw = Dissimilarity(alpha, beta, delta_empty), np.random.default_rng(seed)
    expected = _expected_disorder(spans, measure, precision, draw)
    if expected == 0:
        return not_defined("chance alone gives no disorder")
    return Coefficient(value=1 - observed.value / expected, units=observed.units)


def _undefined(spans: Sequence[Sequence[Span]]) -> str:
    if len(spans) < 2:
        return SINGLE
    if not any(spans):
        return NO_SPANS
    if math.prod(len(own) + 1 for own in spans) > MOST_ALIGNMENTS:
        return TOO_MANY
    try:
        import scipy.optimize  # noqa: F401 - an extra, looked for where it is needed
    except ImportError:
        return NEEDS_SOLVER
    return ""


def _best_disorder(spans: Sequence[Sequence[Span]], measure: Dissimilarity) -> float:
    """Each span in exactly one of the chosen alignments, at the least cost, over the mean number of spans a rater."""
    if len(spans) == 2:
        cost = _least_cost_of_two(spans[0], spans[1], measure)
    else:
        cost = _least_cost(*_candidates(spans, measure))
    return cost / (sum(map(len, spans)) / len(spans))


def _least_cost_of_two(one: Sequence[Span], other: Sequence[Span], measure: Dissimilarity) -> float:
    """Two raters make an assignment problem, which is solved a hundred times as fast."""
    from scipy.optimize import linear_sum_assignment

    size = len(one) + len(other)
    costs = np.full((size, size), float(measure.empty))
    costs[: len(one), : len(other)] = [[measure(a, b) for b in other] for a in one] if one and other else 0
    costs[len(one) :, len(other) :] = 0
    return float(costs[linear_sum_assignment(costs)].sum())


def _candidates(spans: Sequence[Sequence[Span]], measure: Dissimilarity) -> tuple[FloatArray, BoolArray]:
    """Costs (alignments,) and which spans each aligns (spans, alignments): those that can be in the best alignment.

    One that costs more than its spans alone never is.
    """
    first = np.cumsum([0, *map(len, spans)])
    pairs = math.comb(len(spans), 2)
    costs, columns = [], []
    table = {
        (i, j): [[measure(one, other) for other in [*spans[j], None]] for one in [*spans[i], None]]
        for i, j in combinations(range(len(spans)), 2)
    }
    for chosen in product(*(range(len(own) + 1) for own in spans)):
        there = [(rater, number) for rater, number in enumerate(chosen) if number < len(spans[rater])]
        if not there:
            continue
        cost = sum(costs_of[chosen[i]][chosen[j]] for (i, j), costs_of in table.items()) / pairs
        if len(there) == 1 or cost <= len(there) * measure.empty:
            costs.append(cost)
            columns.append([first[rater] + number for rater, number in there])
    members = np.zeros((int(first[-1]), len(costs)), dtype=bool)
    for column, rows in enumerate(columns):
        members[rows, column] = True
    return np.array(costs), members


def _least_cost(costs: FloatArray, members: BoolArray) -> float:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    once = LinearConstraint(csc_array(members.astype(np.float64)), lb=1, ub=1)
    found = milp(costs, constraints=once, integrality=np.ones_like(costs), bounds=Bounds(0, 1))
    return float(found.fun)


def _expected_disorder(
    spans: Sequence[Sequence[Span]], measure: Dissimilarity, precision: float, draw: np.random.Generator
) -> float:
    continua = _random_continua(spans, draw)
    disorders = [_best_disorder(next(continua), measure) for _ in range(PILOT)]
    mean, deviation = np.mean(disorders), np.std(disorders, ddof=1)
    needed = math.ceil((CONFIDENCE * deviation / (precision * mean)) ** 2) if mean else PILOT
    disorders += [_best_disorder(next(continua), measure) for _ in range(min(needed, MOST_SAMPLES) - PILOT)]
    return float(np.mean(disorders))


def _random_continua(spans: Sequence[Sequence[Span]], draw: np.random.Generator) -> Iterator[list[list[Span]]]:
    rows = [sorted(own, key=lambda span: span[:2]) for own in spans]
    everything = [span for own in rows for span in own]
    gaps = [later[0] - earlier[1] for own in rows for earlier, later in pairwise(own)]
    gaps += [own[0][0] for own in rows if own and own[0][0] > 0]
    lengths = [span[1] - span[0] for span in everything]
    counts = [len(own) for own in rows]
    shapes = [(np.mean(found), np.std(found)) for found in (counts, gaps or [0], lengths)]

    def row() -> list[Span]:
        number = max(1, int(draw.normal(*shapes[0])))
        gap, length = draw.normal(*shapes[1], number), np.abs(draw.normal(*shapes[2], number))
        ends = np.cumsum(gap + length).tolist()
        labels = [everything[chosen][2] for chosen in draw.integers(len(everything), size=number)]
        return [(end - own, end, label) for end, own, label in zip(ends, length.tolist(), labels, strict=True)]

    while True:
        yield [row() for _ in rows]
