"""Articles whose units may still change, because nobody was given them yet."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from projects.models import Article, Assignment, TextVersion
from projects.queries.duplicates import newest_of

ASSIGNED = Exists(Assignment.objects.filter(text_version__article=OuterRef("article")))


@dataclass(frozen=True)
class Standing:
    """How many articles of a project may be split again, and how many are left alone, and why."""

    free: int
    assigned: int
    mended: int


def newest_texts_of(project_id: int) -> QuerySet[TextVersion]:
    """The newest text version of each article; items of coded tables, which are no text of units, are left out."""
    of_project = TextVersion.objects.filter(
        article__project_id=project_id, article__deleted_at=None, article__item_text="", pending=None
    )
    return newest_of(of_project)


def splittable(project_id: int) -> QuerySet[TextVersion]:
    """Those that nobody was assigned and whose boundaries nobody has mended."""
    return newest_texts_of(project_id).filter(number=1).exclude(ASSIGNED)


def in_pages(texts: QuerySet[TextVersion], most: int) -> Iterator[list[TextVersion]]:
    """The texts with their articles, as they came in, `most` at a time; those that no longer fit drop out meanwhile."""
    found = texts.select_related("article").order_by("pk")
    last = 0
    while some := list(found.filter(pk__gt=last)[:most]):
        yield some
        last = some[-1].pk


def standing(project_id: int) -> Standing:
    newest = newest_texts_of(project_id)
    mended = newest.filter(number__gt=1).exclude(ASSIGNED).count()
    free = splittable(project_id).count()
    return Standing(free, newest.count() - mended - free, mended)


def is_assigned(article: Article) -> bool:
    return Assignment.objects.filter(text_version__article=article).exists()
