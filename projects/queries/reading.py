"""What of the articles a caller may read: all of a project, or those assigned to him.

What an open round keeps from its annotators is kept from them here too: see `kept`.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.core.errors import NotFoundError
from projects.models import Article, Assignment, Round, TextVersion, Unit
from projects.queries.access import due
from projects.queries.masking import MASKS, OUTLET, hiding


def readable_articles(*, whole: Collection[int], members: Collection[int]) -> QuerySet[Article]:
    """Articles of the projects `whole`, and those assigned to the memberships `members`."""
    given = _given(members).filter(text_version__article_id=OuterRef("pk"))
    visible = Q(project_id__in=whole) | Q(Exists(given))
    found = Article.objects.select_related("project").filter(visible, deleted_at=None)
    return found.annotate(**_kept("pk", whole, members))


def readable_text(
    article_id: int, *, number: int | None = None, whole: Collection[int], members: Collection[int]
) -> TextVersion:
    """The newest readable text version of a readable article, or the one of this number, with its article."""
    given = _given(members).filter(text_version_id=OuterRef("pk"))
    visible = Q(article__project_id__in=whole) | Q(Exists(given))
    # By primary key in a query of its own: there Django knows that an id over 64 bits is on no row; SQLite would fail.
    articles = Article.objects.filter(pk=article_id, deleted_at=None)
    texts = TextVersion.objects.select_related("article__project").filter(visible, article__in=articles)
    if number is not None:
        texts = texts.filter(number=number)
    found = texts.annotate(**_kept("article_id", whole, members)).order_by("-number").first()
    if found is None:
        raise NotFoundError("There is no such article." if number is None else "There is no such text version.")
    hidden = [kind for kind, hides in kept(found)._asdict().items() if hides and kind != OUTLET]
    if hidden:
        found.text = _without(hidden, found)
    return found


class Kept(NamedTuple):
    """What is kept from the caller: the outlet, the author with the bylines in the text, the title and the headline."""

    outlet: bool
    byline: bool
    headline: bool


def kept(row: Article | TextVersion) -> Kept:
    """Of an article of `readable_articles`, or a text of `readable_text`."""
    return Kept(*(vars(row)[f"keeps_{mask}"] for mask in MASKS))


def units_of(text: TextVersion) -> QuerySet[Unit]:
    return Unit.objects.filter(text_version_id=text.pk)


def _kept(article: str, whole: Collection[int], members: Collection[int]) -> dict[str, Exists]:
    """By open rounds, from whoever reads only what is assigned to him; `article` is the path to its id."""
    given = _given(members).filter(text_version__article_id=OuterRef(article), round__closed_at=None)
    shares = given.exclude(member__project_id__in=whole)
    of_arms = Round.objects.filter(project__memberships__in=members, closed_at=None).exclude(arms=[])
    rounds = list(of_arms.exclude(project__in=whole).distinct())
    return {f"keeps_{mask}": Exists(shares.filter(hiding(mask, rounds))) for mask in MASKS}


def _without(kinds: Collection[str], version: TextVersion) -> str:
    """As long as it is, so that offsets stay right."""
    text = version.text
    for start, end in Unit.objects.filter(text_version=version, kind__in=kinds).values_list("start", "end"):
        text = text[:start] + "*" * (end - start) + text[end:]
    return text


def _given(members: Collection[int]) -> QuerySet[Assignment]:
    """The shares that they may know of by now."""
    return Assignment.objects.filter(due(), member_id__in=members).exclude(state=Assignment.State.RELEASED)
