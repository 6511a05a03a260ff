"""What becomes of members: role, pseudonym and group; removal, leaving, and handing a project over.

Labels stay, whoever goes. A project always keeps a lead who can sign in. The audit entry of a change holds what was
before and after it, so that it can be undone, and an export under an earlier pseudonym explained.
"""

from dataclasses import asdict, dataclass

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import Assignment, AuditEntry, Membership, Project, Role
from projects.permissions import can, require
from projects.queries.members import CHANGE, REMOVE, UNDO, earlier_owner, leads, shares_not_begun, undoable

from . import audit
from .names import one_line
from .shares import take_back
from .transaction import write

LONGEST_NAME = 200
LEAVE = "leave"
CHANGED_SINCE = "The member was changed again since. Nothing was undone."
LAST_LEAD = "A project needs a lead who can sign in. Make somebody else a lead first."


@dataclass(frozen=True)
class Known:
    """How a member is known in his project."""

    role: str
    pseudonym: str
    group: str


@dataclass(frozen=True)
class Changed:
    """What came of a change: the number of its audit entry, and of shares that were released."""

    entry: int
    released: int


def change_member(*, lead: Membership, member_id: int, role: str, pseudonym: str, group: str) -> Changed | None:
    """Let a member be known as this from now on, exports of earlier labels included; None where he is already."""
    require(lead, "manage members")
    after = Known(role, one_line(pseudonym, most=LONGEST_NAME), one_line(group, most=LONGEST_NAME))
    with write():
        member = _locked(lead, member_id)
        before = _known(member)
        if after == before:
            return None
        _refuse_unfit(member, after)
        released = _become(member, after)
        detail = {**_named(member), "before": asdict(before), "after": asdict(after), "released": released}
        return Changed(audit.record(lead, CHANGE, detail).pk, len(released))


def remove_member(*, lead: Membership, member_id: int) -> Changed:
    """End a membership. What the member labelled stays; his shares that he has not begun are released."""
    require(lead, "manage members")
    with write():
        member = _locked(lead, member_id)
        released = _end(member)
        return Changed(audit.record(lead, REMOVE, {**_named(member), "released": released}).pk, len(released))


def leave_project(*, member: Membership) -> int:
    """End one's own membership; how many shares were released. A new invitation brings one back as one was."""
    require(member, "leave project")
    with write():
        released = _end(_locked(member, member.pk, act="leave project"))
        audit.record(member, "leave project", {"released": released})
    return len(released)


def transfer_project(*, lead: Membership, to: int, role: str) -> None:
    """Make another member a lead and be `role` oneself, or LEAVE: both, or neither."""
    require(lead, "manage members")
    if role not in (*Role.values, LEAVE):
        raise InvalidError("Choose what you become.")
    with write():
        giver, taker = _locked(lead, lead.pk), _locked(lead, to)
        if taker.pk == giver.pk or taker.user_id is None:
            raise InvalidError("Choose another member, one who has a sign-in.")
        Membership.objects.filter(pk=taker.pk).update(role=Role.LEAD)
        released = _become(giver, Known(role, giver.pseudonym, giver.group)) if role != LEAVE else _end(giver)
        audit.record(lead, "transfer project", {**_named(taker), "giver": role, "released": released})


def undo_member_change(*, lead: Membership, entry: int) -> None:
    """Put back what a change or a removal did, unless the member was changed again since."""
    require(lead, "manage members")
    with write():
        found = undoable(lead.project_id, entry)
        if found is None:
            raise NotFoundError("There is no such change to undo.")
        member = _to_undo(lead, found)
        if found.act == REMOVE:
            Membership.objects.filter(pk=member.pk).update(left_at=None)
        else:
            _put_back(member, found)
        _give_back(member, found.detail["released"])
        audit.record(lead, UNDO, {"entry": entry, "act": found.act})


def _to_undo(lead: Membership, entry: AuditEntry) -> Membership:
    try:
        return _locked(lead, entry.detail["id"], gone=entry.act == REMOVE)
    except NotFoundError as error:
        raise ConflictError(CHANGED_SINCE) from error


def _put_back(member: Membership, entry: AuditEntry) -> None:
    if _known(member) != Known(**entry.detail["after"]):
        raise ConflictError(CHANGED_SINCE)
    _become(member, Known(**entry.detail["before"]))


def _give_back(member: Membership, released: list[int]) -> None:
    shares = Assignment.objects.filter(pk__in=released, member=member, state=Assignment.State.RELEASED)
    shares.filter(round__closed_at=None).update(state=Assignment.State.WAITING)


def _locked(actor: Membership, member_id: int, *, act: str = "manage members", gone: bool = False) -> Membership:
    """A member of the actor's project, whose members nobody else changes until the transaction ends."""
    Project.objects.select_for_update().get(pk=actor.project_id)
    # While he waited for the lock, another lead may have changed him.
    require(Membership.objects.get(pk=actor.pk), act)
    known = Membership.objects.filter(project_id=actor.project_id, left_at__isnull=not gone)
    member = known.filter(pk=member_id).first()
    if member is None:
        raise NotFoundError("There is no such member.")
    return member


def _named(member: Membership) -> dict[str, object]:
    """A member in an audit entry: for those who read it, and for the program."""
    return {"member": member.pseudonym, "id": member.pk}


def _known(member: Membership) -> Known:
    return Known(member.role, member.pseudonym, member.group)


def _refuse_unfit(member: Membership, after: Known) -> None:
    problems = []
    if after.role not in Role.values:
        problems.append("Choose a role.")
    if not after.pseudonym:
        problems.append("Give the member a pseudonym.")
    other = earlier_owner(member.project_id, after.pseudonym)
    if other not in (None, member.pk):
        problems.append(f"“{after.pseudonym}” was another member’s pseudonym: exports of then would be misread.")
    if problems:
        raise InvalidError("The member was not changed.", tuple(problems))


def _become(member: Membership, after: Known) -> list[int]:
    """Store how a member is known; the shares that he may label no more are released."""
    member.role, member.pseudonym, member.group = after.role, after.pseudonym, after.group
    try:
        member.save(update_fields=["role", "pseudonym", "group"])
    except IntegrityError as error:
        taken = f"“{after.pseudonym}” is another member’s pseudonym."
        raise InvalidError("The member was not changed.", (taken,)) from error
    _refuse_leaderless(member)
    return [] if can(member, "annotate") else take_back(shares_not_begun(member))


def _end(member: Membership) -> list[int]:
    Membership.objects.filter(pk=member.pk).update(left_at=timezone.now())
    _refuse_leaderless(member)
    return take_back(shares_not_begun(member))


def _refuse_leaderless(member: Membership) -> None:
    if not leads(member.project_id).exists():
        raise ConflictError(LAST_LEAD)
