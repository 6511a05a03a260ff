"""Conditions that no answers can meet: their question would never be asked.

A condition is met in one or more ways; a way is the set of tests that have to pass at once, those of the questions that
it names included, since a test on a question that isn't asked doesn't hold. It is possible if every question has an
answer that passes all the tests on it. What is too wide to be gone through counts as possible: nothing is called dead
in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, pairwise
from math import ceil, floor

from annotator.core.codebook.asking import passes
from annotator.core.codebook.conditions import comparisons
from annotator.core.codebook.model import Codebook, Comparison, Condition, Problem, Variable

Way = frozenset[Comparison]
_ALWAYS: list[Way] = [frozenset()]
_MOST_WAYS = 64
_MOST_TESTED = 20_000


class _TooWideError(Exception):
    """More ways than are gone through."""


def dead_conditions(codebook: Codebook) -> Iterator[Problem]:
    """The conditions of a codebook that can never hold, each with what is wrong with it."""
    search = _Search(codebook)
    for number, variable in enumerate(codebook.variables):
        if variable.retired:
            continue
        if not search.ways[variable.key]:
            yield Problem(f"variables[{number}].visible_if", search.reason(variable))
        if variable.limited_to and not _offered(variable) & _offered(codebook.variable(variable.limited_to)):
            where = f"variables[{number}].values_limited_to_chosen_in"
            yield Problem(where, f"none of its values can be chosen in {variable.limited_to!r}")


class _Search:
    """The possible ways to ask each variable: none if it can never be asked."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.ways: dict[str, list[Way]] = {}
        self.left = _MOST_TESTED
        for key in codebook.order:
            variable = codebook.variable(key)
            self.ways[key] = [] if variable.retired else self._ways_to_ask(variable)

    def reason(self, variable: Variable) -> str:
        """Names the first test that can't hold by itself; where each could, they contradict each other."""
        never = f"{variable.label!r} would never be asked: "
        for test in comparisons(variable.visible_if):
            on = self.codebook.variable(test.variable)
            if on.retired:
                return f"{never}{on.label!r} is retired"
            if not self.ways[on.key]:
                return f"{never}{on.label!r} is never asked"
            if not _has_answer(on, [test]):
                return f"{never}no answer to {on.label!r} can pass its test; what that names can't be chosen"
        return f"{never}its tests can't hold together"

    def _ways_to_ask(self, variable: Variable) -> list[Way]:
        try:
            return _ALWAYS if variable.visible_if is None else self._ways(variable.visible_if)
        except _TooWideError:
            return _ALWAYS

    def _ways(self, condition: Condition) -> list[Way]:
        if isinstance(condition, Comparison):
            return self._possible(way | {condition} for way in self.ways[condition.variable])
        parts = [self._ways(part) for part in condition.conditions]
        if condition.need == "any":
            return self._possible(chain.from_iterable(parts))
        joined = _ALWAYS
        for part in parts:
            joined = self._possible(one | other for one in joined for other in part)
        return joined

    def _possible(self, ways: Iterable[Way]) -> list[Way]:
        found: dict[Way, None] = {}
        for way in ways:
            self.left -= 1 + len(way)
            if self.left < 0 or len(found) > _MOST_WAYS:
                raise _TooWideError
            if way not in found and _can_be(way, self.codebook):
                found[way] = None
        return list(found)


def _can_be(way: Way, codebook: Codebook) -> bool:
    tests: dict[str, list[Comparison]] = {}
    for test in way:
        tests.setdefault(test.variable, []).append(test)
    return all(_has_answer(codebook.variable(key), on_it) for key, on_it in tests.items())


def _has_answer(variable: Variable, tests: Collection[Comparison]) -> bool:
    """Whether one answer to this variable, or none given, passes all these tests."""
    if all(passes(test, None) for test in tests):
        return True
    if variable.kind == "number":
        return _has_number(variable, tests)
    if variable.kind == "text":
        return all(passes(test, "…") for test in tests)
    refused = {operand for test in tests for operand in test.not_in or ()}
    wanted = [set(test.any_of) for test in tests if test.any_of is not None]
    allowed = _offered(variable) - refused
    if variable.kind in ("single", "ordinal"):
        return bool(allowed.intersection(*wanted)) and all((test.count_at_least or 0) <= 1 for test in tests)
    least = max((test.count_at_least or 0 for test in tests), default=0)
    # An empty set is an answer that names no value.
    return (not least and not wanted) or (all(allowed & some for some in wanted) and least <= _most(variable, allowed))


def _offered(variable: Variable) -> set[str]:
    return {value.key for value in variable.choices if not value.retired}


def _most(variable: Variable, allowed: set[str]) -> float:
    """How many of these values an answer can name; spans and attributions may name one again and again."""
    if not allowed:
        return 0
    if variable.kind != "multi":
        return float("inf")
    together = len(allowed.difference(variable.exclusive)) or 1
    return min(together, variable.max_choices or together)


def _has_number(variable: Variable, tests: Collection[Comparison]) -> bool:
    """Tried on every number that is named, on those around it, and on those between two of them."""
    named: list[object] = [variable.min, variable.max, 0]
    for test in tests:
        named += [test.at_least, test.at_most, *(test.any_of or ()), *(test.not_in or ())]
    points = sorted(float(number) for number in named if isinstance(number, int | float))
    between = [(one + other) / 2 for one, other in pairwise(points)]
    around = [whole + step for point in points for whole in (floor(point), ceil(point)) for step in (-1, 0, 1)]
    tried = (number for number in (*points, *between, *around) if _fits(variable, number))
    return any(all(passes(test, number) for test in tests) for number in tried)


def _fits(variable: Variable, number: float) -> bool:
    low = number if variable.min is None else variable.min
    high = number if variable.max is None else variable.max
    return low <= number <= high and (not variable.integer or number == int(number))
