"""What the pages of a project show: every list from counters, none counts labels."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet, Sum

from projects.models import Article, Assignment, Invitation, Membership, Project, Round
from projects.queries.access import due
from projects.queries.duplicates import counted_shares


@dataclass(frozen=True)
class Progress:
    done: int
    total: int

    @property
    def finished(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True)
class RoundLine:
    round: Round
    articles: int
    annotators: int
    progress: Progress


@dataclass(frozen=True)
class Work:
    """One member's share of a round."""

    round: Round
    member: Membership
    articles: int
    articles_done: int
    progress: Progress
    active_ms: int = 0

    @property
    def active(self) -> timedelta:
        """How long the member has worked, pauses not counted."""
        return timedelta(seconds=self.active_ms // 1000)

    @property
    def seconds_each(self) -> float | None:
        """Active seconds a finished sentence."""
        return self.active_ms / 1000 / self.progress.done if self.progress.done else None


def round_lines(project: Project) -> list[RoundLine]:
    """The rounds of a project, newest first, with progress from the assignments' counters."""
    rounds = Round.objects.filter(project=project).select_related("codebook_version")
    rows = (
        counted_shares()
        .filter(round__project=project)
        .values("round_id")
        .annotate(
            articles=Count("text_version", distinct=True),
            annotators=Count("member", distinct=True),
            done=Sum("units_done"),
            total=Sum("units_total"),
        )
        .order_by()
    )
    found = {row["round_id"]: (row["articles"], row["annotators"], Progress(row["done"], row["total"])) for row in rows}
    nothing = 0, 0, Progress(0, 0)
    return [RoundLine(r, *found.get(r.pk, nothing)) for r in rounds.defer("codebook_version__document")]


def work_of(member: Membership) -> list[Work]:
    """The member's own open work, oldest round first."""
    own = Q(member=member, round__closed_at=None) & due()
    return [work for work in _work(own, [member]) if work.progress.total]


def work_in(round: Round) -> list[Work]:
    """What each annotator of a round has done."""
    members = list(Membership.objects.filter(assignments__round=round).distinct().select_related("user"))
    return _work(Q(round=round), members)


def _work(condition: Q, members: list[Membership]) -> list[Work]:
    by_id = {member.pk: member for member in members}
    rows = (
        counted_shares()
        .filter(condition)
        .values("round_id", "member_id")
        .annotate(
            articles=Count("id"),
            articles_done=Count("id", filter=Q(state=Assignment.State.DONE)),
            done=Sum("units_done"),
            total=Sum("units_total"),
            active_ms=Sum("active_ms"),
        )
        .order_by("round_id", "member_id")
    )
    rounds = Round.objects.in_bulk({row["round_id"] for row in rows})
    return [
        Work(
            round=rounds[row["round_id"]],
            member=by_id[row["member_id"]],
            articles=row["articles"],
            articles_done=row["articles_done"],
            progress=Progress(row["done"], row["total"]),
            active_ms=row["active_ms"],
        )
        for row in rows
    ]


def articles(project: Project) -> QuerySet[Article]:
    return Article.objects.filter(project=project, deleted_at=None)


def waiting_for_review(project: Project) -> QuerySet[Article]:
    """Those that no round draws before a lead has looked at them."""
    return articles(project).filter(review_wanted_at__isnull=False, reviewed_at=None)


def waiting_invitations(project: Project) -> QuerySet[Invitation]:
    """Those that somebody could still accept, newest first."""
    return Invitation.objects.usable().filter(project=project).order_by("-pk")


@dataclass(frozen=True)
class SetUp:
    """Which steps of setting a study up are done."""

    has_articles: bool
    has_codebook: bool
    has_annotators: bool
    has_rounds: bool

    @property
    def complete(self) -> bool:
        return self.has_articles and self.has_codebook and self.has_annotators and self.has_rounds
