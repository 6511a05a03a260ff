"""Save one label. This is the path that must never lose a key press: see docs/decisions/001-save-path.md."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils import timezone

from annotator.core.codebook import Codebook, Json
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import Event, Label
from annotator.queries.coding import Answer, answered, unit_answers
from annotator.queries.editions import books_of
from annotator.services import tallies
from annotator.services.checked_values import checked_value, in_force, readings
from annotator.services.training import require_trained
from projects.models import Assignment, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook as cached_codebook
from projects.services.transaction import write

Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class ActiveTime:
    """Milliseconds of work since the annotator's choice before, as his browser counted: at this unit, and at others."""

    here: int | None = None
    elsewhere: int | None = None

    @property
    def total(self) -> int:
        return (self.here or 0) + (self.elsewhere or 0)


@dataclass(frozen=True)
class Choice:
    """One change of a label, as the browser sends it."""

    event: UUID
    unit: int
    variable: str
    value: Json
    base_version: int
    client_time: datetime | None = None
    active: ActiveTime = ActiveTime()


@dataclass(frozen=True)
class Saved:
    """What an acknowledged choice came to; a replay of it answers the same.

    `answers` holds the labels of the unit as they stand now. `late`: its boundaries were mended since the choice.
    """

    event: UUID
    unit: int
    variable: str
    value: Json
    version: int
    replayed: bool
    units_done: int
    units_total: int
    answers: Answers
    late: bool = False


class StaleError(ConflictError):
    """Another choice came first. Both values are shown to the annotator."""

    def __init__(self, *, value: Json, version: int, saved_at: datetime | None) -> None:
        super().__init__("This question was also answered in another window.")
        self.value, self.version, self.saved_at = value, version, saved_at


class MovedError(ConflictError):
    """The boundaries were mended, or the round got another codebook, since the assignment was read.

    `late_labels.save_choice` knows what to do.
    """

    def __init__(self) -> None:
        super().__init__("The sentences or the questions of this article changed meanwhile. Load the page again.")


class EventReusedError(ConflictError):
    """The uuid was used for another choice before: a fault of the sender's, never overwritten."""

    def __init__(self) -> None:
        super().__init__("This event key was used for another choice before. Make a new one and send again.")


def save_label(*, assignment: Assignment, choice: Choice, unit: Unit | None = None) -> Saved:
    """Store one choice of the assignment's own annotator.

    `assignment` comes checked from `projects.queries.access.own_assignment`, or with its unit from
    `annotator.queries.coding.own_unit`, which saves a statement. A value of None takes the answer back.
    Raises NotFoundError, NotAllowedError, InvalidError, StaleError (409) or EventReusedError (422).
    """
    require(assignment.member, "annotate")
    book = cached_codebook(assignment.round.codebook_version_id)
    unit = unit or _unit(assignment.text_version_id, choice.unit)
    if not unit.codable:
        raise InvalidError("This unit is not offered for labelling.")
    choice, value = taken_as(book, assignment, choice, unit=unit, text=assignment.text_version.text)
    if takes_no_more(assignment):
        return only_replay(assignment, choice, value)
    require_trained(assignment)
    # Making a query takes longer than asking it, so both are made before the only writer's lock is taken.
    current, labels = _current(assignment), Label.objects.filter(assignment_id=assignment.pk, unit_id=unit.pk)
    try:
        with write():
            return _store(assignment, unit, choice, value, book, current, labels)
    except IntegrityError:
        # Another request holds the uuid or the sequence number; the unique keys decided, we only tell.
        return replay_or_stale(assignment, choice, value)


def taken_as(book: Codebook, assignment: Assignment, choice: Choice, *, unit: Unit, text: str) -> tuple[Choice, Json]:
    """The choice with its value in canonical form, and the value to be stored: that under the codebook of now."""
    try:
        sent = checked_value(book, choice.variable, choice.value, unit=unit, text=text, retired=None)
        value = in_force(book, choice.variable, sent, assignment_id=assignment.pk, unit=unit, text=text)
    except InvalidError:
        if not Event.objects.filter(uuid=choice.event).exists():
            raise
        sent = value = choice.value  # stored under another version: the repeat is answered like the first request
    return replace(choice, value=sent), value


def _unit(text_version_id: int, unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id, text_version_id=text_version_id).first()
    if unit is None:
        raise NotFoundError("This sentence is not part of the assigned article.")
    return unit


def _current(assignment: Assignment) -> QuerySet[Assignment]:
    """The assignment as it stands, locked; nothing where its round was closed or it was taken back."""
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("round")
        .only("units_done", "units_total", "state", "text_version_id", "round__codebook_version_id")
        .filter(pk=assignment.pk, round__closed_at=None)
        .exclude(state=Assignment.State.RELEASED)
        .order_by()
    )


def _store(
    assignment: Assignment,
    unit: Unit,
    choice: Choice,
    value: Json,
    book: Codebook,
    current: QuerySet[Assignment],
    of_unit: QuerySet[Label],
) -> Saved:
    locked = next(iter(current), None)
    if locked is None:  # closed or taken back since it was read
        return only_replay(assignment, choice, value)
    codebook_is = locked.round.codebook_version_id
    if (locked.text_version_id, codebook_is) != (unit.text_version_id, assignment.round.codebook_version_id):
        raise MovedError
    labels = {label.variable: label for label in of_unit}
    label = labels.get(choice.variable)
    choice = caught_up(assignment, choice, label)
    if choice.base_version != (label.version if label else 0):
        return replay_or_stale(assignment, choice, value)
    event = write_choice(assignment, unit, choice, value, label)
    before = {key: Answer(label.value, label.version, label.to_confirm) for key, label in labels.items()}
    after = before | {choice.variable: Answer(value, event.sequence)}
    change = _count(locked, book, unit, before, after, choice.active.total)
    _tally(assignment, choice, before, after, change)
    return saved_as(event, locked, after, replayed=False)


def caught_up(assignment: Assignment, choice: Choice, label: Label | None) -> Choice:
    """The choice as if its page had known of what the codebook alone changed in the label since."""
    if label is None or not _only_moved(assignment, choice, label.version):
        return choice
    return replace(choice, base_version=label.version)


def _only_moved(assignment: Assignment, choice: Choice, until: int) -> bool:
    """Whether the label was what the choice builds on, and nothing but moves of the codebook led to version `until`."""
    base = choice.base_version
    if not 0 < base < until:
        return False
    place = {"assignment": assignment.pk, "unit": choice.unit, "variable": choice.variable}
    events = Event.objects.filter(**place, sequence__range=(base, until)).values_list("sequence", "move")
    by_sequence = dict(events)
    return base in by_sequence and all(move for sequence, move in by_sequence.items() if sequence > base)


def write_choice(assignment: Assignment, unit: Unit, choice: Choice, value: Json, label: Label | None) -> Event:
    """Store the event and bring its label up to it, inside the caller's transaction; `label` is None where none is."""
    event = Event.objects.create(
        uuid=choice.event,
        assignment_id=assignment.pk,
        unit_id=unit.pk,
        variable=choice.variable,
        value=value,
        base_version=choice.base_version,
        sequence=choice.base_version + 1,
        client_time=choice.client_time,
        active_ms=choice.active.here,
        elsewhere_ms=choice.active.elsewhere,
    )
    fields = {
        "value": event.value,
        "version": event.sequence,
        "last_event_id": event.pk,
        "to_confirm": False,
        "updated_at": event.server_time,
    }
    if label is not None:
        Label.objects.filter(pk=label.pk, version=event.base_version).update(**fields)
    else:
        Label.objects.create(
            assignment_id=assignment.pk,
            unit_id=unit.pk,
            variable=event.variable,
            round_id=assignment.round_id,
            **fields,
        )
    return event


def _count(assignment: Assignment, book: Codebook, unit: Unit, before: Answers, after: Answers, active_ms: int) -> int:
    """Keep the counters, so that no list ever counts labels or sums times; how many more units are done."""
    change = int(answered(book, unit.index, after)) - int(answered(book, unit.index, before))
    # A counter that is wrong must not refuse a label: the database takes none below 0. `rebuild_labels` mends it.
    assignment.units_done = max(0, assignment.units_done + change)
    finished = assignment.units_done >= assignment.units_total
    state = Assignment.State.DONE if finished else Assignment.State.STARTED
    if change or finished or state != assignment.state or active_ms:
        assignment.state = state
        Assignment.objects.filter(pk=assignment.pk).update(
            units_done=assignment.units_done,
            state=state,
            active_ms=F("active_ms") + active_ms,
            updated_at=timezone.now(),
        )
    return change


def _tally(assignment: Assignment, choice: Choice, before: Answers, after: Answers, units: int) -> None:
    more = _stands(after.get(choice.variable)) - _stands(before.get(choice.variable))
    account = tallies.Account(assignment.round_id, assignment.member_id, choice.variable)
    tallies.add(account, tallies.Amounts(more, units, choice.active.total))


def _stands(answer: Answer | None) -> bool:
    return answer is not None and answer.value is not None and not answer.to_confirm


def takes_no_more(assignment: Assignment) -> bool:
    return assignment.round.closed_at is not None or assignment.state == Assignment.State.RELEASED


def only_replay(assignment: Assignment, choice: Choice, value: Json) -> Saved:
    """A closed round and a share that was taken back take nothing new, but still confirm what they took before."""
    replay = _replay(assignment, choice, value)
    if replay is not None:
        return replay
    if assignment.state == Assignment.State.RELEASED:
        raise NotAllowedError("This article is no longer yours to label. Ask the project lead.")
    raise NotAllowedError("This round is closed. Ask the project lead to open it again.")


def replay_or_stale(assignment: Assignment, choice: Choice, value: Json) -> Saved:
    """Where another save came first: the answer of an earlier request that was this one, else raises StaleError."""
    replay = _replay(assignment, choice, value)
    if replay is None:
        raise _stale(assignment, choice)
    return replay


def _replay(assignment: Assignment, choice: Choice, value: Json) -> Saved | None:
    """The answer of an earlier request with the same uuid and the same content."""
    event = Event.objects.filter(uuid=choice.event).first()
    if event is None:
        return None
    told = (event.assignment_id, event.unit_id, event.variable) == (assignment.pk, choice.unit, choice.variable)
    if not (told and _says(event, assignment, choice, value) and _builds_on(event, assignment, choice)):
        raise EventReusedError
    counted = Assignment.objects.only("units_done", "units_total").get(pk=assignment.pk)
    return saved_as(event, counted, unit_answers(assignment.pk, choice.unit), replayed=True)


def _says(event: Event, assignment: Assignment, choice: Choice, value: Json) -> bool:
    """Whether the event holds what the choice says, under the version of now or under one of before."""
    if event.value in (value, choice.value):
        return True
    text = event.unit.text_version.text
    return event.value in readings(
        books_of(assignment.round), choice.variable, choice.value, unit=event.unit, text=text
    )


def _builds_on(event: Event, assignment: Assignment, choice: Choice) -> bool:
    return event.base_version == choice.base_version or _only_moved(assignment, choice, event.base_version)


def _stale(assignment: Assignment, choice: Choice) -> StaleError:
    label = Label.objects.filter(assignment_id=assignment.pk, unit_id=choice.unit, variable=choice.variable).first()
    if label is None:
        return StaleError(value=None, version=0, saved_at=None)
    return StaleError(value=label.value, version=label.version, saved_at=label.updated_at)


def saved_as(event: Event, counted: Assignment, answers: Answers, *, replayed: bool) -> Saved:
    return Saved(
        event=event.uuid,
        unit=event.unit_id,
        variable=event.variable,
        value=event.value,
        version=event.sequence,
        replayed=replayed,
        units_done=counted.units_done,
        units_total=counted.units_total,
        answers=answers,
    )
