"""Articles whose text was put together from a page's layout: a lead looks at the units before anybody labels them."""

from django.utils import timezone

from annotator.core.errors import ConflictError
from projects.models import Article, Membership
from projects.permissions import require
from projects.queries.unassigned import is_assigned

from . import audit
from .articles import locked_articles
from .transaction import write


def release_article(*, member: Membership, article: Article) -> None:
    """Let rounds draw the article; where it is released already, nothing changes."""
    require(member, "manage articles")
    with write():
        waiting = Article.objects.filter(pk=article.pk, review_wanted_at__isnull=False, reviewed_at=None)
        if waiting.update(reviewed_at=timezone.now()):
            audit.record(member, "release article", {"article": article.external_id})


def hold_article(*, member: Membership, article: Article) -> None:
    """Take a release back, as long as no round has drawn the article."""
    require(member, "manage articles")
    with write():
        locked_articles([article.pk])
        if is_assigned(article):
            raise ConflictError("A round has drawn this article already, so its release can’t be taken back.")
        released = Article.objects.filter(pk=article.pk, review_wanted_at__isnull=False, reviewed_at__isnull=False)
        if released.update(reviewed_at=None):
            audit.record(member, "hold article", {"article": article.external_id})
