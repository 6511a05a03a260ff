"""Who has which shares of a round, and how far they are; counted from the shares, never from labels."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from projects.models import Assignment, AuditEntry, Membership, Round
from projects.queries.access import due

RELEASE, REASSIGN, JOIN = "release shares", "reassign shares", "add annotator to round"
UNDO = "undo shares"
UNDOABLE = (RELEASE, REASSIGN, JOIN)
State = Assignment.State
OWN = ("occasion", "state", "units_done", "units_total", "created_at", "updated_at")


@dataclass(frozen=True)
class Holder:
    """An annotator of a round: his shares by state, and the units of those that he still has."""

    member: Membership
    waiting: int
    started: int
    done: int
    released: int
    units_done: int
    units_total: int

    @property
    def articles(self) -> int:
        return self.waiting + self.started + self.done


@dataclass(frozen=True)
class Change:
    """A change of shares that can still be undone."""

    entry: int
    act: str
    pseudonym: str
    taken: int
    given: int


def holders(round: Round) -> list[Holder]:
    """Two queries, however many shares there are."""
    held = ~Q(state=State.RELEASED)
    rows = (
        Assignment.objects.filter(round=round, kind=Assignment.Kind.LABELS)
        .order_by()
        .values_list("member_id")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.WAITING)),
            started=Count("pk", filter=Q(state=State.STARTED)),
            done=Count("pk", filter=Q(state=State.DONE)),
            released=Count("pk", filter=Q(state=State.RELEASED)),
            of_done=Sum("units_done", filter=held, default=0),
            of_total=Sum("units_total", filter=held, default=0),
        )
    )
    found = {member: counts for member, *counts in rows}
    members = Membership.objects.filter(pk__in=found).select_related("user").order_by("pk")
    return [Holder(member, *found[member.pk]) for member in members]


def shares_of(round: Round, member: Membership) -> QuerySet[Assignment]:
    """A member's shares of a round in the order in which he gets them, what was taken back too."""
    own = Assignment.objects.filter(round=round, member=member, kind=Assignment.Kind.LABELS)
    return own.select_related("text_version__article").defer("text_version__text", "text_version__article__metadata")


def visible_shares(*, whole: Collection[int], members: Collection[int]) -> QuerySet[Assignment]:
    """Those of all in the projects `whole`, and those of the memberships `members` that they may know of by now."""
    found = Assignment.objects.filter(Q(round__project__in=whole) | Q(due(), member__in=members))
    found = found.filter(round__deleted_at=None, text_version__article__deleted_at=None)
    joined = found.select_related("round__project", "text_version", "member")
    return joined.only(
        "text_version__number", "text_version__article", "round__project__slug", "member__pseudonym", *OWN
    )


def change(project_id: int, entry: int) -> Change | None:
    """What an address says was just done, where nobody has undone it yet."""
    found = AuditEntry.objects.filter(project_id=project_id, pk=entry, act__in=UNDOABLE).first()
    if found is None or AuditEntry.objects.filter(project_id=project_id, act=UNDO, detail__entry=entry).exists():
        return None
    detail = found.detail
    return Change(entry, found.act, detail["member"], len(detail["taken"]), len(detail["given"]))
