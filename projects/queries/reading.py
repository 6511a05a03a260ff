"""What of the articles a caller may read: all of a project, or those assigned to him."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotator.core.errors import NotFoundError
from projects.models import Article, Assignment, TextVersion, Unit


def readable_articles(*, whole: Collection[int], members: Collection[int]) -> QuerySet[Article]:
    """Articles of the projects `whole`, and those assigned to the memberships `members`."""
    given = _given(members).filter(text_version__article_id=OuterRef("pk"))
    visible = Q(project_id__in=whole) | Q(Exists(given))
    return Article.objects.select_related("project").filter(visible, deleted_at=None)


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
    found = texts.order_by("-number").first()
    if found is None:
        raise NotFoundError("There is no such article." if number is None else "There is no such text version.")
    return found


def units_of(text: TextVersion) -> QuerySet[Unit]:
    return Unit.objects.filter(text_version_id=text.pk)


def _given(members: Collection[int]) -> QuerySet[Assignment]:
    return Assignment.objects.filter(member_id__in=members).exclude(state=Assignment.State.RELEASED)
