"""Notes and flags: stored once, seen by their annotator and nobody beside him."""

from uuid import uuid4

import pytest

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.mending import Split
from annotator.models import Note
from annotator.queries.notes import Asked, asked_of, own_threads, visible_notes
from annotator.services.notes import (
    Remark,
    answer_as_rule,
    answer_note,
    ask_decision,
    leave_remark,
    remark_of,
    reply_to_answer,
    settle_note,
    write_to_annotators,
)
from projects.models import Assignment
from projects.queries.codebooks import newest_draft
from projects.services.codebook_drafts import discard_draft
from projects.services.rounds import set_closed
from tests import make, mended

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


def leave(study: make.Study, remark: Remark, member: int = 0, uuid=None):  # type: ignore[no-untyped-def]
    return leave_remark(assignment=study.assignment(member), unit=study.units()[0], uuid=uuid or uuid4(), remark=remark)


def test_a_note_is_stored_once_however_often_it_is_sent(study: make.Study) -> None:
    uuid = uuid4()
    for _ in range(2):
        thread = leave(study, Remark(text="Who is “they”?", variable="attribution"), uuid=uuid)
        assert [note.text for note in thread.notes] == ["Who is “they”?"]
    assert Note.objects.count() == 1


def test_a_flag_is_set_and_lifted_and_both_stay_in_the_table(study: make.Study) -> None:
    assert leave(study, Remark(flag=True)).flagged
    assert not leave(study, Remark(flag=False)).flagged
    assert leave(study, Remark(flag=True)).flagged
    assert Note.objects.filter(flag=True).count() == 2


def test_an_annotator_sees_his_own_notes_and_the_answers_to_them_only(study: make.Study) -> None:
    leave(study, Remark(text="mine"))
    leave(study, Remark(text="of another"), member=1)
    mine = Note.objects.get(text="mine")
    Note.objects.create(round=mine.round, unit=mine.unit, parent=mine, member=study.lead, text="The mayor.")
    [thread] = own_threads(study.assignment(0)).values()
    assert [note.text for note in thread.notes] == ["mine", "The mayor."]


def test_a_lead_reads_answers_and_settles_them(study: make.Study) -> None:
    leave(study, Remark(text="mine"))
    note = visible_notes(study.lead, of_all=True).get()
    answer_note(member=study.lead, note_id=note.pk, text="The mayor.")
    assert [reply.text for reply in visible_notes(study.members[0], of_all=False).get().answers.all()] == ["The mayor."]
    assert visible_notes(study.lead, of_all=True).get().settled_at is not None
    settle_note(member=study.lead, note_id=note.pk, settled=False)
    assert visible_notes(study.lead, of_all=True).get().settled_at is None
    with pytest.raises(InvalidError):
        answer_note(member=study.lead, note_id=note.pk, text="  ")


def test_nobody_answers_or_reads_what_he_may_not(study: make.Study) -> None:
    leave(study, Remark(text="of another"), member=1)
    note = Note.objects.get()
    assert not visible_notes(study.members[0], of_all=False).exists()
    with pytest.raises(NotAllowedError):
        answer_note(member=study.members[0], note_id=note.pk, text="I know")
    with pytest.raises(NotFoundError):
        answer_note(member=make.project(), note_id=note.pk, text="I know")


def test_a_lead_who_annotates_in_an_open_blind_round_reads_no_notes_of_it(study: make.Study) -> None:
    share = study.assignment(0)
    Assignment.objects.create(round=study.round, text_version=share.text_version, member=study.lead, units_total=1)
    leave(study, Remark(text="of another"), member=1)
    assert not visible_notes(study.lead, of_all=True).exists()
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert visible_notes(study.lead, of_all=True).exists()


def test_the_key_of_somebody_elses_note_is_no_key_to_it(study: make.Study) -> None:
    uuid = uuid4()
    leave(study, Remark(text="of another"), member=1, uuid=uuid)
    with pytest.raises(InvalidError):
        leave(study, Remark(text="mine"), uuid=uuid)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"flag": 1},
        {"flag": True, "text": "x"},
        {"text": "  "},
        {"text": 3},
        {"text": "a\0"},
        {"text": "x" * 4001},
    ],
)
def test_what_is_no_remark_is_refused(value: object) -> None:
    with pytest.raises(InvalidError):
        remark_of(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("half", ["\0", "\ud800"])
def test_what_no_database_stores_is_refused(half: str) -> None:
    for fields in ({"text": half}, {"text": "Who?", "variable": half}):
        with pytest.raises(InvalidError):
            remark_of(fields)  # type: ignore[arg-type]


def test_a_remark_on_a_unit_of_before_a_mending_stands_where_its_notes_went(study: make.Study) -> None:
    unit = study.units()[1]
    page = {"unit": unit, "uuid": uuid4()}
    leave_remark(assignment=study.assignment(), remark=Remark(flag=True), **page)  # type: ignore[arg-type]
    mended.mend(study, Split(unit.start + 4))
    said = leave_remark(assignment=study.assignment(), unit=unit, uuid=uuid4(), remark=Remark(text="Who?"))
    assert (said.unit, said.flagged) == (unit.pk, True)
    lifted = leave_remark(assignment=study.assignment(), unit=unit, uuid=uuid4(), remark=Remark(flag=False))
    assert not lifted.flagged
    [thread] = own_threads(study.assignment()).values()
    assert [note.text for note in thread.notes] == ["Who?"]


def test_a_thread_goes_to_and_fro_and_is_open_as_long_as_the_lead_is_asked(study: make.Study) -> None:
    leave(study, Remark(text="Who is “they”?"))
    note, author = Note.objects.get(), study.members[0]
    answer_note(member=study.lead, note_id=note.pk, text="The mayor.")
    reply_to_answer(member=author, note_id=note.pk, text="And in the next sentence?")
    assert asked_of(study.lead) == Asked(notes=1, to_decide=0)
    ask_decision(member=author, note_id=note.pk, wanted=True)
    assert asked_of(study.lead) == Asked(notes=1, to_decide=1)
    [thread] = own_threads(study.assignment(0)).values()
    assert [said.text for said in thread.notes] == ["Who is “they”?", "The mayor.", "And in the next sentence?"]
    for act in (reply_to_answer, ask_decision):
        more = {"text": "Me too"} if act is reply_to_answer else {"wanted": True}
        with pytest.raises(NotFoundError):
            act(member=study.members[1], note_id=note.pk, **more)  # type: ignore[arg-type]


def test_nobody_answers_what_all_annotators_read(study: make.Study) -> None:
    place = {"round": study.round, "unit": study.units()[0], "variable": ""}
    note = write_to_annotators(member=study.lead, text="Mind the dateline.", **place)
    with pytest.raises(NotFoundError):
        reply_to_answer(member=study.members[0], note_id=note.pk, text="Mine is different")


def test_an_answer_becomes_an_edge_rule_of_the_draft_and_the_note_says_where(study: make.Study) -> None:
    leave(study, Remark(text="Is a name an attribution?", variable="attribution"))
    note = Note.objects.get()
    rule = "A name that people use is no attribution."
    where = {"member": study.lead, "note_id": note.pk, "key": "attribution.source", "value": "army"}
    answer_as_rule(text=rule, **where)  # type: ignore[arg-type]
    with pytest.raises(InvalidError, match="already"):
        answer_as_rule(text=rule, **where)  # type: ignore[arg-type]
    draft = newest_draft(study.project.pk)
    assert draft is not None
    army = draft.document["variables"][0]["sources"][2]  # type: ignore[index]
    assert army["edge_rule"] == rule  # type: ignore[index]
    note.refresh_from_db()
    assert (note.rule_version, note.rule_key, note.rule_value) == (draft, "attribution.source", "army")
    assert note.answers.count() == 1
    with pytest.raises(InvalidError):
        answer_as_rule(member=study.lead, note_id=note.pk, text="Other.", key="no_such", value="")
    assert note.answers.count() == 1
    discard_draft(member=study.lead, number=draft.number)
    note.refresh_from_db()
    assert note.rule_version is None
