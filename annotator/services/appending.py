"""Labels changed by nobody's choice: an event for each, and the label brought up to it, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from annotator.core.codebook import Json
from annotator.models import CodebookMove, Event, Label, LabelRestore

BATCH = 500
STATE = ["value", "version", "last_event", "to_confirm", "updated_at"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a label is to be. One that isn't stored yet has version 0."""

    label: Label
    value: Json
    to_confirm: bool

    @property
    def is_one(self) -> bool:
        return (self.label.value, self.label.to_confirm) != (self.value, self.to_confirm)


def append(
    changes: Iterable[Change], *, move: CodebookMove | None = None, restore: LabelRestore | None = None
) -> Sequence[Change]:
    """Store those that change anything, with what made them; the others are left out."""
    made = [change for change in changes if change.is_one]
    drafts = [_event(change, move, restore) for change in made]
    events = Event.objects.bulk_create(drafts, batch_size=BATCH)
    Label.objects.bulk_create(
        [_label(change, event) for change, event in zip(made, events, strict=True)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["assignment", "unit", "variable"],
        update_fields=STATE,
    )
    return made


def _event(change: Change, move: CodebookMove | None, restore: LabelRestore | None) -> Event:
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
        restore=restore,
    )


def _label(change: Change, event: Event) -> Label:
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
