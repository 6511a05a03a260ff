"""What annotators make of a unit together, without an adjudicator: majority, soft labels, Dawid and Skene's estimate.

A tie is no answer: it is told, never broken. Sets (of several values, of the sources of an attribution) are voted on
value by value, marks character by character.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.arrays import MISSING, FloatArray, IntArray
from annotator.core.agreement.coding import Coded
from annotator.core.agreement.variable import coded
from annotator.core.codebook import Json
from annotator.core.dawid_skene import FEWEST_ANNOTATORS, dawid_skene

ESTIMATED = ("single", "ordinal")
ORDERED = ("ordinal", "number")
HALF = 0.5
CLOSE = 1e-9


@dataclass(frozen=True)
class Estimate:
    """Dawid and Skene's likeliest value with its probability, and that of each value; None where two are as likely."""

    value: Json
    probability: float
    probabilities: Mapping[str, float]
    converged: bool


@dataclass(frozen=True)
class Consensus:
    """Of one unit. `value` is what most gave, None where it is tied between the values `tie`.

    `share` of the `votes` gave just that. `shares` are the soft labels: the share of the votes for each value. `median`
    of an ordered variable are its one or two middle answers.
    """

    votes: int
    value: Json = None
    share: float = 0.0
    tie: Sequence[Json] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    median: Sequence[Json] = ()
    estimate: Estimate | None = None


def consensus(ratings: VariableRatings) -> Iterator[Consensus | None]:
    """Of each unit in turn; None where nobody answered.

    Of single, ordinal and multiple variables with three annotators or more there is an estimate too; in a set each
    value is estimated by itself, as there or not, and the probability of the set is the product.

    >>> rows = [["a", "a"], ["a", "b"], ["b", None]]
    >>> found = consensus(VariableRatings("v", "single", ["A", "B", "C"], rows, [1, 2], [1, 1], values=["a", "b"]))
    >>> [(one.value, one.tie) for one in found]
    [('a', ()), (None, ('a', 'b'))]
    """
    if ratings.kind == "span":
        answers = zip(*ratings.ratings, strict=True)
        yield from (_of_marks([own for own in given if isinstance(own, list)]) for given in answers)
        return
    data = coded(ratings)
    of_pattern = _of_sets(data, ratings.values) if ratings.kind == "multi" else _of_values(data, ratings.kind)
    for pattern in data.by_rater.of_unit.tolist():
        yield of_pattern.get(pattern)


Patterns = dict[int, Consensus]


def _given(data: Coded) -> Iterator[tuple[int, list[int]]]:
    """Each pattern with any answers, and their codes in order."""
    for number, slots in enumerate(data.by_rater.slots.tolist()):
        codes = sorted(code for code in slots if code != MISSING)
        if codes:
            yield number, codes


def _of_values(data: Coded, kind: str) -> Patterns:
    ordered, estimates = kind in ORDERED, _estimates(data) if kind in ESTIMATED else {}
    return {number: _voted(data.labels, codes, ordered, estimates.get(number)) for number, codes in _given(data)}


def _voted(labels: Sequence[Hashable], codes: Sequence[int], ordered: bool, estimate: Estimate | None) -> Consensus:
    counts = Counter(codes)
    most = max(counts.values())
    top = [_json(labels[code]) for code in counts if counts[code] == most]
    middle = dict.fromkeys([codes[(len(codes) - 1) // 2], codes[len(codes) // 2]]) if ordered else ()
    return Consensus(
        votes=len(codes),
        value=top[0] if len(top) == 1 else None,
        share=most / len(codes),
        tie=tuple(top) if len(top) > 1 else (),
        shares={str(labels[code]): counts[code] / len(codes) for code in counts},
        median=[_json(labels[code]) for code in middle],
        estimate=estimate,
    )


def _estimates(data: Coded) -> dict[int, Estimate]:
    """By pattern, where there are enough annotators and more than one value."""
    found = _probabilities(data, data.by_rater.slots, len(data.labels)) if len(data.labels) > 1 else None
    if found is None:
        return {}
    names = [str(label) for label in data.labels]
    return {
        number: Estimate(
            value=_likeliest(data.labels, own),
            probability=float(own.max()),
            probabilities=dict(zip(names, own.tolist(), strict=True)),
            converged=found.converged,
        )
        for number, own in found.of_pattern.items()
    }


@dataclass(frozen=True, eq=False)
class _Found:
    of_pattern: Mapping[int, FloatArray]
    converged: bool


def _probabilities(data: Coded, slots: IntArray, values: int) -> _Found | None:
    """The estimates from these codes in place of the patterns' own; None with too few annotators."""
    active = (slots != MISSING).any(axis=0)
    if active.sum() < FEWEST_ANNOTATORS:
        return None
    used = np.flatnonzero((slots != MISSING).any(axis=1))
    found = dawid_skene(slots[np.ix_(used, active)], values, repeats=data.by_rater.repeats[used])
    return _Found(dict(zip(used.tolist(), found.probability, strict=True)), found.converged)


def _likeliest(labels: Sequence[Hashable], probability: FloatArray) -> Json:
    """None where two are equally likely, but for rounding."""
    first, second = np.sort(probability)[-1:-3:-1]
    return _json(labels[int(probability.argmax())]) if first - second > CLOSE else None


def _of_sets(data: Coded, values: Sequence[str]) -> Patterns:
    sets = [label if isinstance(label, frozenset) else frozenset([label]) for label in data.labels]
    known = list(dict.fromkeys([*values, *sorted(str(value) for own in sets for value in own)]))
    estimates = _set_estimates(data, sets, known)
    return {
        number: _voted_set(known, [sets[code] for code in codes], estimates.get(number))
        for number, codes in _given(data)
    }


def _voted_set(values: Sequence[str], given: Sequence[frozenset[Hashable]], estimate: Estimate | None) -> Consensus:
    votes = len(given)
    shares = {value: sum(value in own for own in given) / votes for value in values}
    tied = [value for value in values if shares[value] == HALF]
    chosen = [value for value in values if shares[value] > HALF]
    return Consensus(
        votes=votes,
        value=None if tied else [*chosen],
        share=0.0 if tied else sum(own == frozenset(chosen) for own in given) / votes,
        tie=tied,
        shares={value: share for value, share in shares.items() if share},
        estimate=estimate,
    )


def _set_estimates(data: Coded, sets: Sequence[frozenset[Hashable]], values: Sequence[str]) -> dict[int, Estimate]:
    """Each value as there or not; one that nobody or everybody gave everywhere needs no estimate."""
    there: dict[str, _Found] = {}
    for value in values:
        lookup = np.append(np.array([value in own for own in sets], dtype=np.int64), MISSING)
        found = _probabilities(data, lookup[data.by_rater.slots], 2)
        if found is None:
            return {}
        there[value] = found
    converged = all(found.converged for found in there.values())
    return {number: _set_estimate(there, number, converged) for number, _codes in _given(data)}


def _set_estimate(there: Mapping[str, _Found], number: int, converged: bool) -> Estimate:
    present = {value: float(found.of_pattern[number][1]) for value, found in there.items()}
    doubtful = any(abs(own - HALF) < CLOSE for own in present.values())
    return Estimate(
        value=None if doubtful else [value for value, own in present.items() if own > HALF],
        probability=prod(max(own, 1 - own) for own in present.values()),
        probabilities=present,
        converged=converged,
    )


def _of_marks(given: Sequence[Sequence[Mapping[str, Json]]]) -> Consensus | None:
    """The characters that more than half marked with a value; those that just half did are its ties."""
    if not given:
        return None
    votes = len(given)
    over: Counter[tuple[str, int]] = Counter()
    for own in given:
        over.update({(str(span.get("value")), at) for span in own for at in range(*_extent(span))})
    value = _runs(place for place, count in over.items() if 2 * count > votes)
    return Consensus(
        votes=votes,
        value=[*value],
        share=sum(_as_set(own) == _as_set(value) for own in given) / votes,
        tie=_runs(place for place, count in over.items() if 2 * count == votes),
    )


def _runs(places: Iterable[tuple[str, int]]) -> list[Json]:
    """Neighbouring characters of a value as one mark, in the order of the text."""
    found: list[tuple[int, int, str]] = []
    for value, at in sorted(places):
        if found and found[-1][1:] == (at, value):
            found[-1] = found[-1][0], at + 1, value
        else:
            found.append((at, at + 1, value))
    return [{"start": start, "end": end, "value": value} for start, end, value in sorted(found)]


def _as_set(spans: Iterable[object]) -> frozenset[tuple[int, int, str]]:
    return frozenset((*_extent(span), str(span.get("value"))) for span in spans if isinstance(span, dict))


def _extent(span: Mapping[str, Json]) -> tuple[int, int]:
    start, end = span["start"], span["end"]
    return (start, end) if isinstance(start, int) and isinstance(end, int) else (0, 0)


def _json(label: Hashable) -> Json:
    return label if isinstance(label, str | int | float) else str(label)
