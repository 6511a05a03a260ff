"""Who did what when in a project, labelling aside."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from projects.models import AuditEntry, Membership
from projects.queries.access import blind_rounds_of


@dataclass(frozen=True)
class Filters:
    """Only the acts of one member, only one kind of act, only entries before this one."""

    member: int | None = None
    act: str = ""
    before: int | None = None


TELLING = (
    "decide what all agree on",
    "undo what all agreed on",
    "make gold",
    "take off the adjudication queue",
)
"""Acts whose entries tell something of the answers in a round."""


def entries(reader: Membership, wanted: Filters) -> QuerySet[AuditEntry]:
    """Newest first, without what others' acts would tell of a blind round in which the reader annotates."""
    found = AuditEntry.objects.filter(project=reader.project_id).select_related("member__user").order_by("-pk")
    hidden = [named for round in blind_rounds_of([reader.pk]) for named in (round.pk, round.name)]
    if hidden:
        found = found.exclude(~Q(member=reader), act__in=TELLING, detail__round__in=hidden)
    if wanted.member is not None:
        found = found.filter(member=wanted.member)
    if wanted.act:
        found = found.filter(act=wanted.act)
    return found if wanted.before is None else found.filter(pk__lt=wanted.before)


def acts(project_id: int) -> list[str]:
    """The kinds of act that there were."""
    return sorted(AuditEntry.objects.filter(project=project_id).order_by().values_list("act", flat=True).distinct())


def actors(project_id: int) -> list[Membership]:
    """Everybody who was ever a member."""
    return list(Membership.objects.filter(project=project_id).select_related("user").order_by("pseudonym"))
