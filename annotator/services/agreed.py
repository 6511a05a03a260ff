"""Take over what all annotators agree on, question by question, and take it back again."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError
from annotator.models import Decision, DecisionEvent
from annotator.queries.adjudication import standing_acts
from annotator.queries.decided import Agreed, agreed_units
from annotator.services.decisions import Act, check_open
from projects.models import Membership, Round
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.services import audit
from projects.services.transaction import write

BATCH = 500
STATE = ["value", "version", "to_confirm", "discussed", "labels_seen", "updated_at"]


def accept_agreed(*, member: Membership, round: Round, variable: str, batch: UUID) -> int:
    """Decide every unit without a decision on which all annotators agree; how many those were.

    Some hundred at a time. Whoever is interrupted does it again; with the same `batch` it is undone as one act.
    """
    require(member, "adjudicate")
    check_open(member, round)
    asked = codebook(round.codebook_version_id).find(variable)
    if asked is None:
        raise InvalidError("The codebook has no such question.")
    found = agreed_units(round, asked)
    try:
        for start in range(0, len(found), BATCH):
            _decide(member, round, variable, found[start : start + BATCH], batch)
    except IntegrityError as error:  # without SQLite's one writer, somebody may decide between a look and the insert
        raise ConflictError("Somebody else decided one of these meanwhile. Take the rest over again.") from error
    if found:
        with write():
            told = {"round": round.name, "question": variable, "decisions": len(found)}
            audit.record(member, "decide what all agree on", told)
    return len(found)


def _decide(member: Membership, round: Round, variable: str, units: Sequence[Agreed], batch: UUID) -> None:
    of = {"round": round, "variable": variable}
    with write():
        locked = Decision.objects.select_for_update().filter(unit__in=[unit.unit for unit in units], **of)
        there = {decision.unit_id: decision for decision in locked}
        made = [
            _as_agreed(there.get(unit.unit) or Decision(unit_id=unit.unit, version=0, **of), unit)
            for unit in units
            if unit.unit not in there or _is_open(there[unit.unit])
        ]
        Decision.objects.bulk_create([decision for decision in made if decision.pk is None], batch_size=BATCH)
        Decision.objects.bulk_update([decision for decision in made if decision.unit_id in there], STATE)
        answers = {unit.unit: unit for unit in units}
        DecisionEvent.objects.bulk_create(
            [_event(member, decision, answers[decision.unit_id], batch) for decision in made], batch_size=BATCH
        )


def _is_open(decision: Decision) -> bool:
    """Whether nobody has decided it, or put it up for discussion, since the units were read."""
    return decision.value is None and not decision.discussed


def _as_agreed(decision: Decision, unit: Agreed) -> Decision:
    decision.value, decision.labels_seen, decision.to_confirm = unit.value, unit.labels_seen, False
    decision.version += 1
    decision.updated_at = timezone.now()
    return decision


def _event(member: Membership, decision: Decision, unit: Agreed, batch: UUID) -> DecisionEvent:
    return DecisionEvent(
        uuid=uuid4(),
        decision=decision,
        member=member,
        value=decision.value,
        sequence=decision.version,
        act=Act.AGREED,
        basis={"labels_seen": unit.labels_seen, "answers": [[share, value] for share, value in unit.answers.items()]},
        batch=batch,
    )


def undo_agreed(*, member: Membership, round: Round, batch: UUID) -> int:
    """Take back the decisions of a bulk act that nobody has changed since; how many those were."""
    require(member, "adjudicate")
    check_open(member, round)
    made = DecisionEvent.objects.filter(decision__round=round, batch=batch, act=Act.AGREED)
    pks = list(standing_acts(made).values_list("decision_id", flat=True))
    undone = sum(_take_back(member, batch, pks[start : start + BATCH]) for start in range(0, len(pks), BATCH))
    if not undone:
        raise InvalidError("There is nothing of it left to undo.")
    with write():
        audit.record(member, "undo what all agreed on", {"round": round.name, "decisions": undone})
    return undone


def _take_back(member: Membership, batch: UUID, pks: Sequence[int]) -> int:
    with write():
        locked = Decision.objects.select_for_update().filter(pk__in=pks)
        last = DecisionEvent.objects.filter(decision__in=pks, batch=batch, act=Act.AGREED)
        sequence = dict(last.values_list("decision_id", "sequence"))
        found = [decision for decision in locked if decision.version == sequence[decision.pk]]
        for decision in found:
            decision.value, decision.labels_seen = None, 0
            decision.version += 1
            decision.updated_at = timezone.now()
        Decision.objects.bulk_update(found, STATE)
        events = [
            DecisionEvent(uuid=uuid4(), decision=one, member=member, value=None, sequence=one.version, act=Act.UNDO)
            for one in found
        ]
        DecisionEvent.objects.bulk_create(events, batch_size=BATCH)
    return len(found)
