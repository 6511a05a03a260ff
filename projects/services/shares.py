"""Shares taken back from their annotators, given to others, and put back as they were.

A share that is taken back stays in the table, with all that its annotator said: it only counts no more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import Assignment, AuditEntry, Membership, Round
from projects.permissions import can, require
from projects.queries.shares import REASSIGN, RELEASE, UNDO, UNDOABLE

from . import audit
from .transaction import write

State = Assignment.State


@dataclass(frozen=True)
class Moved:
    """What came of a change: its audit entry, how many shares were taken back, and how many were given."""

    entry: int
    taken: int
    given: int


def release_shares(
    *,
    lead: Membership,
    member: Membership,
    round: Round | None = None,
    shares: Collection[int] | None = None,
    begun: bool = False,
) -> Moved:
    """Take back a member's shares that nobody has begun, in one round or in all; `shares` names single ones.

    With `begun` also those that he has begun and not finished: what he said there stays in the history, and counts no
    more. Finished shares and those of frozen rounds stay his.
    """
    require(lead, "manage rounds")
    refuse_other_project(lead, member)
    states = [State.WAITING, State.STARTED] if begun else [State.WAITING]
    found = Assignment.objects.filter(
        member=member, state__in=states, kind=Assignment.Kind.LABELS, round__frozen_at=None
    )
    if round is not None:
        found = found.filter(round=round)
    if shares is not None:
        found = found.filter(pk__in=shares)
    with write():
        taken = take_back(found)
        entry = audit.record(lead, RELEASE, {"member": member.pseudonym, "taken": taken, "given": []})
    return Moved(entry.pk, len(taken), 0)


def reassign_shares(*, lead: Membership, shares: Collection[int], to: Membership) -> Moved:
    """Give unfinished shares of others to `to`. Where he has the article in that round already, the share stays.

    So does one that gives its annotator an article again: only he can say how steady he is.
    """
    require(lead, "manage rounds")
    refuse_other_project(lead, to)
    refuse_no_annotator(to)
    with write():
        found = _movable(lead, shares, to)
        if not found:
            raise InvalidError(f"Nothing was given to {to.pseudonym}: he has these articles already, or they are done.")
        taken = take_back(Assignment.objects.filter(pk__in=[share.pk for share in found]))
        given = give(found, to)
        detail = {"member": to.pseudonym, "taken": taken, "given": given}
        return Moved(audit.record(lead, REASSIGN, detail).pk, len(taken), len(given))


def undo_shares(*, lead: Membership, entry: int) -> Moved:
    """Put shares back as they were before a change. Refused where somebody has begun what the change gave him."""
    require(lead, "manage rounds")
    with write():
        found = AuditEntry.objects.filter(project_id=lead.project_id, pk=entry, act__in=UNDOABLE).first()
        undone = AuditEntry.objects.filter(project_id=lead.project_id, act=UNDO, detail__entry=entry)
        if found is None or undone.exists():
            raise ConflictError("This was undone already.")
        ours = Assignment.objects.filter(round__project_id=lead.project_id)
        given, taken = (ours.filter(pk__in=found.detail[name]) for name in ("given", "taken"))
        if given.exclude(state=State.WAITING).exists():
            raise ConflictError("Some of these shares were begun or moved on since. Nothing was undone.")
        frozen = (given | taken).filter(round__frozen_at__isnull=False)
        if taken.exclude(state=State.RELEASED).exists() or frozen.exists():
            raise ConflictError("Some of these shares were given again, or their round was frozen. Nothing was undone.")
        given.update(state=State.RELEASED)
        _revive(taken)
        audit.record(lead, UNDO, {"entry": entry, "act": found.act})
        return Moved(entry, len(found.detail["given"]), len(found.detail["taken"]))


def give(patterns: Sequence[Assignment], to: Membership) -> list[int]:
    """A share for `to` like each of these, inside the caller's transaction; one that was once his becomes his again."""
    key = {(share.round_id, share.text_version_id): share for share in patterns}
    texts = {text for _, text in key}
    once = Assignment.objects.filter(member=to, text_version__in=texts, state=State.RELEASED, occasion=1)
    again = {(share.round_id, share.text_version_id): share.pk for share in once}
    revived = [pk for place, pk in again.items() if place in key]
    _revive(Assignment.objects.filter(pk__in=revived))
    made = Assignment.objects.bulk_create(
        [_like(share, to) for place, share in key.items() if place not in again], batch_size=500
    )
    return revived + [share.pk for share in made]


def refuse_no_annotator(member: Membership) -> None:
    if not can(member, "annotate"):
        raise InvalidError(f"{member.pseudonym} is no annotator of this project.")


def _like(share: Assignment, to: Membership) -> Assignment:
    return Assignment(
        round_id=share.round_id,
        text_version_id=share.text_version_id,
        member=to,
        why=share.why,
        arm=share.arm,
        units_total=share.units_total,
    )


def _movable(lead: Membership, shares: Collection[int], to: Membership) -> list[Assignment]:
    found = (
        Assignment.objects.select_for_update(of=("self",))
        .filter(
            pk__in=shares,
            round__project_id=lead.project_id,
            round__frozen_at=None,
            state__in=[State.WAITING, State.STARTED],
            kind=Assignment.Kind.LABELS,
        )
        .exclude(why=Assignment.Why.RETEST)
    )
    texts = {(share.round_id, share.text_version_id): share for share in found.exclude(member=to)}
    has = Assignment.objects.filter(member=to, text_version__in={text for _, text in texts})
    held = set(has.exclude(state=State.RELEASED).values_list("round_id", "text_version_id"))
    return [share for place, share in texts.items() if place not in held]


def take_back(found: QuerySet[Assignment]) -> list[int]:
    """Who begins his share at this very moment either keeps it or is told: the rows are locked first."""
    ids = list(found.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=ids).update(state=State.RELEASED)
    return ids


def _revive(released: QuerySet[Assignment]) -> None:
    finished = Q(units_done__gte=F("units_total"), units_done__gt=0)
    ids = list(released.values_list("pk", flat=True))
    found = Assignment.objects.filter(pk__in=ids)
    found.filter(finished).update(state=State.DONE)
    found.filter(units_done=0).update(state=State.WAITING)
    found.exclude(finished).filter(units_done__gt=0).update(state=State.STARTED)


def refuse_other_project(lead: Membership, member: Membership) -> None:
    if member.project_id != lead.project_id:
        raise NotFoundError("There is no such member.")
