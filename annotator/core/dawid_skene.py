"""The likeliest true value of each unit and the error rates of each annotator, by Dawid and Skene's EM.

Dawid & Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm, Journal of the Royal
Statistical Society C 28(1). Units are looked at as patterns of answers: a million take as long as their patterns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.core.agreement.arrays import MISSING, FloatArray, IntArray

FEWEST_ANNOTATORS = 3
"""With two nothing tells whose error a difference is."""
MOST_ROUNDS = 1000
CLOSE = 1e-7
_LEAST = 1e-300


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """`prevalence` (values,) and `confusion` (annotators, true values, values given) are shares.

    `probability` is that of each true value of each pattern (patterns, values). `converged`: no share moved by CLOSE
    any more, at most MOST_ROUNDS `rounds` on.
    """

    prevalence: FloatArray
    confusion: FloatArray
    probability: FloatArray
    rounds: int
    converged: bool


@dataclass(frozen=True, eq=False)
class _Place:
    """The answers of one place: whose they are, in which patterns, and what."""

    rater: int
    patterns: IntArray
    codes: IntArray


def dawid_skene(
    slots: IntArray, values: int, *, repeats: IntArray | None = None, rater_of: Sequence[int] | None = None
) -> DawidSkene:
    """Estimates from codes (patterns, places), -1 where there is none; each pattern has one answer at least.

    `repeats` (patterns,) says how many units show it, `rater_of` whose a place is where somebody answered repeatedly.
    It begins with the share of each value among the answers (their equation 3.1), so the result is always the same.

    >>> found = dawid_skene(np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1]]), 2)
    >>> found.probability.argmax(axis=1).tolist(), found.converged
    ([0, 0, 1, 1], True)
    """
    weights = np.ones(len(slots)) if repeats is None else repeats.astype(np.float64)
    raters = range(slots.shape[1]) if rater_of is None else rater_of
    places = list(_places(slots, raters))
    probability = _votes(places, len(slots), values)
    before, rounds, converged = np.empty(0), 0, False
    while not converged and rounds < MOST_ROUNDS:
        prevalence = weights @ probability / weights.sum()
        confusion = _confusion(places, probability * weights[:, None], 1 + max(raters), values)
        probability = _probability(places, prevalence, confusion, len(slots))
        now = np.concatenate([prevalence, confusion.ravel()])
        converged = before.size > 0 and bool(np.abs(now - before).max() < CLOSE)
        before, rounds = now, rounds + 1
    return DawidSkene(prevalence, confusion, probability, rounds, converged)


def _places(slots: IntArray, raters: Sequence[int]) -> Iterator[_Place]:
    for place, rater in enumerate(raters):
        given = np.flatnonzero(slots[:, place] != MISSING)
        yield _Place(rater, given, slots[given, place])


def _votes(places: Sequence[_Place], patterns: int, values: int) -> FloatArray:
    votes = np.zeros((patterns, values))
    for place in places:
        votes[place.patterns, place.codes] += 1
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


def _confusion(places: Sequence[_Place], weighted: FloatArray, raters: int, values: int) -> FloatArray:
    """Who never met a true value has no errors on it to learn from: all his answers to it are as likely."""
    counts = np.zeros((raters, values, values))
    for place in places:
        for true in range(values):
            own = weighted[place.patterns, true]
            counts[place.rater, true] += np.bincount(place.codes, weights=own, minlength=values)
    met = counts.sum(axis=2, keepdims=True)
    return np.where(met > 0, counts / np.where(met > 0, met, 1.0), 1 / values)


def _probability(places: Sequence[_Place], prevalence: FloatArray, confusion: FloatArray, patterns: int) -> FloatArray:
    """Bayes' rule (their equation 2.5), by logarithms: many annotators make products too small to hold."""
    likelihood = np.tile(np.log(np.maximum(prevalence, _LEAST)), (patterns, 1))
    errors = np.log(np.maximum(confusion, _LEAST))
    for place in places:
        likelihood[place.patterns] += errors[place.rater][:, place.codes].T
    found = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True))
