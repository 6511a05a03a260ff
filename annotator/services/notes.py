"""Notes to the lead, and the flag by which an annotator says that he is unsure of a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError, NotFoundError
from annotator.core.text import is_storable
from annotator.models import Note, Notice
from annotator.queries.boundaries import home_of
from annotator.queries.notes import Thread, own_threads, visible_notes
from annotator.services.notices import about, leads_told_of, notify
from annotator.services.report_drafts import note_edge_rule
from projects.models import Assignment, Membership, Round, Unit
from projects.permissions import can, require
from projects.queries.masking import hidden_from
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
        _say(note, member, text)
        _settle(note, settled=True)
    _tell_answer(note, member)
    return note


def answer_as_rule(*, member: Membership, note_id: int, text: str, key: str, value: str = "") -> Note:
    """Answer a note, and write the answer among the edge rules of the codebook's draft; the note then says where.

    `key` names the question or a part of it ("x.source"). Where the draft doesn't take the rule, nothing is answered.
    """
    require(member, "answer notes")
    require(member, "import codebook")
    text = _checked(text)
    _readable(member, note_id)
    draft = note_edge_rule(member=member, key=key, value=value, rule=text)
    with write():
        note = _readable(member, note_id)
        _say(note, member, text)
        note.rule_version, note.rule_key, note.rule_value = draft, key, value
        note.needs_decision = False
        note.save(update_fields=["rule_version", "rule_key", "rule_value", "needs_decision"])
        _settle(note, settled=True)
    _tell_answer(note, member)
    return note


def reply_to_answer(*, member: Membership, note_id: int, text: str) -> Note:
    """Say more in a thread of one's own, which is open again with it."""
    require(member, "view notes")
    text = _checked(text)
    with write():
        note = _own(member, note_id)
        _say(note, member, text)
        _settle(note, settled=False)
    notify("new note", to=leads_told_of(note.round, besides=member), note=note, **about(note))
    return note


def ask_decision(*, member: Membership, note_id: int, wanted: bool) -> Note:
    """Say that a thread needs a rule, or needs none any more: its annotator, and who answers notes."""
    require(member, "view notes")
    with write():
        note = _readable(member, note_id) if can(member, "answer notes") else _own(member, note_id)
        note.needs_decision = wanted
        note.save(update_fields=["needs_decision"])
    return note


def mark_read(member: Membership, notes: Iterable[Note]) -> None:
    """What stands on a page that the member was served is no news to him any more."""
    unread = Notice.objects.filter(user=member.user_id, note__in=[note.pk for note in notes], read_at=None)
    if unread.exists():
        with write():
            unread.update(read_at=timezone.now())


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


def _own(member: Membership, note_id: int) -> Note:
    """One that the member wrote himself, but nothing that is written to all annotators: all would read the answer."""
    note = Note.objects.select_related("round").filter(pk=note_id, member=member, parent=None, flag=False).first()
    if note is None or note.round.deleted_at is not None or note.to_annotators:
        raise NotFoundError("There is no such note.")
    return note


def _say(note: Note, member: Membership, text: str) -> None:
    place = {"round_id": note.round_id, "unit_id": note.unit_id, "variable": note.variable}
    Note.objects.create(parent=note, member=member, text=text, **place)


def _tell_answer(note: Note, by: Membership) -> None:
    if note.member.user_id is not None and note.member_id != by.pk:
        notify("answer", to=[note.member.user_id], note=note, **about(note))


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
    if {unit.kind, there.kind} & hidden_from(assignment):
        raise NotFoundError("This sentence is not part of the assigned article.")
    try:
        with write():
            _store(assignment, there, uuid, remark)
    except IntegrityError:  # sent before: the first time stands
        if not Note.objects.filter(uuid=uuid, member_id=assignment.member_id).exists():
            raise InvalidError("This note's key was used before. Send it again.") from None
    if remark.text:
        _tell_leads(uuid, assignment.member)
    return replace(own_threads(assignment, there.pk).get(there.pk, Thread(there.pk)), unit=unit.pk)


def _tell_leads(uuid: UUID, member: Membership) -> None:
    note = Note.objects.select_related("round").get(uuid=uuid)
    if not note.notices.exists():
        notify("new note", to=leads_told_of(note.round, besides=member), note=note, **about(note))


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
