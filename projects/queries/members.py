"""Who is, was and may become a member of a project."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from projects.models import Assignment, AuditEntry, Invitation, Membership, Project, Role
from projects.queries.access import due

CHANGE, REMOVE, UNDO = "change member", "remove member", "undo a change of members"


@dataclass(frozen=True)
class Standing:
    """What a member has in his hands in open rounds, in articles."""

    waiting: int
    begun: int
    finished: int


def members(project: Project) -> QuerySet[Membership]:
    return Membership.objects.filter(project=project, left_at=None).select_related("user")


def former_members(project: Project) -> QuerySet[Membership]:
    """Those who left, last ones first."""
    return Membership.objects.filter(project=project, left_at__isnull=False).select_related("user").order_by("-left_at")


def leads(project_id: int) -> QuerySet[Membership]:
    """The leads who can sign in."""
    return Membership.objects.filter(project_id=project_id, role=Role.LEAD, left_at=None, user__is_active=True)


def lapsed_invitations(project: Project) -> QuerySet[Invitation]:
    """Those that nobody accepted while he could, newest first."""
    open_ones = Invitation.objects.usable().filter(project=project)
    return Invitation.objects.unanswered().filter(project=project).exclude(pk__in=open_ones).order_by("-pk")[:100]


def groups(project: Project) -> list[str]:
    named = Membership.objects.filter(project=project).exclude(group="")
    return list(named.values_list("group", flat=True).distinct().order_by("group"))


def shares_not_begun(member: Membership) -> QuerySet[Assignment]:
    """The shares in open rounds that can be taken back from a member without a label of his."""
    waiting = Assignment.objects.filter(member=member, state=Assignment.State.WAITING, units_done=0)
    return waiting.filter(round__closed_at=None, kind=Assignment.Kind.LABELS)


def standing(member: Membership, *, due_only: bool = False) -> Standing:
    """With `due_only` as he may know it himself."""
    states, own = Assignment.State, Assignment.objects.filter(member=member, round__closed_at=None)
    if due_only:
        own = own.filter(due())
    counted = own.aggregate(
        waiting=Count("pk", filter=Q(state=states.WAITING, units_done=0)),
        begun=Count("pk", filter=Q(state=states.STARTED) | Q(state=states.WAITING, units_done__gt=0)),
        finished=Count("pk", filter=Q(state=states.DONE)),
    )
    return Standing(**counted)


def undoable(project_id: int, entry: int) -> AuditEntry | None:
    """A change or removal of a member that nobody has undone yet."""
    found = AuditEntry.objects.filter(project_id=project_id, pk=entry, act__in=(CHANGE, REMOVE)).first()
    undone = AuditEntry.objects.filter(project_id=project_id, pk__gt=entry, act=UNDO, detail__entry=entry)
    return None if found is None or undone.exists() else found


def pseudonyms_before(member: Membership) -> list[AuditEntry]:
    """The changes that gave a member another pseudonym, newest first."""
    changes = AuditEntry.objects.filter(project_id=member.project_id, act=CHANGE, detail__id=member.pk)
    return [
        entry
        for entry in changes.order_by("-pk")
        if entry.detail["before"]["pseudonym"] != entry.detail["after"]["pseudonym"]
    ]


def earlier_owner(project_id: int, pseudonym: str) -> int | None:
    """Who was known by this pseudonym before he was renamed; the last of them."""
    changes = AuditEntry.objects.filter(project_id=project_id, act=CHANGE, detail__before__pseudonym=pseudonym)
    owner: int | None = changes.order_by("-pk").values_list("detail__id", flat=True).first()
    return owner
