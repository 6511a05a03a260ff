"""A document to a Codebook: reads it, completes it, and compares the variables with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from annotator.core.codebook.conditions import check_condition, dependency_order
from annotator.core.codebook.fields import (
    MAX_LABEL,
    Fields,
    Findings,
    report_bad_characters,
    report_duplicates,
)
from annotator.core.codebook.model import CHOICE_KINDS, Codebook, CodebookError, Group, Problem, Value, Variable
from annotator.core.codebook.reading import Draft, read_all
from annotator.core.codebook.scales import report_scale
from annotator.core.codebook.shortcuts import NARRATOR, check_shortcuts

FORMAT = "conflict-codebook"
FORMAT_VERSION = 1
_MAX_REPORTED = 100
# Fields of the document that people read; the program has no use for them.
_FOR_READERS = (
    "contrast_sets",
    "origin",
    "parties",
    "reliability",
    "reporting_cues",
    "shortcut_rule",
    "unit",
    "visibility_rule",
)


def parse(document: Mapping[str, object]) -> Codebook:
    """The codebook that a document describes.

    Raises CodebookError with every problem at once, each with its path. Fields that the format doesn't have are kept
    out and named in `Codebook.ignored`.

    >>> yes, no = {"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}
    >>> question = {"key": "quoted", "label": "Quoted", "type": "single", "values": [yes, no]}
    >>> parse({"format": "conflict-codebook", "format_version": 1, "key": "small", "title": "Small",
    ...        "variables": [question]}).variable("quoted").measurement
    'nominal'
    """
    findings = Findings()
    report_bad_characters(document, findings)
    if findings.problems:
        raise _error(findings)
    fields = Fields(document, "", findings)
    codebook = _read_document(fields, findings)
    fields.ignore_rest()
    if findings.problems:
        raise _error(findings)
    return replace(codebook, ignored=tuple(findings.ignored))


def _read_document(fields: Fields, findings: Findings) -> Codebook:
    _check_format(fields)
    for name in _FOR_READERS:
        fields.get(name)
    groups = tuple(_group(item) for item in fields.objects("groups", 100))
    report_duplicates(findings, "groups", (group.key for group in groups), "group")
    if "variables" not in fields:
        fields.problem("variables", "a codebook needs at least one variable")
    variables = _complete(read_all(fields, findings), findings, {group.key for group in groups})
    order, cycle = dependency_order({variable.key: variable for variable in variables})
    if cycle:
        findings.problem(
            "variables", f"the conditions (visible_if) of {', '.join(cycle[:20])} wait for each other in a cycle"
        )
    return Codebook(
        key=fields.key(),
        title=fields.label("title"),
        language=fields.text("language", most=35) or "en",
        version=fields.text("version", most=MAX_LABEL),
        variables=variables,
        groups=groups,
        general_rules=fields.texts("general_rules"),
        order=order,
    )


def _check_format(fields: Fields) -> None:
    if fields.get("format") != FORMAT:
        fields.problem("format", f'the format has to be "{FORMAT}"')
    version = fields.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        fields.problem("format_version", f"this program reads version {FORMAT_VERSION} of the format only")


def _group(fields: Fields) -> Group:
    group = Group(fields.key(), fields.label())
    fields.ignore_rest()
    return group


def _complete(drafts: list[Draft], findings: Findings, groups: set[str]) -> tuple[Variable, ...]:
    by_key = {draft.variable.key: draft for draft in drafts}
    variables = {
        draft.where: replace(draft.variable, values=_resolve_values(draft, by_key, findings)) for draft in drafts
    }
    known = {variable.key: variable for variable in variables.values()}
    for where, variable in variables.items():
        _check_variable(variable, where, findings)
        if variable.group and variable.group not in groups:
            findings.problem(f"{where}.group", f"the group {variable.group[:60]!r} is not in the codebook")
        check_condition(variable, known, where, findings)
        _check_limit(variable, known, where, findings)
    return tuple(variables.values())


def _resolve_values(draft: Draft, drafts: Mapping[str, Draft], findings: Findings) -> tuple[Value, ...]:
    """The draft's own values, or those of the variable that `values_from` leads to."""
    if not draft.values_from:
        return draft.variable.values
    place = f"{draft.where}.values_from"
    if draft.variable.values:
        findings.problem(place, "give either values or values_from, not both")
    seen, without, current = {draft.variable.key}, set(draft.values_without), draft
    while current.values_from:
        if current.values_from not in drafts:
            findings.problem(place, f"the variable {current.values_from[:60]!r} is not in the codebook")
            return ()
        if current.values_from in seen:
            findings.problem(place, "the variables take their values from each other in a cycle")
            return ()
        seen.add(current.values_from)
        current = drafts[current.values_from]
        without |= set(current.values_without) if current.values_from else set()
    offered = current.variable.choices
    _check_names(draft.values_without, offered, f"{draft.where}.values_without", findings)
    return tuple(value for value in offered if value.key not in without)


def _check_variable(variable: Variable, where: str, findings: Findings) -> None:
    """Everything that can be judged from one variable alone."""
    if variable.kind in CHOICE_KINDS and not variable.values:
        findings.problem(f"{where}.values", f"a variable of type {variable.kind} needs values")
    if variable.kind == "attribution" and not variable.sources:
        findings.problem(f"{where}.sources", "an attribution needs at least one source as value")
    check_shortcuts(variable.values, f"{where}.values", findings)
    check_shortcuts(variable.sources, f"{where}.sources", findings, taken=NARRATOR)
    check_shortcuts(variable.manners, f"{where}.manners", findings)
    check_shortcuts(variable.stances, f"{where}.stances", findings)
    _check_names(variable.exclusive, variable.values, f"{where}.exclusive", findings)
    _check_default(variable, where, findings)
    for number, relation in enumerate(variable.relations):
        _check_names((relation.source, *relation.targets), variable.values, f"{where}.relations[{number}]", findings)
    if variable.min is not None and variable.max is not None and variable.min > variable.max:
        findings.problem(f"{where}.min", "min is larger than max")
    report_scale(variable, where, findings)


def _check_default(variable: Variable, where: str, findings: Findings) -> None:
    if variable.default is None or variable.kind not in CHOICE_KINDS:
        return
    chosen = variable.default if isinstance(variable.default, list) else [variable.default]
    _check_names((str(key) for key in chosen), variable.values, f"{where}.default", findings)


def _check_names(keys: Iterable[str], values: tuple[Value, ...], where: str, findings: Findings) -> None:
    known = {value.key for value in values}
    for key in keys:
        if key not in known:
            findings.problem(where, f"{key[:60]!r} is no value of this variable")


def _check_limit(variable: Variable, known: Mapping[str, Variable], where: str, findings: Findings) -> None:
    place = f"{where}.values_limited_to_chosen_in"
    if variable.limited_to is None:
        return
    other = known.get(variable.limited_to)
    if other is None:
        findings.problem(place, f"the variable {variable.limited_to[:60]!r} is not in the codebook")
    elif other.scope != variable.scope or other.key == variable.key:
        findings.problem(place, "name another variable of the same scope")


def _error(findings: Findings) -> CodebookError:
    shown, rest = findings.problems[:_MAX_REPORTED], len(findings.problems) - _MAX_REPORTED
    if rest > 0:
        shown = [*shown, Problem("", f"{rest} more problems are not shown")]
    return CodebookError(tuple(shown))
