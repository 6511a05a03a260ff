"""How a file is to be brought in: what each layer, value and annotator of it becomes. Kept as JSON for reviewers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError

from .layers import Layer

NEW_KINDS = ("single", "multi", "ordinal", "number", "text", "span")
FREE_KINDS = ("number", "text")
FORMAT = "annotation-import"
NEW = "new:"
"""Before the kind of a question that is to be made."""
RELATION = "relation"
"""What joins marks of one question, where a layer is to become that: `key:relation`."""
NONE, NOT_TOLD = "__none", "__cannot_tell"
"""What a value may become in place of a key, which never has two underscores: answered none, and not to be told."""


@dataclass(frozen=True)
class LayerPlan:
    """`to` is the key of a question, `key:attribute` for what is asked of its spans, `new:kind`, or empty: left out.

    `values` gives each value of the file its key, or its name in a new question; empty leaves it out.
    """

    to: str = ""
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def new_kind(self) -> str:
        return self.to.removeprefix(NEW) if self.to.startswith(NEW) else ""


@dataclass(frozen=True)
class Plan:
    """The choices for a file; `annotators` gives each of its annotators a pseudonym."""

    each: Literal["article", "item"] = "article"
    """What a document of the file is: an article of many sentences, or one item that is labelled whole."""
    layers: Mapping[str, LayerPlan] = field(default_factory=dict)
    annotators: Mapping[str, str] = field(default_factory=dict)
    leave_out: bool = False
    """Marks that do not lie within one unit are left out, in place of refusing the file."""
    unmarked_is_none: bool = True
    """A sentence that somebody worked on and did not mark is an answer: nothing to mark."""

    def of(self, layer: str) -> LayerPlan:
        return self.layers.get(layer, LayerPlan())


def plan_to_json(plan: Plan) -> str:
    """The plan as a file that a reviewer can read and `plan_from_json` takes."""
    document = {
        "format": FORMAT,
        "format_version": 1,
        "each": plan.each,
        "leave_out": plan.leave_out,
        "unmarked_is_none": plan.unmarked_is_none,
        "layers": {
            name: {"to": layer.to, "name": layer.name, "values": dict(layer.values)}
            for name, layer in plan.layers.items()
        },
        "annotators": dict(plan.annotators),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def plan_from_json(document: Mapping[str, Json], base: Plan) -> Plan:
    """The choices of a file over those of `base`, which are proposed for what it doesn't name. Raises InvalidError."""
    if document.get("format") != FORMAT or document.get("format_version") != 1:
        raise InvalidError(f"This is no mapping of an import: its “format” has to be {FORMAT}, its version 1.")
    each = document.get("each", base.each)
    if each not in ("article", "item"):
        raise InvalidError("In the mapping “each” has to be article or item.")
    layers = {name: _layer(name, entry) for name, entry in _object(document.get("layers", {}), "layers").items()}
    annotators = _texts(document.get("annotators", {}), "annotators")
    return replace(
        base,
        each="item" if each == "item" else "article",
        layers={**base.layers, **{name: plan for name, plan in layers.items() if name in base.layers}},
        annotators={**base.annotators, **{name: to for name, to in annotators.items() if name in base.annotators}},
        leave_out=document.get("leave_out", base.leave_out) is True,
        unmarked_is_none=document.get("unmarked_is_none", base.unmarked_is_none) is True,
    )


def layer_fault(layer: Layer, kind: str) -> str:
    """Why a layer can't become a question of this kind, or nothing."""
    if kind == "attribution":
        return "attributions can't be made of the marks of another tool"
    if kind == "span" and not layer.is_span:
        return "it has answers to the whole text, which can't become marks"
    return ""


def _layer(name: str, entry: Json) -> LayerPlan:
    said = _object(entry, name)
    to, label = said.get("to", ""), said.get("name", "")
    if not isinstance(to, str) or not isinstance(label, str):
        raise InvalidError(f"In the mapping of “{name[:60]}” “to” and “name” have to be text.")
    return LayerPlan(to, label, _texts(said.get("values", {}), name))


def _texts(value: Json, where: str) -> dict[str, str]:
    found = _object(value, where)
    if not all(isinstance(item, str) for item in found.values()):
        raise InvalidError(f"In the mapping each value of “{where[:60]}” has to be text.")
    return {name: str(item) for name, item in found.items()}


def _object(value: Json, where: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise InvalidError(f"In the mapping “{where[:60]}” has to be an object.")
    return value
