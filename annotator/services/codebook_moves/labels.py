"""The labels of one assignment follow its round to another version of the codebook, inside the caller's transaction.

A label whose answer changes gets one more event, which says that nobody chose it and which move it is of. The labels on
units of earlier text versions follow too, so that boundaries can still be mended back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from annotator.core.codebook import Codebook, Json, moved, unknown
from annotator.models import CodebookMove, Event, Label
from annotator.queries.boundaries import mendings_since
from annotator.queries.codebook_moves import movable
from annotator.queries.editions import text_version_at
from annotator.services.counting import count_again
from annotator.services.late_labels import carry_on
from projects.models import Assignment
from projects.queries.codebooks import codebook
from projects.services.rounds import unit_totals

BATCH = 500
STATE = ["value", "version", "last_event", "to_confirm", "updated_at"]
Place = tuple[int, str]
"""The id of a unit and the key of a variable."""


@dataclass(frozen=True)
class Followed:
    """How many labels of an assignment changed, and how many of these are asked again."""

    changed: int
    asked: int


@dataclass(frozen=True, slots=True)
class _Change:
    label: Label
    value: Json
    to_confirm: bool

    @property
    def is_one(self) -> bool:
        return (self.label.value, self.label.to_confirm) != (self.value, self.to_confirm)


def bring_along(move: CodebookMove, assignment: Assignment) -> Followed:
    """Change the labels as the version of the move says that their values became others."""
    book = codebook(move.to_version_id)
    if assignment.round.codebook_version_id != move.to_version_id:  # taken back meanwhile
        return Followed(0, 0)
    labels = Label.objects.filter(assignment=assignment, value__isnull=False)
    found = labels.filter(variable__in=[variable.key for variable in movable(book)])
    changes = _store(move, (_changed(book, label) for label in found.order_by("pk")))
    _count(assignment, book)
    return Followed(len(changes), sum(change.to_confirm for change in changes))


def bring_back(move: CodebookMove, assignment: Assignment) -> Followed:
    """Give the labels back that the move changed, but for what was chosen since."""
    book = codebook(move.from_version_id)
    pasts = _pasts(move, assignment)
    labels = Label.objects.filter(assignment=assignment).select_related("unit").order_by("pk")
    changes = _store(move, (_given_back(book, label, pasts[label.unit_id, label.variable]) for label in labels))
    article, text = assignment.text_version.article_id, assignment.text_version
    mendings = mendings_since(article, text_version_at(text, move.moved_at).number, text.number)
    for variable in sorted({change.label.variable for change in changes}) if mendings else ():
        units = [change.label.unit for change in changes if change.label.variable == variable]
        carry_on(assignment, variable, mendings, units)
    _count(assignment, book)
    return Followed(len(changes), sum(change.to_confirm for change in changes))


def _changed(book: Codebook, label: Label) -> _Change:
    after = moved(book.variable(label.variable), label.value)
    return _Change(label, after.value, after.asked or label.to_confirm)


@dataclass(slots=True)
class _Past:
    """What a label was before a move, whether the move changed it, and whether somebody's choice did since.

    That may have been made on an earlier unit, and carried on.
    """

    before: Event | None = None
    moved: bool = False
    chosen: bool = False


def _pasts(move: CodebookMove, assignment: Assignment) -> dict[Place, _Past]:
    pasts: dict[Place, _Past] = {}
    for event in Event.objects.filter(assignment=assignment).order_by("sequence"):
        past = pasts.setdefault((event.unit_id, event.variable), _Past())
        if event.move_id == move.pk:
            past.moved = True
        elif event.pk <= move.last_event:
            past.before = event
        elif event.move_id is None:
            past.chosen = True
    return pasts


def _given_back(book: Codebook, label: Label, past: _Past) -> _Change:
    before = past.before
    if past.moved and not past.chosen and before is not None:
        return _Change(label, before.value, bool(before.to_confirm))
    variable = next((variable for variable in book.variables if variable.key == label.variable), None)
    if variable is None or not unknown(variable, label.value):
        return _Change(label, label.value, label.to_confirm)
    return _Change(label, None if before is None else before.value, to_confirm=True)


def _store(move: CodebookMove, changes: Iterable[_Change]) -> Sequence[_Change]:
    """Append the events and bring the labels up to them."""
    made = [change for change in changes if change.is_one]
    events = Event.objects.bulk_create([_event(move, change) for change in made], batch_size=BATCH)
    labels = [_label(change, event) for change, event in zip(made, events, strict=True)]
    Label.objects.bulk_create(
        labels,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["assignment", "unit", "variable"],
        update_fields=STATE,
    )
    return made


def _event(move: CodebookMove, change: _Change) -> Event:
    label = change.label
    return Event(
        uuid=uuid4(),
        assignment_id=label.assignment_id,
        unit_id=label.unit_id,
        variable=label.variable,
        value=change.value,
        base_version=label.version,
        sequence=label.version + 1,
        to_confirm=change.to_confirm,
        move=move,
    )


def _label(change: _Change, event: Event) -> Label:
    return Label(
        assignment_id=event.assignment_id,
        unit_id=event.unit_id,
        variable=event.variable,
        round_id=change.label.round_id,
        value=event.value,
        version=event.sequence,
        last_event=event,
        to_confirm=change.to_confirm,
        updated_at=event.server_time,
    )


def _count(assignment: Assignment, book: Codebook) -> None:
    total = unit_totals(book, [assignment.text_version])[assignment.text_version_id]
    if total != assignment.units_total:
        assignment.units_total = total
        assignment.save(update_fields=["units_total", "updated_at"])
    count_again([assignment])
