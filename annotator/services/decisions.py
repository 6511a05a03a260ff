"""Decide what the answer on a unit is. The labels stay as they are; every change of a decision is an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.urls import reverse
from django.utils.http import urlencode

from annotator.core.codebook import Json, Used, used_in
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import Decision, DecisionEvent
from annotator.queries.adjudication import last_undoable
from annotator.queries.datasets import is_hidden
from annotator.queries.unit_answers import Basis, basis_of
from annotator.services.checked_values import checked_value
from annotator.services.labels import EventReusedError
from annotator.services.notices import notify, settlers_told_of
from annotator.services.webhooks import emit
from projects.models import Membership, Round, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.services.transaction import write

LONGEST_REASON = 4000
Act = DecisionEvent.Act


@dataclass(frozen=True)
class Ruling:
    """One change of a decision, as the browser sends it. Without a value it is put up for discussion."""

    event: UUID
    round: Round
    unit: Unit
    variable: str
    value: Json
    base_version: int
    reason: str = ""

    @property
    def act(self) -> str:
        return Act.DISCUSS if self.value is None else Act.DECIDE


class StaleDecisionError(ConflictError):
    """Somebody else decided meanwhile. Both answers are shown."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("Somebody else decided this one meanwhile.")
        self.decision = decision


def decide(*, member: Membership, ruling: Ruling) -> Decision:
    """Store a decision, or with a value of None put the unit up for discussion, the reason being the remark.

    Raises NotAllowedError, InvalidError, StaleDecisionError (409) or EventReusedError (422). A repeat with the same
    event answers like the first.
    """
    require(member, "adjudicate")
    check_open(member, ruling.round)
    reason = _checked_reason(ruling)
    basis = basis_of(ruling.round, ruling.unit, ruling.variable)
    value = _checked(ruling, basis)
    is_repeat = DecisionEvent.objects.filter(uuid=ruling.event).exists()
    try:
        with write():
            decision = _store(member, ruling, value, reason)
    except IntegrityError:
        return _replayed(ruling, value) or _stale(ruling)
    if not is_repeat:
        _tell_made(decision, member.project_id)
    if decision.discussed and not is_repeat:
        _tell_discussion(member, ruling)
    return decision


def _tell_made(decision: Decision, project: int) -> None:
    place = {"round": decision.round_id, "unit": decision.unit_id, "variable": decision.variable}
    emit("decision.made", project=project, data=place)


def _tell_discussion(member: Membership, ruling: Ruling) -> None:
    """The others who adjudicate, but those who annotate in the round as long as it is open and blind."""
    project, others = member.project, settlers_told_of(ruling.round, besides=member)
    asked: dict[str, str | int] = {"round": ruling.round.pk, "at": f"{ruling.unit.pk}-{ruling.variable}"}
    link = f"{reverse('adjudication', args=[project.slug])}?{urlencode(asked | {'show': 'discussed'})}"
    notify("discussion", to=others, project=project.pk, link=link, parts={"project": project.title})


def check_open(member: Membership, round: Round) -> None:
    """Whether this member may decide in this round now."""
    if round.project_id != member.project_id or round.deleted_at is not None:
        raise NotFoundError("There is no such round.")
    if is_hidden(member, round.pk):
        raise NotAllowedError(
            f"You annotate in “{round.name}”, a blind round that is still open. Its answers are hidden from you until"
            " it is closed."
        )
    if round.frozen_at is not None:
        raise NotAllowedError(f"“{round.name}” is frozen: nothing of it changes any more.")


def _checked_reason(ruling: Ruling) -> str:
    reason = ruling.reason.replace("\r\n", "\n").replace("\0", "").strip()
    if len(reason) > LONGEST_REASON:
        raise InvalidError(f"The reason has {len(reason)} characters; {LONGEST_REASON} at most.")
    if not reason and ruling.value is None:
        raise InvalidError("Say what there is to discuss.")
    if not reason and ruling.round.reason_required:
        raise InvalidError("This round asks for a reason with each decision. Say why, in a line.")
    return reason


def _checked(ruling: Ruling, basis: Basis) -> Json:
    """The value in canonical form. An answer that is there may be accepted though its value was retired since."""
    book, text = codebook(ruling.round.codebook_version_id), ruling.unit.text_version.text
    kinds = {variable.key: variable.kind for variable in book.variables}
    stands: Iterable[Used] = (
        used for value in basis.given.values() for used in used_in(kinds.get(ruling.variable, "text"), value)
    )
    return checked_value(book, ruling.variable, ruling.value, unit=ruling.unit, text=text, retired=frozenset(stands))


def _store(member: Membership, ruling: Ruling, value: Json, reason: str) -> Decision:
    replay = _replayed(ruling, value)
    if replay is not None:
        return replay
    decision = _locked(ruling)
    if (decision.version if decision else 0) != ruling.base_version:
        return _stale(ruling)
    if decision is None:
        decision = Decision(round=ruling.round, unit=ruling.unit, variable=ruling.variable, version=0)
    # Read again inside the transaction: what is stored as the basis is what stood there at this moment.
    basis = basis_of(ruling.round, ruling.unit, ruling.variable)
    if value is not None:
        decision.value, decision.to_confirm, decision.labels_seen = value, False, basis.labels_seen
    decision.discussed = value is None
    event = DecisionEvent(uuid=ruling.event, member=member, reason=reason, act=ruling.act, basis=basis.as_json())
    append(decision, event)
    return decision


def append(decision: Decision, event: DecisionEvent) -> None:
    """Store the decision as it stands now, and the event that made it so, inside the caller's transaction."""
    decision.version += 1
    decision.save()
    event.decision, event.sequence = decision, decision.version
    event.value, event.to_confirm = decision.value, decision.to_confirm
    event.save(force_insert=True)


def _locked(ruling: Ruling) -> Decision | None:
    found = Decision.objects.select_for_update().filter(round=ruling.round, unit=ruling.unit, variable=ruling.variable)
    return found.first()


def _replayed(ruling: Ruling, value: Json) -> Decision | None:
    """What an earlier request with the same event came to."""
    event = DecisionEvent.objects.select_related("decision").filter(uuid=ruling.event).first()
    if event is None:
        return None
    decision = event.decision
    same = (decision.round_id, decision.unit_id, decision.variable, event.sequence) == (
        ruling.round.pk,
        ruling.unit.pk,
        ruling.variable,
        ruling.base_version + 1,
    )
    if not same or event.act != ruling.act or (value is not None and event.value != value):
        raise EventReusedError
    return decision


def _stale(ruling: Ruling) -> Decision:
    found = Decision.objects.filter(round=ruling.round, unit=ruling.unit, variable=ruling.variable).first()
    empty = Decision(round=ruling.round, unit=ruling.unit, variable=ruling.variable, version=0)
    raise StaleDecisionError(found or empty)


def undo_last(*, member: Membership, round: Round) -> Decision:
    """Take back the member's own last change in this round that nobody has built on; again for the one before."""
    require(member, "adjudicate")
    check_open(member, round)
    with write():
        event = last_undoable(member, round)
        if event is None:
            raise InvalidError("There is nothing of yours to undo in this round.")
        decision = Decision.objects.select_for_update().get(pk=event.decision_id)
        if decision.version != event.sequence:
            raise StaleDecisionError(decision)
        restore(decision, DecisionEvent(uuid=uuid4(), member=member, act=Act.UNDO))
    return decision


def take_back(*, member: Membership, round: Round, unit: Unit, variable: str, base_version: int) -> Decision:
    """Leave the unit without a decision, whoever made it; `base_version` is that of the decision as it was seen."""
    require(member, "adjudicate")
    check_open(member, round)
    with write():
        found = Decision.objects.select_for_update().filter(round=round, unit=unit, variable=variable).first()
        if found is None or found.value is None:
            raise InvalidError("There is no decision to take back.")
        if found.version != base_version:
            raise StaleDecisionError(found)
        found.value, found.to_confirm, found.discussed, found.labels_seen = None, False, False, 0
        append(found, DecisionEvent(uuid=uuid4(), member=member, act=Act.UNDO))
    return found


def restore(decision: Decision, event: DecisionEvent) -> None:
    """Bring a decision back to what it was before its last event, by one more."""
    before = as_before(decision)
    if before is not None:
        event.basis, event.reason = before.basis, before.reason
    append(decision, event)


def as_before(decision: Decision) -> DecisionEvent | None:
    """Set the decision to what it was before its last event; the one that had made it so, with what it rested on.

    A remark to discuss it leaves a decision on the answers that it rested on before.
    """
    events = decision.events.filter(sequence__lt=decision.version).order_by("-sequence")
    before = events.first()
    decision.value = before.value if before else None
    decision.to_confirm = bool(before and before.to_confirm)
    decision.discussed = before is not None and before.act == Act.DISCUSS
    if before is not None and decision.discussed:
        made = events.exclude(act=Act.DISCUSS).first()
        before.basis = made.basis if made else None
    decision.labels_seen = int(before.basis["labels_seen"]) if before is not None and before.basis else 0
    return before
