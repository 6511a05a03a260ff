"""Notes to the lead, and the flag by which an annotator says that he is unsure of a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError, NotFoundError
from annotator.core.text import is_storable
from annotator.models import Note
from annotator.queries.boundaries import home_of
from annotator.queries.notes import Thread, own_threads, visible_notes
from projects.models import Assignment, Membership, Round, Unit
from projects.permissions import require
from projects.services.transaction import write

LONGEST = 4_000


@dataclass(frozen=True)
class Remark:
    """A note (`text`, on the question `variable` or on the whole sentence), or without text the flag set or lifted."""

    text: str = ""
    variable: str = ""
    flag: bool = False


def remark_of(value: Json) -> Remark:
    """What the browser sends, {"flag": true} or {"text": "...", "variable": "..."}, as a remark."""
    fields: Mapping[str, Json] = value if isinstance(value, dict) else {}
    flag, text, variable = fields.get("flag"), fields.get("text"), fields.get("variable", "")
    if isinstance(flag, bool) and len(fields) == 1:
        return Remark(flag=flag)
    named = isinstance(variable, str) and is_storable(variable)
    if not isinstance(text, str) or not named or set(fields) - {"text", "variable"}:
        raise InvalidError("A note has a text, or sets the flag.")
    return Remark(text=_checked(text), variable=str(variable)[:100])


def write_to_annotators(*, member: Membership, round: Round, unit: Unit, variable: str, text: str) -> Note:
    """Leave a note on a unit that all who annotate it in this round read beside it."""
    require(member, "answer notes")
    text = _checked(text)
    with write():
        return Note.objects.create(
            round=round, unit=unit, variable=variable, member=member, text=text, to_annotators=True
        )


def answer_note(*, member: Membership, note_id: int, text: str) -> Note:
    """Answer a note of an annotator's; its thread is settled with it until somebody opens it again."""
    require(member, "answer notes")
    text = _checked(text)
    with write():
        note = _readable(member, note_id)
        Note.objects.create(
            round_id=note.round_id, unit_id=note.unit_id, variable=note.variable, parent=note, member=member, text=text
        )
        _settle(note, settled=True)
    return note


def settle_note(*, member: Membership, note_id: int, settled: bool) -> Note:
    """Close a thread, or open it again; nothing of it is changed."""
    require(member, "answer notes")
    with write():
        note = _readable(member, note_id)
        _settle(note, settled=settled)
    return note


def _readable(member: Membership, note_id: int) -> Note:
    note = visible_notes(member, of_all=True).filter(pk=note_id).first()
    if note is None:
        raise NotFoundError("There is no such note.")
    return note


def _settle(note: Note, *, settled: bool) -> None:
    note.settled_at = timezone.now() if settled else None
    note.save(update_fields=["settled_at"])


def _checked(text: str) -> str:
    if not text.strip() or not is_storable(text):
        raise InvalidError("The note is empty, or holds a character that can't be stored.")
    if len(text) > LONGEST:
        raise InvalidError(f"The note has {len(text)} characters; {LONGEST} at most.")
    return text


def leave_remark(*, assignment: Assignment, unit: Unit, uuid: UUID, remark: Remark) -> Thread:
    """Store a remark of the assignment's annotator on a unit of its article, once however often it is sent.

    `assignment` and `unit` come checked from `annotator.queries.coding.own_unit`. On a page that was opened before a
    mending the unit may be one of before: the remark goes to where its notes went.
    """
    require(assignment.member, "annotate")
    is_late = unit.text_version_id != assignment.text_version_id
    there = home_of(unit, assignment.text_version) if is_late else unit
    try:
        with write():
            _store(assignment, there, uuid, remark)
    except IntegrityError:  # sent before: the first time stands
        if not Note.objects.filter(uuid=uuid, member_id=assignment.member_id).exists():
            raise InvalidError("This note's key was used before. Send it again.") from None
    return replace(own_threads(assignment, there.pk).get(there.pk, Thread(there.pk)), unit=unit.pk)


def _store(assignment: Assignment, unit: Unit, uuid: UUID, remark: Remark) -> None:
    own = {"round_id": assignment.round_id, "unit_id": unit.pk, "member_id": assignment.member_id}
    if remark.text:
        Note.objects.create(uuid=uuid, variable=remark.variable, text=remark.text, **own)
        return
    flags = Note.objects.filter(flag=True, settled_at=None, **own)
    if not remark.flag:
        flags.update(settled_at=timezone.now())
    elif not flags.exists():
        Note.objects.create(uuid=uuid, flag=True, **own)
