"""Conditions as rows of a form: tests joined by all or any. What nests deeper is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from annotator.core.codebook.conditions import TESTS
from annotator.core.codebook.model import Json

Need = Literal["all", "any"]
LISTED = ("any_of", "not_in")


@dataclass(frozen=True, slots=True)
class Row:
    """One test: `operands` for any_of and not_in (None is "not answered"), `number` for the others."""

    variable: str
    test: str = "any_of"
    operands: tuple[Json, ...] = ()
    number: Json = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The tests of a condition, all or any of which have to hold; none at all asks always."""

    need: Need = "all"
    tests: tuple[Row, ...] = ()


def as_rows(condition: Json) -> Rows | None:
    """The condition as rows, or None where it is too deep for them.

    >>> as_rows({"variable": "tone", "any_of": ["warm"]}).tests[0].operands
    ('warm',)
    """
    if condition is None:
        return Rows()
    single = _row(condition)
    if single:
        return Rows(tests=(single,))
    needs: tuple[Need, ...] = ("all", "any")
    for need in needs:
        parts = condition.get(need) if isinstance(condition, dict) and set(condition) == {need} else None
        if isinstance(parts, list):
            rows = [_row(part) for part in parts]
            return Rows(need, tuple(row for row in rows if row)) if all(rows) else None
    return None


def as_condition(rows: Rows, before: Json = None) -> Json:
    """The condition that rows stand for: `before` itself where it says the same, so that nothing seems changed."""
    if as_rows(before) == rows:
        return before
    tests: Sequence[Json] = [_test(row) for row in rows.tests]
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else {rows.need: list(tests)}


def _row(condition: Json) -> Row | None:
    if not isinstance(condition, dict) or not isinstance(condition.get("variable"), str) or len(condition) != 2:
        return None
    variable = str(condition["variable"])
    test = next((name for name in TESTS if name in condition), None)
    given = condition[test] if test else None
    if test and test not in LISTED:
        return Row(variable, test, (), given)
    simple = isinstance(given, list) and not any(isinstance(item, list | dict) for item in given)
    return Row(variable, test, tuple(given)) if test and isinstance(given, list) and simple else None


def _test(row: Row) -> Json:
    return {"variable": row.variable, row.test: list(row.operands) if row.test in LISTED else row.number}
