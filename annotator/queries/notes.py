"""Notes on the sentences of an article: an annotator sees his own, and what was answered to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from annotator.models import Note
from projects.models import Assignment


@dataclass(frozen=True)
class Thread:
    """What an annotator told the lead of one unit. `flagged`: he is unsure and asks for a second look."""

    unit: int
    flagged: bool = False
    notes: list[Note] = field(default_factory=list)


def own_threads(assignment: Assignment, unit_id: int | None = None) -> Mapping[int, Thread]:
    """The threads of an assignment by unit id, notes in the order written, each answer after what it answers."""
    mine = Q(member_id=assignment.member_id, parent=None) | Q(parent__member_id=assignment.member_id)
    notes = Note.objects.filter(mine, round_id=assignment.round_id)
    if unit_id is None:
        notes = notes.filter(unit__text_version_id=assignment.text_version_id)
    else:
        notes = notes.filter(unit_id=unit_id)
    threads: dict[int, Thread] = {}
    for note in sorted(notes.select_related("member"), key=lambda note: (note.parent_id or note.pk, note.pk)):
        thread = threads.setdefault(note.unit_id, Thread(note.unit_id))
        if not note.flag:
            thread.notes.append(note)
        elif note.settled_at is None:
            threads[note.unit_id] = Thread(thread.unit, flagged=True, notes=thread.notes)
    return threads
