"""Rounds that go on to a later version of the codebook: labels follow, no event is touched, and it can be undone."""

import pytest
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError
from annotator.core.mending import Split
from annotator.models import CodebookMove, Event, Job, Label
from annotator.services.codebook_moves import move_round, undo_move
from projects.models import AuditEntry, Unit
from projects.services.freezing import freeze_round
from projects.services.rounds import set_closed
from tests import make, mended, moved

pytestmark = pytest.mark.django_db

MERGED = {"stance": {"values.for": ["against"]}}
SPLIT = {"stance": {"values.for": ["against", "neutral"]}}


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


@pytest.fixture
def unit(study: make.Study) -> Unit:
    return study.units()[0]


def choose(study: make.Study, unit: Unit, variable: str, value: object, base: int = 0, member: int = 0) -> None:
    make.label(study.assignment(member), unit, variable, value, base)


def test_a_merged_value_is_replaced_by_an_event_that_nobody_chose(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "stance", "for")
    before = moved.events()
    move = moved.move(study, moved.later(MERGED))
    assert moved.said(study, unit, "stance") == ("against", False)
    assert moved.events()[: len(before)] == before
    added = Event.objects.last()
    assert added is not None
    assert (added.value, added.sequence, added.to_confirm, added.move_id) == ("against", 2, False, move.pk)
    assert (move.changed, move.asked) == (1, 0)
    assert study.assignment().round.codebook_version.number == 2
    assert moved.is_sound()


def test_a_split_value_is_asked_again_and_its_unit_is_open(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "attribution", [])
    choose(study, unit, "stance", "for")
    assert study.assignment().units_done == 1
    move = moved.move(study, moved.later(SPLIT))
    assert moved.said(study, unit, "stance") == (None, True)
    assert (move.changed, move.asked) == (1, 1)
    assert study.assignment().units_done == 0
    choose(study, unit, "stance", "neutral", base=2)
    assert study.assignment().units_done == 1
    assert moved.is_sound()


def test_a_retired_value_and_what_nothing_became_of_stay_without_an_event(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "stance", "for")
    choose(study, unit, "remark", "Hm.")
    before = moved.events()
    moved.move(study, moved.later({"stance": {"values.for": None}}))
    assert moved.said(study, unit, "stance") == ("for", False)
    assert moved.events() == before


def test_an_undo_gives_the_labels_back_by_further_events(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "stance", "for")
    moved.move(study, moved.later(SPLIT))
    before = moved.events()
    moved.undo(study)
    assert moved.said(study, unit, "stance") == ("for", False)
    assert moved.events()[: len(before)] == before
    assert study.assignment().round.codebook_version.number == 1
    assert moved.is_sound()


def test_an_undo_keeps_what_was_chosen_since_if_the_earlier_version_has_it(study: make.Study, unit: Unit) -> None:
    second, third = study.units()[1:3]
    choose(study, unit, "stance", "for")
    choose(study, second, "stance", "for")
    moved.move(study, moved.later(MERGED, {"stance.values": ["torn"]}))
    choose(study, unit, "stance", "neutral", base=2)
    choose(study, second, "stance", "torn", base=2)
    choose(study, third, "stance", "torn")
    moved.undo(study)
    assert moved.said(study, unit, "stance") == ("neutral", False)
    assert moved.said(study, second, "stance") == ("for", True)
    assert moved.said(study, third, "stance") == (None, True)
    assert moved.is_sound()


def test_an_answer_to_a_question_that_the_earlier_version_lacks_waits_for_the_next_move(
    study: make.Study, unit: Unit
) -> None:
    more = moved.later(MERGED)
    more["variables"].append({"key": "mood", "label": "Mood", "type": "text"})  # type: ignore[union-attr]
    moved.move(study, more)
    choose(study, unit, "mood", "calm")
    moved.undo(study)
    assert moved.said(study, unit, "mood") == ("calm", False)
    mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    assert moved.is_sound()


def test_a_move_can_be_done_again_after_an_undo_and_undone_step_by_step(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "stance", "for")
    moved.move(study, moved.later(MERGED))
    moved.undo(study)
    moved.move(study, moved.later(MERGED))
    moved.move(study, moved.later({"stance": {"values.for": ["against"], "values.against": ["neutral"]}}))
    assert moved.said(study, unit, "stance") == ("neutral", False)
    for value in ("against", "for"):
        newest = CodebookMove.objects.filter(undone_at=None).first()
        assert newest is not None
        undo_move(member=study.lead, move=newest)
        assert moved.said(study, unit, "stance") == (value, False)
    assert moved.is_sound()


def test_only_the_last_move_can_be_undone(study: make.Study) -> None:
    first = moved.move(study, moved.later(MERGED))
    moved.move(study, moved.later(MERGED))
    with pytest.raises(ConflictError, match="meanwhile"):
        undo_move(member=study.lead, move=first)


def test_labels_on_units_of_before_a_mending_follow_and_come_back(study: make.Study, unit: Unit) -> None:
    """Mended, moved, the mending undone, the move undone: each gives back what stood before it."""
    last = study.units()[-1]
    choose(study, last, "stance", "for")
    mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    moved.move(study, moved.later(MERGED))
    assert mended.said(study, last.index + 1, "stance") == ("against", False)
    mended.undo(study)
    assert mended.said(study, last.index, "stance") == ("against", False)
    moved.undo(study)
    assert mended.said(study, last.index, "stance") == ("for", False)
    assert moved.is_sound()


def test_an_undo_reaches_labels_that_a_mending_carried_on_since(study: make.Study, unit: Unit) -> None:
    last = study.units()[-1]
    choose(study, last, "stance", "for")
    moved.move(study, moved.later(MERGED))
    mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    moved.undo(study)
    assert mended.said(study, last.index + 1, "stance") == ("for", False)
    assert moved.is_sound()


def test_an_interrupted_move_goes_on_and_an_interrupted_undo_too(
    study: make.Study, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in (0, 1):
        choose(study, unit, "stance", "for", member=member)
    version = moved.publish(study, moved.later(MERGED))
    with monkeypatch.context() as patch:
        patch.setattr("annotator.services.codebook_moves.labels._count", _die)
        with pytest.raises(KeyboardInterrupt):
            move_round(member=study.lead, round=study.round, version=version)
    assert moved.said(study, unit, "stance") == ("for", False)
    study.round.refresh_from_db()
    move = move_round(member=study.lead, round=study.round, version=version)
    assert [moved.said(study, unit, "stance", member) for member in (0, 1)] == [("against", False)] * 2
    assert (CodebookMove.objects.count(), move.changed) == (1, 2)
    with monkeypatch.context() as patch:
        patch.setattr("annotator.services.codebook_moves.labels._count", _die)
        with pytest.raises(KeyboardInterrupt):
            undo_move(member=study.lead, move=move)
    with pytest.raises(InvalidError, match="still being moved"):
        move_round(member=study.lead, round=move.round, version=version)
    undo_move(member=study.lead, move=move)
    assert [moved.said(study, unit, "stance", member) for member in (0, 1)] == [("for", False)] * 2
    assert moved.is_sound()


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda v: v.pop(1), "“Stance” is gone"),
        (lambda v: v[1].update(type="multi"), "another kind"),
        (lambda v: v[1]["values"].pop(2), "The value “for” of “Stance” is gone"),
    ],
)
def test_a_version_that_left_out_what_labels_name_is_refused(
    study: make.Study, unit: Unit, change: object, told: str
) -> None:
    choose(study, unit, "stance", "for")
    document = moved.later({})
    change(document["variables"])  # type: ignore[operator]
    with pytest.raises(InvalidError) as error:
        moved.move(study, document)
    assert told in error.value.problems[0]
    assert study.assignment().round.codebook_version.number == 1


def test_only_a_later_published_version_of_the_project_is_taken(study: make.Study) -> None:
    elsewhere = make.study(annotators=1)
    for version in (study.round.codebook_version, moved.publish(elsewhere, moved.later({}))):
        with pytest.raises(InvalidError, match="Choose a later published version"):
            move_round(member=study.lead, round=study.round, version=version)


def test_a_closed_round_can_be_moved_too(study: make.Study, unit: Unit) -> None:
    choose(study, unit, "stance", "for")
    set_closed(lead=study.lead, round=study.round, closed=True)
    moved.move(study, moved.later(MERGED))
    assert moved.said(study, unit, "stance") == ("against", False)


def test_an_annotator_moves_nothing(study: make.Study) -> None:
    move = moved.move(study, moved.later(MERGED))
    with pytest.raises(NotAllowedError):
        move_round(member=study.members[0], round=study.round, version=move.to_version)
    with pytest.raises(NotAllowedError):
        undo_move(member=study.members[0], move=move)


def test_moves_are_in_the_log_of_the_project(study: make.Study) -> None:
    moved.move(study, moved.later(MERGED))
    moved.undo(study)
    acts = AuditEntry.objects.filter(act__contains="move").order_by("pk")
    told = {"round": "Round 1", "from": 1, "to": 2}, {"round": "Round 1", "from": 2, "to": 1}
    assert [entry.detail for entry in acts] == [*told]
    assert not Label.objects.exists()


def test_a_round_is_not_frozen_half_way(study: make.Study) -> None:
    move = moved.move(study, moved.later({"stance": {"values.for": ["against"]}}))
    set_closed(lead=study.lead, round=study.round, closed=True)
    CodebookMove.objects.update(finished_at=None)
    with pytest.raises(InvalidError, match="another codebook"):
        freeze_round(lead=study.lead, round=study.round)
    CodebookMove.objects.filter(pk=move.pk).update(finished_at=timezone.now())
    job = Job.objects.create(project=study.project, member=study.lead, kind="restore labels", heartbeat=timezone.now())
    with pytest.raises(InvalidError, match="put back"):
        freeze_round(lead=study.lead, round=study.round)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    freeze_round(lead=study.lead, round=study.round)
