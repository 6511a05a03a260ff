"""What was marked in the text: a row for each span, and a row for each attribution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from annotator.core.codebook import CANNOT_TELL, Json, Variable, items_of
from annotator.core.codebook.model import ROLES
from annotator.core.codebook.span_answers import extent, extents
from annotator.core.dataset import value_cell
from annotator.core.spans import Interval, contains, voice
from annotator.core.tables import Cell, Cells, Column, Selection
from annotator.queries.datasets import Said, said
from annotator.queries.editions import Edition
from annotator.queries.tables import columns as its

Item = Mapping[str, Json]
PIECES = " … "
_UNIT = (
    its.OCCASION,
    its.GROUP,
    its.ARTICLE,
    its.TEXT_VERSION,
    its.SENTENCE,
    Column("unit_start", "integer", its.START.meaning),
    Column("unit_end", "integer", its.END.meaning),
    its.KIND,
    its.ROUND,
    its.CODEBOOK,
    its.VERSION,
    its.UPDATED_AT,
)
SPANS = (
    *its.PLACE[:2],
    its.ANNOTATOR,
    its.VARIABLE,
    Column("item", "integer", _("Number of the span in the answer, from 1; of an attribution, the attribution’s")),
    Column("role", "text", _("source, cue or content of an attribution; empty for a span of its own")),
    Column("value", "text", _("The value of the span; of an attribution, its source")),
    Column("start", "integer", _("First character of the span in the article’s text, in code points from 0")),
    Column("end", "integer", _("End of the span, exclusive")),
    Column("quote", "text", _("The words that are marked")),
    Column("attributes", "json", _("What was answered about the span, by attribute")),
    Column("relation", "text", _("Spans of one unit with the same relation belong together")),
    Column(
        "voice",
        "text",
        _("own_words, attributed, quoted or scare_quotes, by quotation marks and the contents of attributions"),
    ),
    *_UNIT,
)
ATTRIBUTIONS = (
    *its.PLACE[:2],
    its.ANNOTATOR,
    its.VARIABLE,
    Column("attribution", "integer", _("Number of the attribution in the answer, from 1")),
    Column("source", "text", _("Key of the source")),
    Column("side", "text", _("Side of the source, as the codebook has it")),
    Column("actor_type", "text", _("What kind of actor the source is, as the codebook has it")),
    Column("manner", "text", _("How it is said; empty where open, cannot_tell where it can’t be told")),
    Column("stance", "text", _("Stance of the cue; empty where open, cannot_tell where it can’t be told")),
    Column("voice", "text", _("Voice of the content: attributed, quoted or scare_quotes; empty without content")),
    Column("source_text", "text", _("The words marked as source; pieces are joined by …")),
    Column("cue_text", "text", _("The words marked as cue")),
    Column("content_text", "text", _("The words marked as content")),
    Column("inside", "integer", _("Number of the attribution in whose content this one stands; empty = in none")),
    Column("same_as", "integer", _("Where the earlier sentence begins from which the source was taken over")),
    Column("spans", "json", _("All pieces with role, start, end and quote")),
    *_UNIT,
)


class Marked(NamedTuple):
    """An answer that carries spans."""

    said: Said
    variable: Variable
    items: Sequence[Item]
    contents: Sequence[Interval]
    """Of all attributions that the annotator made on the unit."""
    version: int
    updated_at: Cell

    def row(self, *own: Cell) -> Cells:
        place, share = self.said.place, self.said.share
        what = place.item_id, place.text, share.annotator, self.variable.key
        unit = place.sentence, place.start, place.end, place.kind, place.round, place.codebook
        where = share.occasion, share.group, place.article, self.said.text.number
        return (*what, *own, *where, *unit, self.version, self.updated_at)

    def voice(self, span: Item) -> str:
        return voice(extent(span), self.said.place.text, self.said.place.start, self.contents)


def span_rows(editions: Sequence[Edition], selection: Selection) -> Iterator[Cells]:
    """In order of the long table, then as the answer has them."""
    for one in _marked(editions, selection):
        for number, item in enumerate(one.items, start=1):
            if one.variable.kind == "span":
                yield one.row(*_span(one, number, item, item.get("value")))
                continue
            for piece in items_of(item["spans"]):
                yield one.row(*_span(one, number, piece, item["source"]))


def attribution_rows(editions: Sequence[Edition], selection: Selection) -> Iterator[Cells]:
    """In order of the long table, then as the answer has them; where the narrator speaks is no row."""
    for one in _marked(editions, selection):
        if one.variable.kind == "attribution":
            for number, item in enumerate(one.items, start=1):
                yield one.row(number, *_attribution(one, item))


def _marked(editions: Sequence[Edition], selection: Selection) -> Iterator[Marked]:
    # Attributions are read, wanted or not: voices hang on them.
    for one in said(editions, replace(selection, variables=())):
        found = [answered for answered in one.answers if answered[0].kind in ("span", "attribution")]
        items = {variable.key: items_of(answer.value) for variable, answer, *_ in found}
        told = [item for variable, *_ in found if variable.kind == "attribution" for item in items[variable.key]]
        contents = [content for item in told for content in extents(item, "content")]
        wanted = [of for of in found if not selection.variables or of[0].key in selection.variables]
        for variable, _answer, version, updated_at in wanted:
            yield Marked(one, variable, items[variable.key], contents, version, updated_at)


def _span(one: Marked, number: int, span: Item, value: Json) -> Cells:
    attributes = value_cell(span["attributes"]) if span.get("attributes") else None
    relation = span.get("relation")
    return (
        number,
        str(span.get("role", "")),
        value_cell(value),
        *extent(span),
        str(span.get("quote", "")),
        attributes,
        None if relation is None else str(relation),
        one.voice(span),
    )


def _attribution(one: Marked, item: Item) -> Cells:
    source = next((value for value in one.variable.sources if value.key == item["source"]), None)
    pieces = items_of(item["spans"])
    return (
        str(item["source"]),
        source.side if source else "",
        source.actor_type if source else "",
        _part(item.get("manner")),
        _part(item.get("stance")),
        _voice_of_content(one, pieces),
        *(PIECES.join(str(piece["quote"]) for piece in pieces if piece["role"] == role) or None for role in ROLES),
        _inside(one.items, item),
        _number(item.get("same_as")),
        value_cell(item["spans"]) if pieces else None,
    )


def _part(value: Json) -> str | None:
    return "cannot_tell" if value == CANNOT_TELL else value_cell(value)


def _voice_of_content(one: Marked, pieces: Sequence[Item]) -> str | None:
    """Of the first piece: an attribution goes on in the voice in which it begins."""
    content = [piece for piece in pieces if piece["role"] == "content"]
    return one.voice(content[0]) if content else None


def _inside(items: Sequence[Item], inner: Item) -> int | None:
    """The attribution with the shortest content that holds a cue of this one."""
    cues = extents(inner, "cue")
    around = [
        (content.end - content.start, number)
        for number, outer in enumerate(items, start=1)
        for content in extents(outer, "content")
        if outer is not inner and any(contains(content, cue) for cue in cues)
    ]
    return min(around)[1] if around else None


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) else None
