"""The fields of a question that are rarely needed, under "More": what they offer depends on the whole codebook."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from annotator.core.codebook import Json
from annotator.core.codebook.editing import Document, entries
from annotator.core.codebook.offering import is_closed, offered, question, scope
from annotator.core.codebook.reading import LEVELS
from annotator.web.codebook_fields import LEVEL_NAMES, SPAN, Field, Options, sent_fields

CANNOT_TELL = Field("cannot_tell", _("Annotators may answer “cannot tell”"), "check", default=True)
MEASUREMENT = Field("measurement", _("Measured as"), "choice")
DEFAULT = Field("default", _("Suggested answer"), "choice")
EXCLUSIVE = Field("exclusive", _("Values that stand alone"), "picks")
MOST = Field("max_choices", _("Most values at once"), "number")
VALUES_FROM = Field("values_from", _("Values taken from"), "choice", redraws=True)
WITHOUT = Field("values_without", _("Taken without"), "picks")
LIMITED = Field("values_limited_to_chosen_in", _("Only values chosen in"), "choice")
JOINED = [Field("from", _("Joined to a mark of"), "choice"), Field("to", _("Marks that are joined to it"), "picks")]
RELATION = "relation."


def more_of_question(document: Document, entry: Document) -> list[Field]:
    kind, values = entry.get("type"), _labelled(offered(document, entry))
    others = _labelled(v for v in entries(document, ("variables",)) if v.get("key") != entry.get("key"))
    return [
        *_measured(kind),
        *_chosen(kind, values),
        *_taken(document, entry, others),
        CANNOT_TELL,
    ]


def joined(document: Document, entry: Document) -> list[Field]:
    """How marks of one value are joined to those of others; the first such rule of a question."""
    if entry.get("type") != "span":
        return []
    values = _labelled(offered(document, entry))
    return [replace(JOINED[0], options=[("", _("none")), *values]), replace(JOINED[1], options=values)]


def first_relation(entry: Document) -> Document:
    return next(iter(entries(entry, ("relations",))), {})


def rules_of_spans(entry: Document) -> Document:
    rules = entry.get("span")
    return rules if isinstance(rules, dict) else {}


def sent_more(document: Document, entry: Document, sent: QueryDict) -> dict[str, Json]:
    fields = sent_fields(more_of_question(document, entry), entry, sent)
    if entry.get("type") != "span":
        return fields
    rules, relation = rules_of_spans(entry), first_relation(entry)
    fields["span"] = _with(rules, sent_fields(SPAN, rules, sent, "span.")) or entry.get("span")
    joins = sent_fields(joined(document, entry), relation, sent, RELATION)
    if joins and (joins.get("from") or relation):
        rest = entries(entry, ("relations",))[1:]
        first = _with({"key": "joined"} | relation, joins)
        relations: list[Json] = [*([first] if first.get("from") else []), *rest]
        fields["relations"] = relations or None
    return fields


def _with(entry: Mapping[str, Json], fields: Mapping[str, Json]) -> Document:
    return {name: value for name, value in {**entry, **fields}.items() if value is not None}


def _labelled(found: "Iterator[Document] | list[Document]") -> list[tuple[str, str]]:
    return [(str(entry.get("key")), str(entry.get("label") or entry.get("key"))) for entry in found]


def _measured(kind: Json) -> Iterator[Field]:
    levels = next((levels for name, levels in LEVELS.items() if name == kind), ())
    if len(levels) > 1:
        options = [(level, LEVEL_NAMES[level]) for level in levels]
        yield replace(MEASUREMENT, options=options, default=levels[0])


def _chosen(kind: Json, values: Options) -> Iterator[Field]:
    if kind == "multi":
        yield MOST
        yield replace(EXCLUSIVE, options=values)
        yield replace(DEFAULT, control="picks", options=values)
    elif kind in ("single", "ordinal"):
        yield replace(DEFAULT, options=[("", _("none")), *values])


def _taken(document: Document, entry: Document, others: Options) -> Iterator[Field]:
    """Values of another question: to take, where this one has none of its own."""
    if entry.get("type") not in ("single", "multi", "ordinal", "span"):
        return
    closed = [(key, label) for key, label in others if is_closed(question(document, key))]
    if entry.get("values_from"):
        everything = {name: value for name, value in entry.items() if name != "values_without"}
        yield replace(VALUES_FROM, options=[("", _("none")), *closed])
        yield replace(WITHOUT, options=_labelled(offered(document, everything)))
    elif not entries(entry, ("values",)):
        yield replace(VALUES_FROM, options=[("", _("none")), *closed])
    if entry.get("type") != "span":
        beside = [(key, label) for key, label in closed if scope(question(document, key)) == scope(entry)]
        yield replace(LIMITED, options=[("", _("none")), *beside])
