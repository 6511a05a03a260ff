"""The articles that a round may draw, with what they are drawn by and how long they are."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from annotator.core.sampling import Candidate
from projects.models import Article, Assignment, Project, TextVersion
from projects.queries.article_list import OwnColumn, Wanted, filtered
from projects.queries.duplicates import newest_of

OUTLET, YEAR, MONTH, LANGUAGE, COLUMN = "outlet", "year", "month", "language", "column:"
LONGEST_STRATUM = 100
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class Text:
    """The newest text of an article, and how many of its units are offered for labelling, the whole not counted."""

    id: int
    units: int


@dataclass(frozen=True)
class Drawable:
    """What a draw is made from."""

    candidates: list[Candidate]
    texts: Mapping[int, Text]


def drawable(project: Project, *, until: datetime | None = None) -> QuerySet[Article]:
    """No linked copies, nothing in the trash, nothing that waits for review; `until` leaves out what came in later."""
    found = filtered(project, Wanted()).filter(may_be_drawn())
    return found if until is None else found.filter(created_at__lte=until)


def may_be_drawn() -> Q:
    return Q(linked_to=None) & (Q(review_wanted_at=None) | Q(reviewed_at__isnull=False))


def candidates(articles: QuerySet[Article], by: str = "") -> Drawable:
    """Each of the articles as a candidate of its stratum: an outlet, a language, a year, a month, or an own column."""
    strata = {pk: stratum(by, said or "") for pk, said in articles.order_by("pk").values_list("pk", _said(by))}
    texts = texts_of(TextVersion.objects.filter(article__in=articles.order_by().values("pk")))
    found = [Candidate(pk, texts[pk].units, name) for pk, name in strata.items() if pk in texts]
    return Drawable(found, texts)


def texts_of(versions: QuerySet[TextVersion]) -> dict[int, Text]:
    """Of each article the newest of the text versions."""
    offered = Count("units", filter=Q(units__codable=True, units__index__gt=0))
    rows = (
        newest_of(versions.filter(pending=None)).order_by().values("article_id", "pk").annotate(units_offered=offered)
    )
    return {row["article_id"]: Text(row["pk"], row["units_offered"]) for row in rows}


def stratum(by: str, said: str) -> str:
    """What of a column an article is drawn by; empty where it says nothing of use."""
    if by in (YEAR, MONTH):
        return said[: 4 if by == YEAR else 7] if _DATE.match(said) else ""
    return said.strip()[:LONGEST_STRATUM]


def finished_shares(
    project: Project, members: Collection[int], round: int, until: datetime
) -> Iterator[tuple[int, int, datetime]]:
    """(member, article, when) of what these members had finished in a round by then."""
    done = Assignment.objects.filter(
        round_id=round,
        round__project=project,
        member__in=members,
        state=Assignment.State.DONE,
        kind=Assignment.Kind.LABELS,
        updated_at__lte=until,
        text_version__article__deleted_at=None,
    )
    yield from done.order_by("pk").values_list("member_id", "text_version__article_id", "updated_at")


def _said(by: str) -> F | OwnColumn | Value | Cast:
    if by.startswith(COLUMN):
        return OwnColumn("metadata", Value(by.removeprefix(COLUMN)))
    columns = {OUTLET: "outlet", LANGUAGE: "language", YEAR: "published_at", MONTH: "published_at"}
    return F(columns[by]) if by in columns else Value("", output_field=TextField())
