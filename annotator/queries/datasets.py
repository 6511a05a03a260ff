"""What annotators said in some rounds, unit by unit: what all tables of labels are made of.

Read a few short articles at once or one long one, its units in windows. Each query is short and read to its end before
its rows go out: memory stays the same whatever the size, and a slow download holds no cursor and, on SQLite, keeps
nobody from writing. What changes meanwhile may be in a later window and not in an earlier one, so close a round before
you cite its dataset.

Names are sorted here, not by the database: two databases order them differently.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Length

from annotator.core.dataset import item_id
from annotator.core.layers import Place
from annotator.core.tables import EVERYTHING, Selection
from annotator.queries.editions import Edition
from annotator.queries.said import Answered, Reader, Stored
from projects.models import Assignment, CodebookVersion, ItemText, Membership, Round, TextVersion, Unit
from projects.queries import access

# Units times annotators read at once: some 10,000 labels of a codebook of ten variables.
WINDOW = 1000
LOOKED_AT = 5
CHARACTERS = 500
"""So much text takes as much memory as the labels of a unit."""


@dataclass(frozen=True, slots=True)
class Share:
    """An assignment of the article at hand."""

    id: int
    annotator: str
    occasion: int
    group: str


class Extent(NamedTuple):
    """A unit as it is needed here: model instances would take three times as long."""

    id: int
    text_version_id: int
    number: int
    kind: str
    start: int
    end: int
    codable: bool


COLUMNS = ("id", "text_version_id", "index", "kind", "start", "end", "codable")


class Said(NamedTuple):
    """What an annotator said on a unit, to each question of its scope in the order of the codebook."""

    place: Place
    text: TextVersion
    share: Share
    answers: Sequence[Answered]

    @property
    def is_item(self) -> bool:
        """Whether the unit is an item of a table that was coded elsewhere."""
        return self.text.article.item_text != ""


def open_rounds_hidden_from(member: Membership) -> QuerySet[Round]:
    """The blind rounds in which he annotates while they are open: he sees nobody else's labels, whatever his role."""
    return access.blind_rounds_of([member.pk])


def is_hidden(member: Membership, round_id: int) -> bool:
    """Whether the round is one of `open_rounds_hidden_from`."""
    return open_rounds_hidden_from(member).filter(pk=round_id).exists()


def rounds_of(project_id: int) -> QuerySet[Round]:
    """The rounds in the order of a dataset: as they were opened."""
    return Round.objects.filter(project_id=project_id).select_related("codebook_version").order_by("id")


def said(editions: Sequence[Edition], selection: Selection = EVERYTHING) -> Iterator[Said]:
    """In order of round, article (external id), unit and annotator (pseudonym).

    A unit that is no longer offered for labelling is there only for those who labelled it.
    """
    for edition in editions:
        reader = Reader(edition, selection.variables)
        for together in groups(edition, selection):
            yield from _of_texts(reader, together, selection)


def shares_of(edition: Edition, selection: Selection) -> QuerySet[Assignment]:
    shares = edition.shares()
    return shares.filter(member__pseudonym__in=selection.annotators) if selection.annotators else shares


def groups(edition: Edition, selection: Selection) -> Iterator[list[int]]:
    """The texts of a round in order: short ones as many at once as fit into a window, a long one alone."""
    columns = "text_version__article__external_id", "text_version__number", "text_version_id"
    rows = shares_of(edition, selection).values_list(*columns).order_by()
    counted = {"n": Count("id"), "units": Max("units_total"), "characters": Length("text_version__text")}
    shares = sorted(rows.annotate(**counted))
    group: list[int] = []
    taken = 0
    shares = shares[:LOOKED_AT] if selection.look else shares
    texts = {edition.text(share[2]): share for share in shares}
    for text_id, (*_, number, units, characters) in texts.items():
        size = max(number * (1 + units), characters // CHARACTERS)
        if group and taken + size > WINDOW:
            yield group
            group, taken = [], 0
        group.append(text_id)
        taken += size
    if group:
        yield group


def _of_texts(reader: Reader, text_ids: Sequence[int], selection: Selection) -> Iterator[Said]:
    needed = ("text", "number", "article__external_id", "article__item_text")
    texts = TextVersion.objects.select_related("article").only(*needed).in_bulk(text_ids)
    shares = shares_by_text(reader.edition, text_ids, selection)
    for units in windows(text_ids, max(1, WINDOW // max(1, *map(len, shares.values()))), selection):
        stored = reader.stored([share.id for some in shares.values() for share in some], [unit.id for unit in units])
        for unit in units:
            if not reader.asks_of(unit.number):
                continue
            text = texts[unit.text_version_id]
            yield from _of_unit(reader, text, unit, shares[unit.text_version_id], stored)


def shares_by_text(edition: Edition, text_ids: Sequence[int], selection: Selection) -> dict[int, list[Share]]:
    """The shares of each text, in order of annotator (pseudonym) and occasion."""
    shares: dict[int, list[Share]] = {text_id: [] for text_id in text_ids}
    found = shares_of(edition, selection).filter(text_version__in=edition.texts_now(text_ids))
    columns = ("text_version_id", "pk", "member__pseudonym", "occasion", "member__group")
    for text_id, pk, annotator, occasion, of in found.values_list(*columns):
        shares[edition.text(text_id)].append(Share(pk, annotator, occasion, of))
    for some in shares.values():
        some.sort(key=lambda share: (share.annotator, share.occasion, share.id))
    return shares


def extent(unit: Unit) -> Extent:
    return Extent(unit.pk, unit.text_version_id, unit.index, unit.kind, unit.start, unit.end, unit.codable)


def shown_text(text: TextVersion, unit: Extent) -> str:
    """What stands in the unit; of an item of a coded table all that the table gave, to the character."""
    if text.article.item_text == ItemText.GIVEN:
        return text.text
    return "" if text.article.item_text == ItemText.ABSENT else text.text[unit.start : unit.end]


def windows(text_ids: Sequence[int], size: int, selection: Selection) -> Iterator[list[Extent]]:
    """The units of one text, `size` at a time; of several texts, which are short, those of all in their order."""
    units = Unit.objects.filter(text_version__in=text_ids).order_by("index").values_list(*COLUMNS)
    units = units.filter(kind__in=selection.kinds) if selection.kinds else units
    if len(text_ids) > 1:
        place = {text_id: number for number, text_id in enumerate(text_ids)}
        yield sorted(map(Extent._make, units), key=lambda unit: place[unit.text_version_id])
        return
    first = 0
    while window := list(map(Extent._make, units.filter(index__gte=first)[:size])):
        yield window
        if len(window) < size:
            return
        first = window[-1].number + 1


def _of_unit(
    reader: Reader, text: TextVersion, unit: Extent, shares: Sequence[Share], stored: Mapping[tuple[int, int], Stored]
) -> Iterator[Said]:
    place = place_of(reader.edition.round, reader.edition.version, text, unit)
    is_item = text.article.item_text != ""
    for share in shares:
        labels = stored.get((share.id, unit.id), {})
        if unit.codable or labels:
            yield Said(place, text, share, reader.answers(unit.number, labels, is_item=is_item))


def place_of(round: Round, version: CodebookVersion, text: TextVersion, unit: Extent) -> Place:
    article = text.article.external_id
    return Place(
        item_id=item_id(article, unit.number, text_version=text.number, is_item=text.article.item_text != ""),
        text=shown_text(text, unit),
        article=article,
        sentence=unit.number,
        start=unit.start,
        end=unit.end,
        kind=unit.kind,
        round=round.name,
        codebook=version.number,
    )
