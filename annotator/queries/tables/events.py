"""Events: a row for each change of a label, those on earlier text versions of a mended article too."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop as _

from annotator.core.codebook import Variable
from annotator.core.dataset import item_id
from annotator.core.tables import Cells, Column, Selection
from annotator.models import Event
from annotator.queries import datasets
from annotator.queries.datasets import Extent, Share
from annotator.queries.editions import Edition, variables_of
from annotator.queries.said import Reader
from annotator.queries.tables import columns as its
from projects.models import TextVersion

COLUMNS = (
    its.ITEM_ID,
    its.ANNOTATOR,
    its.VARIABLE,
    Column("sequence", "integer", _("Number of the change among those of its label, from 1")),
    Column(
        "act",
        "text",
        _(
            "chosen or taken_back by the annotator; carried over mended boundaries, moved with the codebook, restored"
            " by a lead"
        ),
    ),
    Column("value", "text", _("The answer from then on, written as in the long table")),
    Column("state", "text", _("answered, none, cannot_tell, or unanswered where it was taken back")),
    Column("base_version", "integer", _("The version of the label that the change started from")),
    Column("to_confirm", "boolean", _("Whether the annotator was asked to confirm it; empty where he chose")),
    Column("client_time", "time", _("When it was chosen by the clock of the annotator’s machine, in UTC")),
    Column("server_time", "time", _("When it was stored, in UTC")),
    Column("active_ms", "integer", _("Active milliseconds on the unit since the choice before, idle ones not counted")),
    Column("elsewhere_ms", "integer", _("The same on other units")),
    Column("event", "text", _("UUID of the event")),
    its.OCCASION,
    its.GROUP,
    its.ARTICLE,
    its.TEXT_VERSION,
    its.SENTENCE,
    its.KIND,
    its.ROUND,
)
_FIELDS = (
    "assignment_id unit_id variable sequence text base_version to_confirm client_time server_time active_ms"
    " elsewhere_ms uuid move_id restore_id"
)


class Change(NamedTuple):
    """An event, as it is read."""

    assignment: int
    unit: int
    variable: str
    sequence: int
    value: str | None
    base_version: int
    to_confirm: bool | None
    client_time: datetime | None
    server_time: datetime
    active_ms: int | None
    elsewhere_ms: int | None
    uuid: UUID
    move: int | None
    restore: int | None

    @property
    def act(self) -> str:
        if self.restore is not None:
            return "restored"
        if self.move is not None:
            return "moved"
        if self.to_confirm is not None:
            return "carried"
        return "taken_back" if self.value is None else "chosen"


def rows(editions: Sequence[Edition], selection: Selection) -> Iterator[Cells]:
    """In order of round, article (external id), text version, unit, annotator (pseudonym), codebook and sequence."""
    for edition in editions:
        reader, variables = Reader(edition), variables_of(edition.round)
        order = {key: number for number, key in enumerate(variables)}
        for together in datasets.groups(edition, selection):
            for one, text, unit, share in _changes(edition, together, order, selection):
                if one.variable in variables:
                    yield _cells(reader, variables[one.variable], one, text, unit, share)


def _changes(
    edition: Edition, text_ids: Sequence[int], order: Mapping[str, int], selection: Selection
) -> Iterator[tuple[Change, TextVersion, Extent, Share]]:
    articles = TextVersion.objects.filter(pk__in=text_ids).values("article")
    needed = ("number", "article__external_id", "article__item_text")
    found = TextVersion.objects.filter(article__in=articles).select_related("article").only(*needed)
    texts = {text.pk: text for text in sorted(found, key=lambda text: (text.article.external_id, text.number))}
    shares = {share.id: share for share in chain(*datasets.shares_by_text(edition, text_ids, selection).values())}
    rank = {pk: number for number, pk in enumerate(shares)}
    # Several short articles are read at once; of a long one each version by itself.
    for some in [list(texts)] if len(text_ids) > 1 else [[pk] for pk in texts]:
        for units in datasets.windows(some, max(1, datasets.WINDOW // max(1, len(shares))), selection):
            by_id = {unit.id: (place, unit) for place, unit in enumerate(units)}
            changes = _read(edition, list(shares), list(by_id), selection)
            changes.sort(key=lambda c: (by_id[c.unit][0], rank[c.assignment], order.get(c.variable, 0), c.sequence))
            for one in changes:
                unit = by_id[one.unit][1]
                yield one, texts[unit.text_version_id], unit, shares[one.assignment]


def _read(edition: Edition, shares: Sequence[int], units: Sequence[int], selection: Selection) -> list[Change]:
    events = Event.objects.filter(assignment__in=shares, unit__in=units).order_by()
    events = events.filter(edition.past.events if edition.past else Q())
    events = events.filter(variable__in=selection.variables) if selection.variables else events
    rows = events.annotate(text=Cast("value", TextField())).values_list(*_FIELDS.split())
    return list(map(Change._make, rows))


def _cells(reader: Reader, variable: Variable, one: Change, text: TextVersion, unit: Extent, share: Share) -> Cells:
    is_item, article = text.article.item_text != "", text.article.external_id
    answer = reader.answer(variable, one.value, is_item=is_item)
    return (
        item_id(article, unit.number, text_version=text.number, is_item=is_item),
        share.annotator,
        variable.label if is_item else variable.key,
        one.sequence,
        one.act,
        answer.cell,
        answer.state,
        one.base_version,
        one.to_confirm,
        one.client_time,
        one.server_time,
        one.active_ms,
        one.elsewhere_ms,
        str(one.uuid),
        share.occasion,
        share.group,
        article,
        text.number,
        unit.number,
        unit.kind,
        reader.edition.round.name,
    )
