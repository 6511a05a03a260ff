"""Answers laid flat: one mark for each thing said of a stretch of text, as tools of annotation know them.

A set gives one mark for each of its values, an attribution one for each of its pieces, and each piece says all that the
attribution says; `item` tells which belong together. Where nothing is marked in the text, the mark lies on the unit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from annotator.core.codebook import CANNOT_TELL, Json, Variable, items_of
from annotator.core.codebook.model import Value
from annotator.core.codebook.span_answers import extent
from annotator.core.documents.model import Answer, Unit
from annotator.core.documents.names import identifier

# No key of a codebook has a double underscore.
NONE, NOT_TOLD = "__none", "__cannot_tell"


class Mark(NamedTuple):
    """`features` are words by name: see `feature_names`. What was left open has no word."""

    variable: Variable
    unit: Unit
    start: int
    end: int
    features: Mapping[str, str]

    @property
    def value(self) -> str:
        """The value, number or text; of an attribution its source."""
        return self.features["source" if self.variable.kind == "attribution" else "value"]

    @property
    def in_text(self) -> bool:
        """Whether a stretch was marked; else the mark speaks of the whole unit."""
        return "role" in self.features if self.variable.kind == "attribution" else "item" in self.features


def feature_names(variable: Variable) -> list[str]:
    """The features that marks of this variable may have, in order.

    >>> feature_names(Variable("stance", "Stance", "single", "sentence", "nominal"))
    ['value', 'unit']
    """
    if variable.kind == "attribution":
        return ["source", "unit", "item", "role", "manner", "stance", "same_as"]
    attributes = [attribute_name(attribute.key) for attribute in variable.span_attributes]
    return ["value", "unit", *(["item", "relation", *attributes] if variable.kind == "span" else [])]


def attribute_name(key: str) -> str:
    return f"attribute_{identifier(key)}"


def words_of(mark: Mark, feature: str) -> list[str]:
    """What a mark says in one feature: one word, or those of an attribute that may have several."""
    many = {attribute_name(one.key) for one in mark.variable.span_attributes if one.kind == "multi"}
    word = mark.features[feature]
    return list(json.loads(word)) if feature in many else [word]


def closed_features(variable: Variable) -> dict[str, list[str]]:
    """The features beside the value that have a list of words, and the words.

    >>> closed_features(Variable("who", "Who", "attribution", "sentence", "masi"))["source"]
    ['__none', '__cannot_tell']
    """
    if variable.kind == "attribution":
        parts = {"source": variable.sources, "manner": variable.manners, "stance": variable.stances}
        ends = {"source": [NONE, NOT_TOLD]}
        return {part: [*(value.key for value in own), *ends.get(part, [NOT_TOLD])] for part, own in parts.items()}
    return {
        attribute_name(one.key): ["true", "false"] if one.kind == "bool" else [value.key for value in one.values]
        for one in variable.span_attributes
    }


def values_of(variable: Variable) -> list[Value]:
    """The values that a mark of this variable may have, those for *none* and *can't be told* last."""
    own = variable.choices
    none = [Value(NONE, "none")] if variable.kind in {"multi", "span", "attribution"} else []
    return [*own, *none, Value(NOT_TOLD, "cannot tell")]


def marks(answers: Iterable[Answer]) -> Iterator[Mark]:
    """The marks in order of the answers."""
    for answer in answers:
        yield from _marks(answer)


def _marks(answer: Answer) -> Iterator[Mark]:
    variable, value = answer.variable, answer.value
    if value == CANNOT_TELL:
        yield _on_unit(answer, NOT_TOLD)
    elif not isinstance(value, list):
        yield _on_unit(answer, _word(value))
    elif not value:
        yield _on_unit(answer, NONE)
    elif variable.kind == "multi":
        yield from (_on_unit(answer, _word(one)) for one in value)
    else:
        for number, item in enumerate(items_of(value), 1):
            yield from (_attributed if variable.kind == "attribution" else _marked)(answer, number, item)


def _on_unit(answer: Answer, value: str, more: Mapping[str, str] | None = None) -> Mark:
    name = "source" if answer.variable.kind == "attribution" else "value"
    unit = answer.unit
    return Mark(answer.variable, unit, unit.start, unit.end, {name: value, "unit": str(unit.index)} | dict(more or {}))


def _marked(answer: Answer, number: int, span: Mapping[str, Json]) -> Iterator[Mark]:
    given = span.get("attributes")
    attributes = given.items() if isinstance(given, dict) else ()
    more = {"item": str(number)} | {attribute_name(key): _word(value) for key, value in attributes}
    if span.get("relation") is not None:
        more["relation"] = _word(span["relation"])
    yield _moved(_on_unit(answer, _word(span["value"]), more), span)


def _attributed(answer: Answer, number: int, item: Mapping[str, Json]) -> Iterator[Mark]:
    open_ends = {name: item[name] for name in ("manner", "stance", "same_as") if item.get(name) is not None}
    more = {"item": str(number)} | {name: _word(value) for name, value in open_ends.items()}
    whole = _on_unit(answer, _word(item["source"]), more)
    pieces = items_of(item.get("spans"))
    for piece in pieces:
        yield _moved(whole._replace(features={**whole.features, "role": _word(piece["role"])}), piece)
    if not pieces:
        yield whole


def _moved(mark: Mark, span: Mapping[str, Json]) -> Mark:
    start, end = extent(span)
    return mark._replace(start=start, end=end)


def _word(value: Json) -> str:
    if value == CANNOT_TELL:
        return NOT_TOLD
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
