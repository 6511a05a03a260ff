"""What a draft still lacks before it can be published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from annotator.core.codebook.checking import parse
from annotator.core.codebook.editing import Document, entry_at, set_fields
from annotator.core.codebook.fields import Findings, report_bad_characters
from annotator.core.codebook.model import Codebook, CodebookError, Combination, Comparison, Condition, Problem, Variable


def problems(document: Mapping[str, object]) -> tuple[Problem, ...]:
    """Why this document can't be published: what `parse` refuses, else conditions that can never be met.

    A condition on what was retired is no fault of a document: versions that were published with one stay readable.
    """
    return _refused(document) or tuple(_dead_conditions(parse(document)))


def unstorable(document: Mapping[str, object]) -> tuple[Problem, ...]:
    """Characters that no database could keep, each with its place."""
    findings = Findings()
    report_bad_characters(document, findings)
    return tuple(findings.problems)


def readable(document: Document, at: int) -> Codebook | None:
    """One question of a draft as far as it can be read: alone, always asked, without what is wrong in its values.

    None where that isn't enough, or where its values are those of another question.
    """
    variable: Document = {**entry_at(document, ("variables", at)), "visible_if": None}
    alone: Document = {**document, "variables": [variable]}
    for problem in _refused(alone):
        steps = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", problem.where)]
        place, name = tuple(steps[:-1]), steps[-1] if steps else None
        if place and isinstance(name, str) and isinstance(place[-1], int):
            alone = set_fields(alone, place, {name: "…" if name == "label" else None})
    return None if _refused(alone) else parse(alone)


def _refused(document: Mapping[str, object]) -> tuple[Problem, ...]:
    try:
        parse(document)
    except CodebookError as error:
        return error.problems
    return ()


def _dead_conditions(codebook: Codebook) -> Iterator[Problem]:
    for number, variable in enumerate(codebook.variables):
        condition = variable.visible_if
        if condition is not None and not variable.retired and not _can_hold(condition, codebook):
            yield Problem(
                f"variables[{number}].visible_if",
                f"{variable.label!r} would never be asked: its condition needs what is retired or can't be chosen",
            )


def _can_hold(condition: Condition, codebook: Codebook) -> bool:
    if isinstance(condition, Combination):
        combine = all if condition.need == "all" else any
        return combine(_can_hold(part, codebook) for part in condition.conditions)
    return _test_can_pass(condition, codebook.variable(condition.variable))


def _test_can_pass(test: Comparison, on: Variable) -> bool:
    if on.retired:
        return False
    closed = bool(on.choices)
    offered = {value.key for value in on.choices if not value.retired}
    if closed and test.any_of is not None and not any(key is None or key in offered for key in test.any_of):
        return False
    if closed and test.not_in is not None and not (offered | {None}) - set(test.not_in):
        return False
    most = len(offered) if on.kind == "multi" else 1 if on.kind in ("single", "ordinal", "number", "text") else None
    return test.count_at_least is None or most is None or test.count_at_least <= most
