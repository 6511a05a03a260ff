"""What a draft still lacks before it can be published."""

from __future__ import annotations

import re
from collections.abc import Mapping

from annotator.core.codebook.checking import parse
from annotator.core.codebook.dead_conditions import dead_conditions
from annotator.core.codebook.editing import Document, entry_at, set_fields
from annotator.core.codebook.fields import Findings, report_bad_characters
from annotator.core.codebook.model import Codebook, CodebookError, Problem


def problems(document: Mapping[str, object]) -> tuple[Problem, ...]:
    """Why this document can't be published: what `parse` refuses, else conditions that can never be met.

    A condition on what was retired is no fault of a document: versions that were published with one stay readable.
    """
    return _refused(document) or tuple(dead_conditions(parse(document)))


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
