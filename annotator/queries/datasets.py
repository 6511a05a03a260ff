"""The long dataset of some rounds: a row for each assignment, unit and variable that could be answered there.

Read a few short articles at once or one long one, its units in windows. Each query is short and read to its end before
its rows go out: memory stays the same whatever the size, and a slow download holds no cursor and, on SQLite, keeps
nobody from writing. What changes meanwhile may be in a later window and not in an earlier one, so close a round before
you cite its dataset.

Names are sorted here, not by the database: two databases order them differently.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Length

from annotator.core.codebook import Json
from annotator.core.coded_tables import cell_of
from annotator.core.dataset import Row, canonical, item_id, states
from annotator.queries.editions import Edition
from projects.models import ItemText, Membership, Round, TextVersion, Unit
from projects.queries import access
from projects.queries.codebooks import codebook
from projects.queries.progress import scope_of

# Units times annotators read at once: some 20,000 labels of a codebook of ten variables.
WINDOW = 2000
CHARACTERS = 500
"""So much text takes as much memory as the labels of a unit."""


@dataclass(frozen=True, slots=True)
class Share:
    """An assignment of the article at hand."""

    id: int
    annotator: str
    occasion: int
    group: str


@dataclass(frozen=True, slots=True)
class Given:
    """What an annotator said on a unit: the answers, and version and time of each label."""

    answers: dict[str, Json]
    labels: dict[str, tuple[int, datetime]]


NOTHING = Given({}, {})


def open_rounds_hidden_from(member: Membership) -> QuerySet[Round]:
    """The blind rounds in which he annotates while they are open: he sees nobody else's labels, whatever his role."""
    return access.blind_rounds_of([member.pk])


def is_hidden(member: Membership, round_id: int) -> bool:
    """Whether the round is one of `open_rounds_hidden_from`."""
    return open_rounds_hidden_from(member).filter(pk=round_id).exists()


def rounds_of(project_id: int) -> QuerySet[Round]:
    """The rounds in the order of a dataset: as they were opened."""
    return Round.objects.filter(project_id=project_id).select_related("codebook_version").order_by("id")


def long_rows(editions: Sequence[Edition]) -> Iterator[Row]:
    """The rows in order of round, article (external id), unit, annotator (pseudonym) and codebook."""
    for edition in editions:
        for together in _groups(edition):
            yield from _rows_of(edition, together)


def _groups(edition: Edition) -> Iterator[list[int]]:
    """The texts of a round in order: short ones as many at once as fit into a window, a long one alone."""
    columns = "text_version__article__external_id", "text_version__number", "text_version_id"
    rows = edition.shares().values_list(*columns).order_by()
    shares = sorted(rows.annotate(n=Count("id"), characters=Length("text_version__text")))
    drawn = Unit.objects.filter(text_version__assignments__round=edition.round).order_by()
    units = dict(drawn.values_list("text_version_id").annotate(last=Max("index")))
    group: list[int] = []
    taken = 0
    for text_id, (*_, now, number, characters) in {edition.text(share[2]): share for share in shares}.items():
        # A share may have gone on to the next text version between the two queries.
        size = max(number * (1 + units.get(now, 0)), characters // CHARACTERS)
        if group and taken + size > WINDOW:
            yield group
            group, taken = [], 0
        group.append(text_id)
        taken += size
    if group:
        yield group


def _rows_of(edition: Edition, text_ids: Sequence[int]) -> Iterator[Row]:
    needed = ("text", "number", "article__external_id", "article__item_text")
    texts = TextVersion.objects.select_related("article").only(*needed).in_bulk(text_ids)
    shares: dict[int, list[Share]] = {text_id: [] for text_id in text_ids}
    found = edition.shares().filter(text_version__in=edition.texts_now(text_ids))
    columns = ("text_version_id", "pk", "member__pseudonym", "occasion", "member__group")
    for text_id, pk, annotator, occasion, of in found.values_list(*columns):
        shares[edition.text(text_id)].append(Share(pk, annotator, occasion, of))
    for some in shares.values():
        some.sort(key=lambda share: (share.annotator, share.occasion, share.id))
    for units in _windows(text_ids, max(1, WINDOW // max(1, *map(len, shares.values())))):
        given = _given(edition, [share for some in shares.values() for share in some], units)
        for unit in units:
            text_id = unit.text_version_id
            yield from _unit_rows(edition, texts[text_id], unit, shares[text_id], given)


def shown_text(text: TextVersion, unit: Unit) -> str:
    """What stands in the unit; of an item of a coded table all that the table gave, to the character."""
    if text.article.item_text == ItemText.GIVEN:
        return text.text
    return "" if text.article.item_text == ItemText.ABSENT else text.text[unit.start : unit.end]


def _windows(text_ids: Sequence[int], size: int) -> Iterator[list[Unit]]:
    """The units of one text, `size` at a time; of several texts, which are short, those of all in their order."""
    units = Unit.objects.filter(text_version__in=text_ids).defer("why").order_by("index")
    if len(text_ids) > 1:
        place = {text_id: number for number, text_id in enumerate(text_ids)}
        yield sorted(units, key=lambda unit: place[unit.text_version_id])
        return
    first = 0
    while window := list(units.filter(index__gte=first)[:size]):
        yield window
        if len(window) < size:
            return
        first = window[-1].index + 1


def _given(edition: Edition, shares: Sequence[Share], units: Sequence[Unit]) -> dict[tuple[int, int], Given]:
    labels = edition.labels([share.id for share in shares], [unit.pk for unit in units])
    found: dict[tuple[int, int], Given] = {}
    for assignment, unit, variable, value, version, updated_at, to_confirm in labels:
        given = found.setdefault((assignment, unit), Given({}, {}))
        # What a mended boundary or a split value left to confirm is nobody's answer until he does.
        given.answers[variable] = None if to_confirm else value
        given.labels[variable] = (version, updated_at)
    return found


def _unit_rows(
    edition: Edition, text: TextVersion, unit: Unit, shares: Sequence[Share], given: Mapping[tuple[int, int], Given]
) -> Iterator[Row]:
    """The rows of a unit; one that is no longer offered for labelling has some only where it was labelled."""
    book, scope = codebook(edition.version.pk), scope_of(unit.index)
    variables = [variable for variable in book.variables if variable.scope == scope]
    article = text.article.external_id
    for share in shares:
        said = given.get((share.id, unit.pk), NOTHING)
        if unit.codable or said.labels:
            in_state = states(book, scope, said.answers)
            for variable in variables:
                state = in_state[variable.key]
                shown = state in ("answered", "none")
                version, updated_at = said.labels.get(variable.key, (0, None))
                answer = canonical(variable, said.answers[variable.key]) if shown else None
                is_item = text.article.item_text != ""
                yield Row(
                    item_id=item_id(article, unit.index, text_version=text.number, is_item=is_item),
                    text=shown_text(text, unit),
                    annotator=share.annotator,
                    variable=variable.label if is_item else variable.key,
                    value=cell_of(variable, answer) if is_item and shown else answer,
                    occasion=share.occasion,
                    group=share.group,
                    state=state,
                    article=article,
                    sentence=unit.index,
                    start=unit.start,
                    end=unit.end,
                    kind=unit.kind,
                    round=edition.round.name,
                    codebook=edition.version.number,
                    version=version,
                    updated_at=updated_at,
                )
