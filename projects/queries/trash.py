"""What lies in the trash, who put it there, and how long a lead can still bring it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from annotator.core.errors import InvalidError
from projects.models import Article, AuditEntry, Membership, Project, Role, Round, User

KEPT = timedelta(days=30)
TRASH_ROUND, TRASH_PROJECT, DROP_ARTICLES = "trash round", "delete project", "drop articles"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Thrown:
    """Something in the trash: who put it there, and, as it was counted then, what hangs on it."""

    item: Project | Round | Article
    by: Membership | None
    at: datetime
    labels: int = 0
    decisions: int = 0

    @property
    def days_left(self) -> int:
        """Whole days in which a lead can restore it, the one that has begun counted; 0 = the operator alone."""
        return max(0, -((timezone.now() - self.at - KEPT) // timedelta(days=1)))


def refuse_expired(moments: Collection[datetime]) -> None:
    """Raises InvalidError where one of these moments is too long ago for a lead."""
    if any(at < timezone.now() - KEPT for at in moments):
        raise InvalidError(
            f"It is in the trash for more than {KEPT.days} days. The operator of this site can restore it."
        )


def rounds_in_trash(project_id: int) -> list[Thrown]:
    """Newest first."""
    rounds = Round.with_trash.filter(project=project_id, deleted_at__isnull=False).order_by("-deleted_at", "-pk")
    entries = AuditEntry.objects.filter(project=project_id, act=TRASH_ROUND).select_related("member__user")
    newest = {entry.detail["id"]: entry for entry in entries.order_by("pk")}
    return [_thrown(round, round.deleted_at, newest.get(round.pk)) for round in rounds]


def articles_in_trash(project_id: int) -> list[Thrown]:
    """The newest of them, newest first. No labels hang on them: an article that somebody labelled stays."""
    found = Article.objects.filter(project=project_id, deleted_at__isnull=False).defer("metadata")
    shown = list(found.order_by("-deleted_at", "-pk")[:MOST_SHOWN])
    by = _dropped_by(project_id, shown)
    return [Thrown(article, by.get(article.pk), article.deleted_at) for article in shown if article.deleted_at]


def projects_in_trash(user: User) -> list[Thrown]:
    """Those that the user leads and can still restore, newest first."""
    led = Project.objects.filter(
        memberships__user=user,
        memberships__role=Role.LEAD,
        memberships__left_at=None,
        deleted_at__gt=timezone.now() - KEPT,
    )
    return [_thrown(project, project.deleted_at, _last(project)) for project in led.order_by("-deleted_at")]


def _last(project: Project) -> AuditEntry | None:
    entries = AuditEntry.objects.filter(project=project, act=TRASH_PROJECT).select_related("member__user")
    return entries.order_by("-pk").first()


def _thrown(item: Project | Round, at: datetime | None, entry: AuditEntry | None) -> Thrown:
    by, told = (entry.member, entry.detail) if entry else (None, {})
    return Thrown(item, by, at or timezone.now(), told.get("labels", 0), told.get("decisions", 0))


def _dropped_by(project_id: int, articles: Sequence[Article]) -> dict[int, Membership | None]:
    """Who dropped each of these articles last. The entry of a drop is written just after the moment that it gives."""
    moments = [article.deleted_at for article in articles if article.deleted_at]
    if not moments:
        return {}
    entries = AuditEntry.objects.filter(project=project_id, act=DROP_ARTICLES, at__gte=min(moments))
    found: dict[int, Membership | None] = {}
    for entry in entries.select_related("member__user").order_by("pk"):
        found |= dict.fromkeys(map(int, entry.detail["after"]), entry.member)
    return found
