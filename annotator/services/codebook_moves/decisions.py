"""The decisions of a round follow it to another version of the codebook, and back, after its labels did."""

from uuid import uuid4

from django.db.models import Q

from annotator.core.codebook import Codebook, Json, Moved, moved, unknown
from annotator.models import CodebookMove, Decision, DecisionEvent, Event
from annotator.queries.adjudication import with_labels_now
from annotator.services.decisions import append, as_before
from projects.queries.codebooks import codebook
from projects.services.transaction import write

BATCH = 200
Act = DecisionEvent.Act


def move_decisions(move: CodebookMove) -> None:
    """To the version of the move, or where it was undone to the one before; some at a time, and again where needed."""
    act = Act.MOVED if move.undone_at is None else Act.MOVED_BACK
    done = DecisionEvent.objects.filter(move=move, act=act).values("decision")
    found = (
        Decision.objects.filter(round=move.round_id)
        .exclude(pk__in=done)
        .filter(Q(value__isnull=False) | Q(to_confirm=True))
    )
    pks = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        with write():
            some = Decision.objects.filter(pk__in=pks[start : start + BATCH])
            now = {decision.pk: getattr(decision, "labels_now", 0) for decision in with_labels_now(some)}
            for decision in some.select_for_update():
                _follow(move, decision, now[decision.pk], act)


def _follow(move: CodebookMove, decision: Decision, now: int, act: str) -> None:
    """`now` are the versions of its labels, summed."""
    last = decision.events.order_by("-sequence").first()
    if last is None:
        return
    if act == Act.MOVED_BACK and last.move_id != move.pk:
        _ask_again(move, decision, last)
        return
    fresh = now - decision.labels_seen == _moved_labels(move, decision, last)
    if act == Act.MOVED_BACK:
        before = as_before(decision)
        answers = before.basis["answers"] if before is not None and before.basis else []
    elif (after := _after(codebook(move.to_version_id), decision)) is not None:
        if (after.value, after.asked) == (decision.value, False) and now == decision.labels_seen:
            return
        answers = _moved_answers(codebook(move.to_version_id), decision, last)
        decision.value, decision.to_confirm = after.value, decision.to_confirm or after.asked
    else:
        return
    decision.labels_seen = now if fresh else 0
    basis = {"labels_seen": decision.labels_seen, "answers": answers}
    append(decision, DecisionEvent(uuid=uuid4(), member=move.member, act=act, move=move, basis=basis))


def _ask_again(move: CodebookMove, decision: Decision, last: DecisionEvent) -> None:
    """What was decided since the move stands, but for a value that the codebook before it hasn't."""
    variable = codebook(move.from_version_id).find(decision.variable)
    if variable is not None and not decision.to_confirm and unknown(variable, decision.value):
        decision.to_confirm = True
        event = DecisionEvent(uuid=uuid4(), member=move.member, act=Act.MOVED_BACK, move=move, basis=last.basis)
        append(decision, event)


def _moved_labels(move: CodebookMove, decision: Decision, last: DecisionEvent) -> int:
    """How often the move has changed its labels since its last event."""
    place = {"unit": decision.unit_id, "variable": decision.variable, "assignment__round": decision.round_id}
    return Event.objects.filter(move=move, server_time__gt=last.server_time, **place).count()


def _after(book: Codebook, decision: Decision) -> Moved | None:
    """None where the version has no such question any more."""
    variable = book.find(decision.variable)
    return moved(variable, decision.value) if variable else None


def _moved_answers(book: Codebook, decision: Decision, last: DecisionEvent) -> list[Json]:
    variable = book.variable(decision.variable)
    return [[share, moved(variable, value).value] for share, value in (last.basis or {}).get("answers", [])]
