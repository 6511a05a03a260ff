"""One object of the document to a Variable, before the variables are compared with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal, cast

from annotator.core.codebook.conditions import read_condition
from annotator.core.codebook.fields import MAX_LABEL, Fields, Findings, report_duplicates
from annotator.core.codebook.model import (
    KINDS,
    OVERLAPS,
    QUOTATIONS,
    SCOPES,
    Json,
    Kind,
    Level,
    Relation,
    SpanAttribute,
    SpanRules,
    Value,
    Variable,
)
from annotator.core.codebook.shortcuts import check_shortcuts

MAX_VALUES = 1_000
# The first level is the default of the kind. An attribution is measured by part, its sources like a multi.
LEVELS: dict[Kind, tuple[Level, ...]] = {
    "single": ("nominal",),
    "multi": ("masi", "jaccard"),
    "ordinal": ("ordinal", "interval", "ratio", "nominal"),
    "number": ("interval", "ratio", "ordinal"),
    "text": ("text",),
    "span": ("span",),
    "attribution": ("masi", "jaccard"),
}
ATTRIBUTE_KINDS: tuple[Literal["single", "multi", "ordinal", "bool"], ...] = ("single", "multi", "ordinal", "bool")


@dataclass(frozen=True, slots=True)
class Draft:
    """A variable with what still has to be looked up in others, and its place in the document."""

    where: str
    variable: Variable
    values_from: str = ""
    values_without: tuple[str, ...] = ()


def read_variable(fields: Fields) -> Draft | None:
    """None where the kind is unknown, since nothing else can be judged then."""
    found = fields.get("type")
    kind = next((kind for kind in KINDS if kind == found), None)
    if kind is None:
        what = "the type is missing" if found is None else f"{str(found)[:60]!r} is no type of variable"
        fields.problem("type", f"{what}; use one of: {', '.join(KINDS)}")
        fields.key()
        return None
    draft = Draft(
        where=fields.where,
        variable=_variable(fields, kind),
        values_from=fields.text("values_from"),
        values_without=fields.texts("values_without"),
    )
    fields.ignore_rest()
    return draft


def read_values(fields: Fields, name: str) -> tuple[Value, ...]:
    values = tuple(_read_value(item) for item in fields.objects(name, MAX_VALUES))
    report_duplicates(fields.findings, fields.path(name), (value.key for value in values), "value")
    _check_became(fields, name, values)
    return values


def _check_became(fields: Fields, name: str, values: Sequence[Value]) -> None:
    """A retired value may have become others of its own list, and in the end something else than itself."""
    keys = {value.key for value in values}
    for number, value in enumerate(values):
        place = f"{name}[{number}].became"
        if value.became and not value.retired:
            fields.problem(place, f"{value.label[:60]!r} is still offered; only a retired value became another")
        for key in sorted(set(value.became) - keys):
            fields.problem(place, f"{key[:60]!r} is no value of this list")
        if len(set(value.became)) < len(value.became):
            fields.problem(place, "a value is named twice")
    try:
        TopologicalSorter({value.key: value.became for value in values}).prepare()
    except CycleError as error:
        fields.problem(name, f"the values {', '.join(error.args[1][:20])} became each other in a cycle")


def _variable(fields: Fields, kind: Kind) -> Variable:
    label = fields.label()
    return Variable(
        key=fields.key(),
        label=label,
        kind=kind,
        scope=fields.choice("scope", SCOPES, "sentence"),
        measurement=fields.choice("measurement", LEVELS[kind], LEVELS[kind][0]),
        required=fields.flag("required"),
        group=fields.text("group"),
        question=fields.text("question", most=1_000) or label,
        definition=fields.text("definition"),
        rule=fields.text("coding_rule"),
        positive=fields.text("positive"),
        negative=fields.text("negative"),
        edge_rule=fields.text("edge_rule"),
        values=read_values(fields, "values"),
        exclusive=fields.texts("exclusive"),
        max_choices=fields.whole("max_choices", 1, MAX_VALUES),
        limited_to=fields.text("values_limited_to_chosen_in") or None,
        default=cast(Json, fields.get("default")),
        visible_if=read_condition(fields, "visible_if"),
        span=_span_rules(fields),
        span_attributes=_span_attributes(fields),
        relations=tuple(_relation(item) for item in fields.objects("relations", 50)),
        sources=read_values(fields, "sources"),
        manners=read_values(fields, "manners"),
        stances=read_values(fields, "stances"),
        nested=fields.flag("nested"),
        min=fields.number("min"),
        max=fields.number("max"),
        integer=fields.flag("integer"),
        unit=fields.text("unit", most=MAX_LABEL),
        max_length=fields.whole("max_length", 1, 100_000) or 10_000,
        cannot_tell=fields.flag("cannot_tell", default=True),
        retired=fields.flag("retired"),
    )


def _read_value(fields: Fields) -> Value:
    value = Value(
        key=fields.key(),
        label=fields.label(),
        shortcut=fields.text("shortcut"),
        code=fields.number("code"),
        colour=_colour(fields),
        definition=fields.text("definition"),
        use_when=fields.text("use_when"),
        not_when=fields.text("not_when"),
        positive=fields.text("positive"),
        negative=fields.text("negative"),
        edge_rule=fields.text("edge_rule"),
        aliases=fields.texts("aliases"),
        side=fields.text("side", most=MAX_LABEL),
        actor_type=fields.text("actor_type", most=MAX_LABEL),
        quotation=fields.choice("quotation", QUOTATIONS, ""),
        retired=fields.flag("retired"),
        became=fields.texts("became"),
    )
    fields.ignore_rest()
    return value


def _colour(fields: Fields) -> int | None:
    found = fields.get("colour")
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= 8):
        return found
    fields.problem("colour", "the colour has to be a number from 0 to 8, the hues of the screen")
    return None


def _span_rules(fields: Fields) -> SpanRules:
    if "span" not in fields:
        fields.get("span")
        return SpanRules()
    inner = Fields(fields.get("span"), fields.path("span"), fields.findings)
    inner.choice("unit", ("character",), "character")
    rules = SpanRules(
        overlap=inner.choice("overlap", OVERLAPS, "any"),
        snap=inner.choice("snap", ("token", "character"), "token"),
        discontinuous=inner.get("discontinuous") is None or inner.flag("discontinuous"),
    )
    inner.ignore_rest()
    return rules


def _span_attributes(fields: Fields) -> tuple[SpanAttribute, ...]:
    found = tuple(_span_attribute(item) for item in fields.objects("span_attributes", 50))
    where = fields.path("span_attributes")
    report_duplicates(fields.findings, where, (attribute.key for attribute in found), "attribute")
    return found


def _span_attribute(fields: Fields) -> SpanAttribute:
    key = fields.key()
    kind = fields.choice("type", ATTRIBUTE_KINDS, "single")
    label = fields.text("label", most=MAX_LABEL) or key
    values = _attribute_values(fields)
    check_shortcuts(values, fields.path("values"), fields.findings)
    if kind != "bool" and not values:
        fields.problem("values", "a span attribute with choices needs values")
    retired = fields.flag("retired")
    fields.ignore_rest()
    return SpanAttribute(key, label, kind, values, retired)


def _attribute_values(fields: Fields) -> tuple[Value, ...]:
    """Values of a span attribute may be given in short, as their keys alone."""
    found = fields.items("values", MAX_VALUES)
    if all(isinstance(item, str) for item in found):
        values = tuple(Value(key=key, label=key) for key in fields.texts("values", MAX_VALUES))
        report_duplicates(fields.findings, fields.path("values"), (value.key for value in values), "value")
        return values
    return read_values(fields, "values")


def _relation(fields: Fields) -> Relation:
    relation = Relation(fields.key(), fields.text("from", needed=True), fields.texts("to"))
    fields.whole("min", 0)
    fields.whole("max_source", 1)
    fields.ignore_rest()
    return relation


def read_all(document: Fields, findings: Findings) -> list[Draft]:
    """The drafts of all variables whose kind is known."""
    drafts = [read_variable(fields) for fields in document.objects("variables", 500)]
    if "variables" in document and not drafts and not findings.problems:
        document.problem("variables", "a codebook needs at least one variable")
    found = document.get("variables")
    keys = [item.get("key") if isinstance(item, dict) else None for item in found] if isinstance(found, list) else []
    report_duplicates(findings, "variables", [key if isinstance(key, str) else "" for key in keys], "variable")
    return [draft for draft in drafts if draft is not None]
