"""What the units of a round have in common: article, outlet, kind, own columns, and when they were answered."""

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils.timezone import localdate

from annotator.models import CodebookMove, Event
from annotator.queries.rated import Rated
from annotator.queries.ratings import compared_shares
from projects.models import Article, Round, Unit

COLUMN = "column:"
PARTS_OF_TIME = 5
MOST_COLUMNS = 30

Facts = Mapping[str, tuple[str, str, str, Mapping[str, object]]]
"""Title, outlet, language and own columns of articles by external id."""

Groups = Sequence[str | None]
"""The group of each unit in order; None where it has none."""


def unit_groups(round: Round, rated: Rated, way: str) -> Groups:
    """The group of each unit by one of WAYS, or by the column that "column:name" names."""
    if way.startswith(COLUMN):
        return _by_column(round, rated, way.removeprefix(COLUMN))
    return WAYS[way](round, rated)


def columns(facts: Facts) -> list[str]:
    """The names of the articles' own columns, at most MOST_COLUMNS."""
    own = dict.fromkeys(name for _, *_, metadata in facts.values() for name in metadata)
    return list(own)[:MOST_COLUMNS]


def differing_fields(facts: Facts) -> list[str]:
    """Of outlet and language those of which the articles have more than one."""
    fields = enumerate(("outlet", "language"), start=1)
    return [name for place, name in fields if len({fact[place] for fact in facts.values()}) > 1]


def was_moved(round: Round) -> bool:
    return _moves(round).exists()


def facts_of(round: Round, rated: Rated) -> Facts:
    """What is known of each article of the ratings."""
    articles = Article.objects.filter(project_id=round.project_id, external_id__in=set(rated.ratings.articles))
    rows = articles.values_list("external_id", "title", "outlet", "language", "metadata")
    return {key: (title, outlet, language, metadata) for key, title, outlet, language, metadata in rows}


def article_titles(facts: Facts) -> dict[str, str]:
    """The title of each article by its external id."""
    return {key: title for key, (title, *_) in facts.items()}


def _by_article(round: Round, rated: Rated) -> Groups:
    """External ids, which no two articles share."""
    return [str(article) for article in rated.ratings.articles]


def _by_field(place: int) -> Callable[[Round, Rated], Groups]:
    def groups(round: Round, rated: Rated) -> Groups:
        facts = facts_of(round, rated)
        return [str(facts[str(key)][place]) or None if str(key) in facts else None for key in rated.ratings.articles]

    return groups


def _by_column(round: Round, rated: Rated, name: str) -> Groups:
    facts = facts_of(round, rated)
    value = {key: metadata.get(name) for key, (*_, metadata) in facts.items()}
    return [None if value.get(str(key)) in (None, "") else str(value[str(key)]) for key in rated.ratings.articles]


def _by_kind(round: Round, rated: Rated) -> Groups:
    units = Unit.objects.filter(text_version__in={unit.text_version for unit in rated.units})
    kinds = dict(units.values_list("pk", "kind"))
    return [kinds[unit.id] for unit in rated.units]


def _by_day(round: Round, rated: Rated) -> Groups:
    answered = _answered_at(round, rated)
    days = {unit: localdate(at).isoformat() for unit, at in answered.items()}
    return [days.get(unit.id) for unit in rated.units]


def _by_fifth(round: Round, rated: Rated) -> Groups:
    """Equal parts of the units in the order in which they were answered: "1" to "5"."""
    answered = _answered_at(round, rated)
    order = sorted((unit.id for unit in rated.units if unit.id in answered), key=lambda unit: answered[unit])
    part = {unit: str(1 + PARTS_OF_TIME * place // len(order)) for place, unit in enumerate(order)}
    return [part.get(unit.id) for unit in rated.units]


def _by_version(round: Round, rated: Rated) -> Groups:
    """The number of the codebook's version by which the unit's last answer was given."""
    moves = list(_moves(round).order_by("moved_at").values_list("moved_at", "from_version__number"))
    numbers = [number for _, number in moves] + [round.codebook_version.number]
    times = [at for at, _ in moves]
    answered = _answered_at(round, rated)
    return [str(numbers[bisect(times, answered[u.id])]) if u.id in answered else None for u in rated.units]


def _moves(round: Round) -> QuerySet[CodebookMove]:
    return CodebookMove.objects.filter(round=round, undone_at=None, finished_at__isnull=False)


def _answered_at(round: Round, rated: Rated) -> dict[int, datetime]:
    """When a unit was answered for the last time, by choice: what a mending or a new codebook brought along is none."""
    name = rated.ratings.key.partition(".")[0]
    chosen = Event.objects.filter(assignment__in=compared_shares(round), variable=name, move=None, to_confirm=None)
    return dict(chosen.order_by().values_list("unit").annotate(last=Max("server_time")))


WAYS: Mapping[str, Callable[[Round, Rated], Groups]] = {
    "article": _by_article,
    "outlet": _by_field(1),
    "language": _by_field(2),
    "kind": _by_kind,
    "fifth": _by_fifth,
    "day": _by_day,
    "version": _by_version,
}
IN_ORDER = ("fifth", "day", "version")
"""Ways whose groups have an order of their own."""
