"""Answers that carry spans: lists of marked stretches, and attributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotator.core.codebook.model import CANNOT_TELL, ROLES, AnswerError, Json, SpanAttribute, Value, Variable
from annotator.core.codebook.wording import key_list, shown
from annotator.core.spans import Interval, contains, overlaps
from annotator.core.text import is_storable

_MAX_SPANS = 200
_MAX_ATTRIBUTIONS = 50
_SPAN_FIELDS = frozenset({"start", "end", "quote", "value", "attributes", "relation"})
_PIECE_FIELDS = frozenset({"role", "start", "end", "quote"})
_ATTRIBUTION_FIELDS = frozenset({"source", "manner", "stance", "spans", "same_as"})


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that is labelled: its extent, in code points, in the text of its text version."""

    text: str
    start: int
    end: int


def check_spans(variable: Variable, answer: object, unit: Unit) -> Json:
    """The spans in text order, then codebook order; `[]` says that nothing is to be marked."""
    rank = {value.key: number for number, value in enumerate(variable.values)}
    spans = [_check_span(variable, item, unit) for item in _items(variable, answer, _MAX_SPANS)]
    spans.sort(key=lambda span: (extent(span), rank[str(span["value"])], str(span.get("relation", ""))))
    for one, other in combinations(spans, 2):
        if not may_stand_together(variable, one, other):
            raise AnswerError(
                f"{variable.label}: {shown(one['quote'])} and {shown(other['quote'])} overlap; this question doesn't "
                "allow that here."
            )
    return [*spans]


def check_attributions(variable: Variable, answer: object, unit: Unit) -> Json:
    """The attributions in the order given, outer before inner; `[]` says that the narrator speaks.

    Manner and stance may be open (None) while the annotator is still choosing; `is_done` waits for them. `same_as` says
    that the source was taken over from an earlier sentence: it is where that begins, in code points of the text.
    """
    items = [_check_attribution(variable, item, unit) for item in _items(variable, answer, _MAX_ATTRIBUTIONS)]
    if not variable.nested:
        _refuse_nesting(variable, items)
    return [*items]


def _items(variable: Variable, answer: object, most: int) -> list[Mapping[str, object]]:
    if not isinstance(answer, list):
        raise AnswerError(f"{variable.label}: the answer has to be a list, [] for none; got {shown(answer)}.")
    if len(answer) > most:
        raise AnswerError(f"{variable.label}: the list has {len(answer)} entries; {most} at most.")
    for item in answer:
        if not isinstance(item, Mapping):
            raise AnswerError(f"{variable.label}: each entry has to be an object; got {shown(item)}.")
    return answer


def _check_span(variable: Variable, item: Mapping[str, object], unit: Unit) -> dict[str, Json]:
    _refuse_unknown_fields(variable, item, _SPAN_FIELDS)
    span = _extent_and_quote(variable, item, unit)
    span["value"] = _known(variable, "value", item.get("value"), variable.values)
    if item.get("attributes") is not None:
        span["attributes"] = _check_attributes(variable, item["attributes"])
    if item.get("relation") is not None:
        span["relation"] = _check_relation(variable, item["relation"])
    return span


def _check_attribution(variable: Variable, item: Mapping[str, object], unit: Unit) -> dict[str, Json]:
    _refuse_unknown_fields(variable, item, _ATTRIBUTION_FIELDS)
    sent = item.get("spans")
    pieces = [
        _check_piece(variable, piece, unit) for piece in _items(variable, [] if sent is None else sent, _MAX_SPANS)
    ]
    pieces.sort(key=lambda piece: (extent(piece), ROLES.index(str(piece["role"]))))
    for one, other in combinations(pieces, 2):
        if one == other:
            raise AnswerError(f"{variable.label}: {shown(one['quote'])} is marked twice as {one['role']}.")
    checked: dict[str, Json] = {
        "source": _known(variable, "source", item.get("source"), variable.sources),
        "manner": _known_or_open(variable, "manner", item.get("manner"), variable.manners),
        "stance": _known_or_open(variable, "stance", item.get("stance"), variable.stances),
        "spans": [*pieces],
    }
    if item.get("same_as") is not None:
        checked["same_as"] = _earlier(variable, item["same_as"], unit)
    return checked


def _earlier(variable: Variable, start: object, unit: Unit) -> int:
    place = _offset(variable, start, "same_as")
    if not 0 <= place < unit.start:
        raise AnswerError(f"{variable.label}: same_as {shown(start)} has to be where an earlier sentence begins.")
    return place


def _check_piece(variable: Variable, item: Mapping[str, object], unit: Unit) -> dict[str, Json]:
    _refuse_unknown_fields(variable, item, _PIECE_FIELDS)
    role = item.get("role")
    if role not in ROLES:
        raise AnswerError(f"{variable.label}: the role {shown(role)} is unknown; choose from {', '.join(ROLES)}.")
    return {"role": str(role), **_extent_and_quote(variable, item, unit)}


def _extent_and_quote(variable: Variable, item: Mapping[str, object], unit: Unit) -> dict[str, Json]:
    start, end = _offset(variable, item.get("start"), "start"), _offset(variable, item.get("end"), "end")
    if not start < end:
        raise AnswerError(f"{variable.label}: the span {shown(start)} to {shown(end)} is empty or runs backwards.")
    if not (unit.start <= start and end <= unit.end):
        raise AnswerError(
            f"{variable.label}: the span {shown(start)} to {shown(end)} leaves its unit, "
            f"which runs from {unit.start} to {unit.end}."
        )
    actual, quote = unit.text[start:end], item.get("quote")
    if quote is not None and quote != actual:
        raise AnswerError(
            f"{variable.label}: the quote {shown(quote)} is not what stands at {start} to {end}, which is "
            f"{shown(actual)}; count code points of the article's text."
        )
    return {"start": start, "end": end, "quote": actual}


def _offset(variable: Variable, offset: object, name: str) -> int:
    if isinstance(offset, bool) or not isinstance(offset, int):
        raise AnswerError(f"{variable.label}: the {name} of a span has to be a whole number; got {shown(offset)}.")
    return offset


def _check_attributes(variable: Variable, attributes: object) -> dict[str, Json]:
    if not isinstance(attributes, Mapping):
        raise AnswerError(f"{variable.label}: the attributes of a span have to be an object; got {shown(attributes)}.")
    known = {attribute.key for attribute in variable.span_attributes}
    for key in attributes:
        if key not in known:
            raise AnswerError(f"{variable.label}: spans have no attribute {shown(key)}.")
    return {
        attribute.key: _check_attribute(variable, attribute, attributes[attribute.key])
        for attribute in variable.span_attributes
        if attributes.get(attribute.key) is not None
    }


def _check_attribute(variable: Variable, attribute: SpanAttribute, answer: object) -> Json:
    if attribute.kind == "bool":
        if not isinstance(answer, bool):
            raise AnswerError(f"{variable.label}: {attribute.label} has to be true or false; got {shown(answer)}.")
        return answer
    if attribute.kind != "multi":
        return _known(variable, attribute.label, answer, attribute.values)
    if not isinstance(answer, list):
        raise AnswerError(f"{variable.label}: {attribute.label} has to be a list of values; got {shown(answer)}.")
    chosen = {_known(variable, attribute.label, key, attribute.values) for key in answer}
    return [value.key for value in attribute.values if value.key in chosen]


def _check_relation(variable: Variable, relation: object) -> str:
    if not isinstance(relation, str) or not relation.strip() or len(relation) > 100:
        raise AnswerError(
            f"{variable.label}: a relation has to be a text of 1 to 100 characters; got {shown(relation)}."
        )
    if not is_storable(relation):
        raise AnswerError(f"{variable.label}: the relation holds a character that can't be stored.")
    return relation


def _known(variable: Variable, name: str, key: object, values: Sequence[Value]) -> str:
    offered = [value for value in values if not value.retired]
    if isinstance(key, str) and any(value.key == key for value in offered):
        return key
    raise AnswerError(f"{variable.label}: the {name} {shown(key)} is not offered; choose from {key_list(offered)}.")


def _known_or_open(variable: Variable, name: str, key: object, values: Sequence[Value]) -> Json:
    if key == CANNOT_TELL and variable.cannot_tell:
        return CANNOT_TELL
    return None if key is None else _known(variable, name, key, values)


def _refuse_unknown_fields(variable: Variable, item: Mapping[str, object], known: frozenset[str]) -> None:
    unknown = [str(name) for name in item if name not in known]
    if unknown:
        raise AnswerError(f"{variable.label}: {shown(unknown[0])} is no field here; use {', '.join(sorted(known))}.")


def may_stand_together(variable: Variable, one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """Whether the rule of `span.overlap` lets both stay. Equal spans are told apart by value or relation only."""
    a, b, rule = extent(one), extent(other), variable.span.overlap
    same_value, same_relation = one["value"] == other["value"], one.get("relation") == other.get("relation")
    if a == b and same_value and same_relation:
        return False
    if not overlaps(a, b) or rule == "any":
        return True
    if rule == "none":
        return False
    nested = rule == "across_labels_and_nested" and (contains(a, b) or contains(b, a) or not same_relation)
    return not same_value or nested


def _refuse_nesting(variable: Variable, items: Sequence[Mapping[str, Json]]) -> None:
    for outer in items:
        for inner in items:
            if inner is not outer and any(
                contains(around, cue) for around in extents(outer, "content") for cue in extents(inner, "cue")
            ):
                raise AnswerError(f"{variable.label}: one attribution lies inside another; nesting is switched off.")


def extents(attribution: Mapping[str, Json], role: str) -> list[Interval]:
    """Where the pieces of an attribution lie that have this role."""
    pieces = attribution["spans"]
    if not isinstance(pieces, list):
        return []
    return [extent(piece) for piece in pieces if isinstance(piece, dict) and piece["role"] == role]


def extent(span: Mapping[str, Json]) -> Interval:
    """Where a checked span lies in the text version."""
    start, end = span["start"], span["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    return Interval(start, end)
