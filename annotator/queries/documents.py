"""The articles of a round with all that was answered to them, some at a time, in the order of the long dataset."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import Length

from annotator.core.codebook import Codebook, Json
from annotator.core.dataset import canonical, states
from annotator.core.documents import AnnotatedArticle, Answer, Reading, RoundOfDocuments, Unit
from annotator.models import Decision
from annotator.queries.adjudication import standing_decisions
from annotator.queries.editions import Edition
from projects.models import Round, TextVersion
from projects.models import Unit as StoredUnit
from projects.queries.codebooks import codebook
from projects.queries.progress import scope_of

ADJUDICATED = "adjudicated"
# Characters times readers that are read at once: some 20,000 labels.
WINDOW = 200_000
SAID = frozenset({"answered", "none", "cannot_tell"})


class _Said(NamedTuple):
    """What one reader answered: by unit and variable."""

    annotator: str
    occasion: int
    answers: dict[int, dict[str, Json]]


Readings = Mapping[int, list[_Said]]
"""What was said of some texts, by text."""


def documents_of(edition: Edition, layer: str) -> RoundOfDocuments:
    """The round as documents: each annotator's labels, or the decisions in place of them."""
    round, version = edition.round, edition.version
    return RoundOfDocuments(
        project=round.project.title,
        name=round.name,
        layer=layer,
        codebook=codebook(version.pk),
        number=version.number,
        document=version.document,
        articles=partial(_decided, round) if layer == "decisions" else partial(_labelled, edition),
    )


def _labelled(edition: Edition) -> Iterator[AnnotatedArticle]:
    columns = "text_version__article__external_id", "text_version__number", "text_version_id"
    rows = edition.shares().values_list(*columns).order_by()
    shares = sorted(rows.annotate(n=Count("id"), characters=Length("text_version__text")))
    sizes = {edition.text(text): number * characters for *_, text, number, characters in shares}
    for text_ids in _groups(sizes):
        yield from _articles(codebook(edition.version.pk), text_ids, _labels(edition, text_ids))


def _decided(round: Round) -> Iterator[AnnotatedArticle]:
    columns = "unit__text_version__article__external_id", "unit__text_version__number", "unit__text_version_id"
    found = standing_decisions(Decision.objects.filter(round=round, value__isnull=False, to_confirm=False))
    texts = found.order_by().values_list(*columns).annotate(characters=Length("unit__text_version__text"))
    sizes = {text: characters for *_, text, characters in sorted(texts.distinct())}
    for text_ids in _groups(sizes):
        said = {text_id: [_Said(ADJUDICATED, 1, {})] for text_id in text_ids}
        rows = found.filter(unit__text_version__in=text_ids)
        for text_id, unit, variable, value in rows.values_list("unit__text_version_id", "unit_id", "variable", "value"):
            said[text_id][0].answers.setdefault(unit, {})[variable] = value
        yield from _articles(codebook(round.codebook_version_id), text_ids, said)


def _groups(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Texts in their order, as many together as fit into a window; a large one alone."""
    group: list[int] = []
    taken = 0
    for text_id, size in sizes.items():
        if group and taken + size > WINDOW:
            yield group
            group, taken = [], 0
        group.append(text_id)
        taken += size
    if group:
        yield group


def _labels(edition: Edition, text_ids: Sequence[int]) -> Readings:
    columns = ("text_version_id", "pk", "member__pseudonym", "occasion")
    found = edition.shares().filter(text_version__in=edition.texts_now(text_ids)).values_list(*columns)
    by_share = {share: (edition.text(text), _Said(annotator, number, {})) for text, share, annotator, number in found}
    units = StoredUnit.objects.filter(text_version__in=text_ids).order_by().values_list("pk", flat=True)
    for share, unit, variable, value, _version, _time, to_confirm in edition.labels([*by_share], [*units]):
        # What a mended boundary or a split value left to confirm is nobody's answer until he does.
        if not to_confirm and value is not None:
            by_share[share][1].answers.setdefault(unit, {})[variable] = value
    said: dict[int, list[_Said]] = {text_id: [] for text_id in text_ids}
    for text_id, one in by_share.values():
        said[text_id].append(one)
    return said


def _articles(book: Codebook, text_ids: Sequence[int], said: Readings) -> Iterator[AnnotatedArticle]:
    needed = ("text", "number", "article__external_id", "article__title", "article__language")
    texts = TextVersion.objects.select_related("article").only(*needed).in_bulk(text_ids)
    units: dict[int, list[tuple[int, Unit]]] = {text_id: [] for text_id in text_ids}
    stored = StoredUnit.objects.filter(text_version__in=text_ids).order_by("index")
    columns = ("text_version_id", "pk", "index", "kind", "start", "end")
    for text_id, pk, index, kind, start, end in stored.values_list(*columns):
        units[text_id].append((pk, Unit(index, kind, start, end)))
    for text_id in text_ids:
        text, own = texts[text_id], units[text_id]
        readings = [_reading(book, own, one) for one in sorted(said[text_id], key=lambda one: one[:2])]
        yield AnnotatedArticle(
            external_id=text.article.external_id,
            version=text.number,
            title=text.article.title,
            language=text.article.language,
            text=text.text,
            units=[unit for _, unit in own],
            readings=[reading for reading in readings if reading.answers],
        )


def _reading(book: Codebook, units: Sequence[tuple[int, Unit]], said: _Said) -> Reading:
    given = ((unit, said.answers[pk]) for pk, unit in units if pk in said.answers)
    answers = [answer for unit, by_variable in given for answer in _answers(book, unit, by_variable)]
    return Reading(said.annotator, said.occasion, answers)


def _answers(book: Codebook, unit: Unit, given: Mapping[str, Json]) -> Iterator[Answer]:
    scope = scope_of(unit.index)
    in_state = states(book, scope, given)
    for variable in book.variables:
        if variable.scope == scope and in_state[variable.key] in SAID:
            yield Answer(unit, variable, canonical(variable, given[variable.key]))
