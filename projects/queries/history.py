"""Who did what when in a project, labelling aside."""

from dataclasses import dataclass

from django.db.models import QuerySet

from projects.models import AuditEntry, Membership


@dataclass(frozen=True)
class Filters:
    """Only the acts of one member, only one kind of act, only entries before this one."""

    member: int | None = None
    act: str = ""
    before: int | None = None


def entries(project_id: int, wanted: Filters) -> QuerySet[AuditEntry]:
    """Newest first."""
    found = AuditEntry.objects.filter(project=project_id).select_related("member__user").order_by("-pk")
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
