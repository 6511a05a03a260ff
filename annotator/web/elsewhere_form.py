"""The mapping screen of an import from another tool: what its form sends, and what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from annotator.core.annotated import (
    FREE_KINDS,
    NEW,
    NEW_KINDS,
    NONE,
    NOT_TOLD,
    Layer,
    LayerPlan,
    Plan,
    choices_of,
    offered_to,
    planned,
)
from annotator.core.codebook import Codebook, CodebookError, Json, load, parse
from annotator.core.errors import InvalidError
from annotator.services.elsewhere_reviews import Export, Review

MOST_VALUES = 400
"""Values of all layers that the screen asks about; the others stay as they are proposed."""
MOST_ANNOTATORS = 200
SHOWN_VALUES = 4


@dataclass(frozen=True)
class ValueLine:
    value: str
    count: int
    becomes: str


@dataclass(frozen=True)
class LayerLine:
    """A layer, the questions that it may become, and its values where they are asked about."""

    layer: Layer
    plan: LayerPlan
    questions: Sequence[tuple[str, str]]
    new: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, str]]
    values: Sequence[ValueLine]
    number: int

    @property
    def examples(self) -> Sequence[str]:
        return list(self.layer.values)[:SHOWN_VALUES]


def plan_of(said: QueryDict, export: Export, base: Plan, book: Codebook | None) -> Plan:
    """The choices of the form over those that are proposed; a question that was changed gets its values proposed."""
    if "each" not in said:
        return base
    tos, was, names = said.getlist("to"), said.getlist("was"), said.getlist("name")
    layers: dict[str, LayerPlan] = {}
    for number, layer in enumerate(export.layers[: len(tos)]):
        to = tos[number]
        fresh = planned(layer, to, book) if to else LayerPlan()
        sent = said.getlist(f"value-{number}")
        if sent and was[number : number + 1] == [to]:
            fresh = replace(fresh, values={**fresh.values, **dict(zip(layer.values, sent, strict=False))})
        name = names[number].strip() if number < len(names) else ""
        layers[layer.name] = replace(fresh, name=name or fresh.name) if fresh.new_kind else fresh
    pseudonyms = zip(export.annotators, map(str.strip, said.getlist("pseudonym")), strict=False)
    return replace(
        base,
        each="item" if said["each"] == "item" else "article",
        layers={**base.layers, **layers},
        annotators={**base.annotators, **dict(pseudonyms)},
        leave_out=said.get("leave_out") == "1",
        unmarked_is_none=said.get("unmarked") == "1",
    )


def layer_lines(found: Review) -> list[LayerLine]:
    book = parse(found.version.document) if found.version else None
    left = MOST_VALUES
    lines = []
    for number, layer in enumerate(found.export.layers):
        plan = found.plan.of(layer.name)
        values = _values(layer, plan, found.kind_of(layer.name))[: max(left, 0)]
        left -= len(values)
        choices = [] if plan.new_kind else [(value.key, value.label) for value in choices_of(plan.to, book)]
        choices += _others(found.kind_of(layer.name)) if choices and ":" not in plan.to else []
        lines.append(LayerLine(layer, plan, offered_to(layer, book), _new(layer), choices, values, number))
    return lines


def _values(layer: Layer, plan: LayerPlan, kind: str) -> list[ValueLine]:
    if not plan.to or kind in FREE_KINDS or kind == "bool":
        return []
    return [ValueLine(value, count, plan.values.get(value, "")) for value, count in layer.values.items()]


def _others(kind: str) -> list[tuple[str, str]]:
    """What a value may become that is no value of the question."""
    none = [(NONE, _("answered: none applies"))] if kind in ("multi", "span") else []
    return [*none, (NOT_TOLD, _("answered: can’t be told"))]


def _new(layer: Layer) -> list[tuple[str, str]]:
    names = {
        "single": _("a new question with one answer"),
        "multi": _("a new question with several answers"),
        "ordinal": _("a new scale"),
        "number": _("a new question for a number"),
        "text": _("a new question for text"),
        "span": _("a new question of marks"),
    }
    return [(f"{NEW}{kind}", names[kind]) for kind in NEW_KINDS if layer.is_span or kind != "span"]


def mapping_of(data: bytes) -> dict[str, Json]:
    """The document of a mapping file. Raises InvalidError for what is no JSON object."""
    try:
        return load(data)
    except CodebookError as error:
        raise InvalidError(_("The mapping can’t be read."), tuple(map(str, error.problems))) from error
