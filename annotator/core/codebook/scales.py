"""The numbers behind the values of an ordinal variable."""

from __future__ import annotations

import re
from itertools import pairwise

from annotator.core.codebook.fields import Findings
from annotator.core.codebook.model import Value, Variable

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")


def codes(variable: Variable) -> dict[str, int | float]:
    """Value key -> its number: the value's `code`, else its key as a number, else its rank from 1.

    A scale counts in one way throughout: one value with neither code nor numeric key, and all count by rank.

    >>> codes(Variable("s", "S", "ordinal", "sentence", "ordinal", values=(Value("-1", "No"), Value("+1", "Yes"))))
    {'-1': -1, '+1': 1}
    """
    found = {value.key: _code(value) for value in variable.values}
    if any(code is None for code in found.values()):
        return {value.key: rank for rank, value in enumerate(variable.values, start=1)}
    return {key: code for key, code in found.items() if code is not None}


def report_scale(variable: Variable, where: str, findings: Findings) -> None:
    """Reports an ordinal variable that is no scale."""
    if variable.kind != "ordinal" or not variable.values:
        return
    place = f"{where}.values"
    if len(variable.values) < 2:
        findings.problem(place, "an ordinal scale needs at least two values")
        return
    given = [value for value in variable.values if value.code is not None]
    if given and any(_code(value) is None for value in variable.values):
        findings.problem(place, "give each value of the scale a code, or none of them")
    numbers = list(codes(variable).values())
    pairs = list(pairwise(numbers))
    if not (all(a < b for a, b in pairs) or all(a > b for a, b in pairs)):
        findings.problem(place, "the numbers of the scale have to rise (or fall) from value to value, none twice")


def _code(value: Value) -> int | float | None:
    if value.code is not None:
        return value.code
    if not _NUMBER.fullmatch(value.key):
        return None
    return float(value.key) if "." in value.key else int(value.key)
