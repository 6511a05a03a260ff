"""`visible_if`: reading it, checking that it can be met, and the order in which variables depend on each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from annotator.core.codebook.fields import Fields, Findings
from annotator.core.codebook.model import Combination, Comparison, Condition, Json, Variable

TESTS = ("any_of", "not_in", "count_at_least", "at_least", "at_most")
_MAX_CONDITIONS = 1_000


def read_condition(fields: Fields, name: str) -> Condition | None:
    """The condition in this field, or None if there is none or it is faulty (then reported)."""
    if name not in fields:
        fields.get(name)
        return None
    return _read(Fields(fields.get(name), fields.path(name), fields.findings))


def comparisons(condition: Condition | None) -> Iterator[Comparison]:
    """All tests inside a condition, in the order written."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition is not None:
        for part in condition.conditions:
            yield from comparisons(part)


def condition_as_json(variable: Variable) -> dict[str, Json] | None:
    """The plain `visible_if` of a variable, in the form of the document, for the browser."""
    return None if variable.visible_if is None else _as_json(variable.visible_if)


def check_condition(variable: Variable, variables: Mapping[str, Variable], where: str, findings: Findings) -> None:
    """Reports tests on variables or values that aren't in the document."""
    place = f"{where}.visible_if"
    for test in comparisons(variable.visible_if):
        other = variables.get(test.variable)
        if other is None:
            findings.problem(place, f"the variable {test.variable[:60]!r} is not in the codebook")
        elif other.key == variable.key:
            findings.problem(place, "the condition asks for the variable itself; name another variable")
        elif other.scope != variable.scope:
            findings.problem(place, f"{other.key!r} is asked of each {other.scope}, not of each {variable.scope}")
        else:
            _check_operands(test, other, place, findings)


def dependency_order(variables: Mapping[str, Variable]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keys, each after those that its condition names; keys that wait for each other in a cycle)."""
    waiting = {
        key: {test.variable for test in comparisons(variable.visible_if) if test.variable in variables}
        for key, variable in variables.items()
    }
    dependants: dict[str, list[str]] = {key: [] for key in variables}
    for key, needs in waiting.items():
        for need in needs:
            dependants[need].append(key)
    ready = [key for key, needs in waiting.items() if not needs]
    for key in ready:
        for dependant in dependants[key]:
            waiting[dependant].discard(key)
            if not waiting[dependant]:
                ready.append(dependant)
    return tuple(ready), tuple(key for key, needs in waiting.items() if needs)


def _read(fields: Fields) -> Condition | None:
    needs: tuple[Literal["all", "any"], ...] = ("all", "any")
    named = [need for need in needs if need in fields]
    if "variable" in fields:
        return _read_comparison(fields)
    if len(named) != 1:
        fields.findings.problem(fields.where, 'the condition needs either "all" or "any" with a list of conditions')
        return None
    parts = tuple(part for item in fields.objects(named[0], _MAX_CONDITIONS) if (part := _read(item)))
    if not parts:
        fields.problem(named[0], "the condition has an empty list; name at least one test, or remove the condition")
        return None
    fields.ignore_rest()
    return Combination(named[0], parts)


def _read_comparison(fields: Fields) -> Comparison | None:
    test = Comparison(
        variable=fields.text("variable", needed=True),
        any_of=_operands(fields, "any_of"),
        not_in=_operands(fields, "not_in"),
        count_at_least=fields.whole("count_at_least", 1),
        at_least=fields.number("at_least"),
        at_most=fields.number("at_most"),
    )
    if not any(name in fields for name in TESTS):
        fields.findings.problem(fields.where, f"the condition has no test: use one of {', '.join(TESTS)}")
    fields.ignore_rest()
    return test


def _operands(fields: Fields, name: str) -> tuple[str | int | float | None, ...] | None:
    if name not in fields:
        fields.get(name)
        return None
    found = fields.items(name, _MAX_CONDITIONS)
    operands = tuple(item for item in found if item is None or _is_operand(item))
    if not found or len(operands) < len(found):
        fields.problem(name, f"{name} of a condition has to be a list of value keys (null for not answered)")
    return tuple(item for item in operands if item is None or isinstance(item, str | int | float))


def _is_operand(item: object) -> bool:
    return isinstance(item, str | int | float) and not isinstance(item, bool)


def _check_operands(test: Comparison, other: Variable, place: str, findings: Findings) -> None:
    known: set[str] = {value.key for value in other.choices}
    if other.kind != "number" and (test.at_least is not None or test.at_most is not None):
        findings.problem(place, f"{other.key!r} is no number; at_least and at_most compare numbers only")
    for operand in (*(test.any_of or ()), *(test.not_in or ())):
        if operand is None:
            continue
        if other.kind == "text":
            findings.problem(place, f"{other.key!r} is text; its condition may only use null or count_at_least")
        elif other.kind == "number" and isinstance(operand, str):
            findings.problem(place, f"{other.key!r} is a number; {operand[:60]!r} is none")
        elif other.kind != "number" and operand not in known:
            findings.problem(place, f"{str(operand)[:60]!r} is no value of {other.key!r}")


def _as_json(condition: Condition) -> dict[str, Json]:
    if isinstance(condition, Combination):
        return {condition.need: [_as_json(part) for part in condition.conditions]}
    plain: dict[str, Json] = {"variable": condition.variable}
    for name in TESTS:
        given = getattr(condition, name)
        if given is not None:
            plain[name] = list(given) if isinstance(given, tuple) else given
    return plain
