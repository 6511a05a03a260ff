"""The list of articles: filtered, in an order, a page at a time from the last article of the page before."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Exists, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.sql.compiler import SQLCompiler

from projects.models import Article, Assignment, Project, TextVersion
from projects.queries.duplicates import exact_copies, newest_of

NEWEST, TITLE, OUTLET, DATE = "newest", "title", "outlet", "date"
SORTS: Mapping[str, tuple[str, bool]] = {
    NEWEST: ("id", True),
    TITLE: ("title", False),
    OUTLET: ("outlet", False),
    DATE: ("published_at", True),
}
"""The column of an order, and whether the greatest comes first."""
DRAWN, NOT_DRAWN, LINKED, TRASH = "drawn", "not_drawn", "linked", "trash"
MOST_CHOICES, MOST_PAIRS = 200, 1000
NAMED_BY = 200
"""So many of the newest articles tell which own columns there are."""


class OwnColumn(Func):
    """What stands under a name in the metadata, as text; Django's own would take a name such as “2024” for a place."""

    function = "jsonb_extract_path_text"
    output_field = TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: object
    ) -> tuple[str, tuple[str | int, ...]]:
        text = "CASE WHEN type IN ('true', 'false') THEN type ELSE value END"
        template = f"(SELECT {text} FROM json_each(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") WHERE key = ")


@dataclass(frozen=True)
class Wanted:
    """What of a project's articles is to be listed; empty is no condition."""

    words: str = ""
    in_text: bool = False
    outlet: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    column: str = ""
    value: str = ""
    state: str = ""
    round: int | None = None
    sort: str = NEWEST
    before: int | None = None
    """The last article of the page before."""


@dataclass(frozen=True)
class Line:
    """An article with what the list says of it."""

    article: Article
    units: int
    shares: int
    done: int
    round: str
    """The newest that drew it."""
    copies: int
    """How many others have its wording and wait for a decision."""


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    outlets: Sequence[str]
    languages: Sequence[str]
    columns: Sequence[str]


def listed(project: Project, wanted: Wanted, most: int) -> list[Article]:
    """A page of `most` articles, and one more where there is a next page. Counts nothing."""
    found = filtered(project, wanted).select_related("linked_to").defer("metadata", "linked_to__metadata")
    column, greatest_first = SORTS[wanted.sort]
    sign = "-" if greatest_first else ""
    order = [f"{sign}id"] if column == "id" else [f"{sign}{column}", f"{sign}id"]
    return list(_beyond(found, wanted, column, greatest_first).order_by(*order)[: most + 1])


def lines(project: Project, articles: Sequence[Article]) -> list[Line]:
    """What the list says of each article: as many queries for many of them as for one."""
    ids = [article.pk for article in articles]
    units, drawn, copies = _units(ids), _drawn(ids), exact_copies(project.pk, ids)
    return [
        Line(article, units.get(article.pk, 0), *drawn.get(article.pk, (0, 0, "")), copies.get(article.pk, 0))
        for article in articles
    ]


def choices(project: Project) -> Choices:
    of_project = Article.objects.filter(project=project, deleted_at=None)
    pairs = set(of_project.order_by().values_list("outlet", "language").distinct()[:MOST_PAIRS])
    newest = of_project.order_by("-id").values_list("metadata", flat=True)[:NAMED_BY]
    return Choices(
        outlets=sorted({outlet for outlet, _ in pairs if outlet})[:MOST_CHOICES],
        languages=sorted({language for _, language in pairs if language})[:MOST_CHOICES],
        columns=sorted({name for metadata in newest for name in metadata}),
    )


def filtered(project: Project, wanted: Wanted) -> QuerySet[Article]:
    """The articles that fit, in no order."""
    found = Article.objects.filter(project=project, deleted_at__isnull=wanted.state != TRASH)
    for condition in _conditions(wanted):
        found = found.filter(condition)
    if wanted.column and wanted.value:
        own = OwnColumn("metadata", Value(wanted.column))
        found = found.alias(own=own).filter(_contains("own", wanted.value))
    return found


def _conditions(wanted: Wanted) -> Iterator[Q | Exists]:
    given = Assignment.objects.filter(round__deleted_at=None).exclude(state=Assignment.State.RELEASED)
    shares = given.filter(text_version__article=OuterRef("pk"))
    if wanted.words:
        yield _with_words(wanted)
    if wanted.outlet:
        yield Q(outlet=wanted.outlet)
    if wanted.language:
        yield Q(language=wanted.language)
    # Dates are texts that begin with year, month and day where the reader knew them; others are in no range.
    if wanted.since:
        yield Q(published_at__gte=wanted.since.isoformat())
    if wanted.until:
        yield Q(published_at__lt=(wanted.until + timedelta(days=1)).isoformat()) & ~Q(published_at="")
    if wanted.since or wanted.until:
        yield Q(published_at__regex=r"^[0-9]{4}-[0-9]{2}")
    if wanted.round is not None:
        # Not correlated: SQLite would walk the whole round for each article.
        yield Q(pk__in=given.filter(round=wanted.round).values("text_version__article"))
    if wanted.state == LINKED:
        yield Q(linked_to__isnull=False)
    if wanted.state == DRAWN:
        yield Exists(shares)
    if wanted.state == NOT_DRAWN:
        yield ~Exists(shares) & Q(linked_to=None)


def _with_words(wanted: Wanted) -> Q | Exists:
    in_title = _contains("title", wanted.words)
    if not wanted.in_text:
        return in_title
    texts = newest_of(TextVersion.objects.filter(article=OuterRef("pk")))
    return in_title | Q(Exists(texts.filter(_contains("text", wanted.words))))


def _contains(column: str, words: str) -> Q:
    """Without regard to case. SQLite's LIKE knows the case of ASCII letters alone, its REGEXP is Python's."""
    if connection.vendor == "sqlite" and not words.isascii():
        return Q(**{f"{column}__iregex": re.escape(words)})
    return Q(**{f"{column}__icontains": words})


def _beyond(found: QuerySet[Article], wanted: Wanted, column: str, greatest_first: bool) -> QuerySet[Article]:
    """What comes after the last article of the page before, wherever its row stands by now."""
    if wanted.before is None:
        return found
    compared = "lt" if greatest_first else "gt"
    if column == "id":
        return found.filter(**{f"id__{compared}": wanted.before})
    last = found.model.objects.filter(pk=wanted.before).values_list(column, flat=True).first()
    if last is None:
        return found
    tie = Q(**{column: last, f"id__{compared}": wanted.before})
    return found.filter(Q(**{f"{column}__{compared}": last}) | tie)


def _units(articles: Collection[int]) -> dict[int, int]:
    texts = newest_of(TextVersion.objects.filter(article__in=articles))
    return dict(texts.annotate(n=Count("units", filter=Q(units__index__gt=0))).values_list("article_id", "n"))


def _drawn(articles: Collection[int]) -> dict[int, tuple[int, int, str]]:
    """Of each article: shares, how many are done, and the name of the newest round."""
    rows = (
        Assignment.objects.filter(
            text_version__article__in=articles, kind=Assignment.Kind.LABELS, round__deleted_at=None
        )
        .exclude(state=Assignment.State.RELEASED)
        .values("text_version__article", "round_id", "round__name")
        .annotate(shares=Count("id"), done=Count("id", filter=Q(state=Assignment.State.DONE)))
        .order_by("round_id")
    )
    found: dict[int, tuple[int, int, str]] = {}
    for row in rows:
        shares, done, _ = found.get(row["text_version__article"], (0, 0, ""))
        found[row["text_version__article"]] = (shares + row["shares"], done + row["done"], row["round__name"])
    return found
