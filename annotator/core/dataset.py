"""One row of the long dataset, and the one spelling of its answers, whatever database they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from annotator.core.codebook import Codebook, Json, State, Variable, asked, state_of
from annotator.core.codebook.model import Scope
from annotator.core.tables import Figure

_SPAN = ("role", "start", "end", "quote", "value", "attributes", "relation")
_ATTRIBUTION = ("source", "manner", "stance", "spans", "same_as")


class Row(NamedTuple):
    """The answer of one annotator to one variable on one unit; the fields are the columns, in their order.

    `value` is the answer as `value_cell` writes it, None where `state` is cannot_tell, unanswered or not_asked. `start`
    and `end` are code points of the text version that `item_id` names, end exclusive, and `text` is what stands between
    them. `codebook` is the number of the codebook version; `version` and `updated_at` are those of the label (0 and
    None: there never was one). A named tuple, not a dataclass: there are millions of them, and it takes a third of the
    time to make.
    """

    item_id: str
    text: str
    annotator: str
    variable: str
    value: str | None
    occasion: int
    group: str
    state: State
    article: str
    sentence: int
    start: int
    end: int
    kind: str
    round: str
    codebook: int
    version: int
    updated_at: datetime | None


COLUMNS: tuple[str, ...] = Row._fields


def item_id(article: str, sentence: int, *, text_version: int = 1, is_item: bool = False) -> str:
    """What is rated: a unit, by the external id of its article and its number; an item of a coded table by its own id.

    Once boundaries were mended the number of the text version is named, for the same number may be another unit then.

    >>> item_id("bridge", 3)
    'bridge:3'
    >>> item_id("bridge", 3, text_version=2)
    'bridge@2:3'
    """
    return article if is_item else f"{text_name(article, text_version)}:{sentence}"


def text_name(article: str, version: int) -> str:
    """A text version by the external id of its article; the first has no number, unless the id looks as if it had.

    >>> text_name("bridge", 1), text_name("bridge", 2), text_name("bridge@2", 1)
    ('bridge', 'bridge@2', 'bridge@2@1')
    """
    _, sign, number = article.rpartition("@")
    return f"{article}@{version}" if version > 1 or (sign and number.isdigit()) else article


def states(codebook: Codebook, scope: Scope, answers: Mapping[str, Json]) -> dict[str, State]:
    """The state of every variable of a scope on one unit, as `core.codebook.state` says it of one, in one pass."""
    keys = {variable.key for variable in asked(codebook, scope, answers)}
    return {
        variable.key: state_of(answers.get(variable.key)) if variable.key in keys else "not_asked"
        for variable in codebook.variables
        if variable.scope == scope
    }


def canonical(variable: Variable, answer: Json) -> Json:
    """The answer with its fields in the order in which it was checked: PostgreSQL's jsonb keeps none.

    >>> spans = Variable("framing", "Framing", "span", "sentence", "span")
    >>> canonical(spans, [{"value": "praise", "end": 9, "start": 4}])
    [{'start': 4, 'end': 9, 'value': 'praise'}]
    """
    if variable.kind == "span":
        return _spans(answer, [attribute.key for attribute in variable.span_attributes])
    if variable.kind != "attribution" or not isinstance(answer, list):
        return answer
    items = [_ordered(item, _ATTRIBUTION) for item in answer if isinstance(item, dict)]
    return [item | {"spans": _spans(item.get("spans"), ())} for item in items]


def value_cell(value: Json) -> str | None:
    """An answer as label imports take it: a key, number or text as it is, JSON for sets, spans and attributions."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return Figure(json.dumps(value))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _spans(spans: Json, attributes: Sequence[str]) -> Json:
    if not isinstance(spans, list):
        return spans
    found = [_ordered(span, _SPAN) for span in spans if isinstance(span, dict)]
    for span in found:
        if isinstance(given := span.get("attributes"), dict):
            span["attributes"] = _ordered(given, attributes)
    return [*found]


def _ordered(fields: Mapping[str, Json], order: Sequence[str]) -> dict[str, Json]:
    names = [*(name for name in order if name in fields), *sorted(set(fields).difference(order))]
    return {name: fields[name] for name in names}
