"""Decisions: a layer of their own, with a history, an undo, and what they rested on."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from annotator.core.codebook import Json
from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.models import Decision, DecisionEvent, Label, Notice
from annotator.queries.adjudication import changed_since, visible_rounds
from annotator.queries.bench import Show, questions, queue
from annotator.queries.cases import case_of, letters_of
from annotator.queries.unit_answers import answers_on
from annotator.services.decisions import Ruling, StaleDecisionError, decide, undo_last
from annotator.services.labels import EventReusedError
from projects.models import Membership, Role, Round
from projects.services.rounds import set_closed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    """Three annotators: on the first sentence two against one, on the second all alike, on the third all apart."""
    cache.clear()
    made = make.study()
    for number, values in enumerate((("for", "for", "neutral"), ("for", "for", "for"), ("against", "for", "against"))):
        for unit, value in zip(made.units()[1:], values, strict=False):
            make.label(made.assignment(number), unit, "stance", value)
    return made


def ruling(study: make.Study, value: Json = "for", *, at: int = 1, base: int = 0, reason: str = "") -> Ruling:
    return Ruling(uuid4(), study.round, study.units()[at], "stance", value, base, reason)


def listed(study: make.Study, show: Show = "open", *, by: Membership | None = None) -> list[int]:
    """The numbers of the sentences in the queue."""
    stance = [variable for variable in questions(study.round) if variable.key == "stance"]
    number = {unit.pk: unit.index for unit in study.units()}
    return [number[item.unit] for item in queue(by or study.lead, study.round, stance, "hardest", show).open]


def test_a_decision_leaves_the_queue_and_no_label_changes(study: make.Study) -> None:
    first, _agreed, third = study.units()[1:4]
    labels = list(Label.objects.order_by("pk").values())
    assert set(listed(study)) == {first.index, third.index}
    made = decide(member=study.lead, ruling=ruling(study, reason="By rule 3."))
    assert (made.value, made.version, made.unit) == ("for", 1, first)
    assert listed(study) == [third.index]
    assert listed(study, "decided") == [first.index]
    event = made.events.get()
    assert (event.act, event.reason, event.member) == ("decide", "By rule 3.", study.lead)
    assert sorted(value for _, value in event.basis["answers"]) == ["against", "for", "for"]
    assert list(Label.objects.order_by("pk").values()) == labels


def test_the_hardest_comes_first_and_a_unit_that_costs_alpha_most(study: make.Study) -> None:
    make.label(study.assignment(0), study.units()[1], "tone", "-1")
    for number, (near, far) in enumerate((("-1", "-1"), ("0", "1"), ("0", "1"))):
        make.label(study.assignment(number), study.units()[1], "tone", near, 1 if number == 0 else 0)
        make.label(study.assignment(number), study.units()[2], "tone", far)
    tone = [variable for variable in questions(study.round) if variable.key == "tone"]
    first, second = queue(study.lead, study.round, tone, "hardest", "open").items
    assert (first.unit, first.split, second.split) == (study.units()[2].pk, (2, 1), (2, 1))


def test_who_cannot_tell_differs_from_who_can(study: make.Study) -> None:
    for number, value in enumerate(("for", {"cannot_tell": True})):
        make.label(study.assignment(number), study.units()[4], "stance", value)
    assert study.units()[4].index in listed(study)


def test_the_same_event_twice_is_one_and_another_content_is_refused(study: make.Study) -> None:
    sent = ruling(study)
    assert decide(member=study.lead, ruling=sent) == decide(member=study.lead, ruling=sent)
    assert DecisionEvent.objects.count() == 1
    with pytest.raises(EventReusedError):
        decide(member=study.lead, ruling=Ruling(sent.event, study.round, sent.unit, "stance", "against", 0))


def test_of_two_adjudicators_the_later_is_told_what_stands(study: make.Study) -> None:
    other = make.member(study.project, Role.ADJUDICATOR)
    decide(member=other, ruling=ruling(study, "against"))
    with pytest.raises(StaleDecisionError) as caught:
        decide(member=study.lead, ruling=ruling(study, "for"))
    assert (caught.value.decision.value, caught.value.decision.version) == ("against", 1)
    assert decide(member=study.lead, ruling=ruling(study, "for", base=1)).version == 2


def test_undo_goes_back_step_by_step_and_only_over_ones_own(study: make.Study) -> None:
    other = make.member(study.project, Role.ADJUDICATOR)
    decide(member=study.lead, ruling=ruling(study, "for"))
    decide(member=study.lead, ruling=ruling(study, "against", at=3))
    decide(member=study.lead, ruling=ruling(study, "neutral", at=3, base=1))
    decide(member=other, ruling=ruling(study, "for", at=2))
    assert undo_last(member=study.lead, round=study.round).value == "against"
    assert undo_last(member=study.lead, round=study.round).value is None
    with pytest.raises(InvalidError):
        undo_last(member=study.lead, round=study.round)
    assert Decision.objects.get(unit=study.units()[2]).value == "for"
    assert [event.act for event in DecisionEvent.objects.order_by("pk")] == ["decide"] * 4 + ["undo"] * 2


def test_an_undo_after_a_discussion_leaves_the_decision_on_the_answers_that_it_rested_on(study: make.Study) -> None:
    decide(member=study.lead, ruling=ruling(study, "for"))
    make.label(study.assignment(), study.units()[1], "stance", "against", 1)
    decide(member=study.lead, ruling=ruling(study, None, base=1, reason="Irony?"))
    decide(member=study.lead, ruling=ruling(study, "neutral", base=2))
    back = undo_last(member=study.lead, round=study.round)
    assert (back.value, back.discussed, changed_since(Decision.objects.all()).get()) == ("for", True, back)
    assert case_of(study.round, study.units()[1], study.book.variable("stance")).changed


def test_a_discussion_keeps_its_remarks_until_it_is_decided(study: make.Study) -> None:
    with pytest.raises(InvalidError):
        decide(member=study.lead, ruling=ruling(study, None))
    told = make.member(study.project, Role.ADJUDICATOR)
    sent = ruling(study, None, reason="Irony?")
    for _ in range(2):
        decide(member=study.lead, ruling=sent)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (told.user, "discussion")
    assert "Irony" not in f"{notice.parts} {notice.link}"
    first = study.units()[1].index
    assert listed(study, "discussed") == [first]
    assert first not in listed(study)
    decide(member=study.lead, ruling=ruling(study, "for", base=1))
    assert listed(study, "discussed") == []
    assert [event.reason for event in DecisionEvent.objects.order_by("pk")] == ["Irony?", ""]


def test_it_survives_later_labels_and_is_shown_as_changed_since(study: make.Study) -> None:
    first = study.units()[1]
    decide(member=study.lead, ruling=ruling(study))
    assert not changed_since(Decision.objects.all()).exists()
    make.label(study.assignment(2), first, "stance", "for", 1)
    stance = study.book.variable("stance")
    assert listed(study, "changed") == [first.index]
    assert case_of(study.round, first, stance).changed
    make.label(study.assignment(2), first, "stance", "against", 2)
    assert not case_of(study.round, first, stance).changed  # changed back: it rests on the same answers
    make.label(study.assignment(2), first, "stance", "for", 3)
    decide(member=study.lead, ruling=ruling(study, base=1))
    assert listed(study, "changed") == []


def test_a_reason_is_asked_for_where_the_round_says_so(study: make.Study) -> None:
    Round.objects.update(reason_required=True)
    study.round.refresh_from_db()
    with pytest.raises(InvalidError):
        decide(member=study.lead, ruling=ruling(study))
    assert decide(member=study.lead, ruling=ruling(study, reason="Because.")).version == 1


def test_who_may_not_see_the_answers_decides_nothing(study: make.Study) -> None:
    with pytest.raises(NotAllowedError):
        decide(member=study.members[0], ruling=ruling(study))
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.ADJUDICATOR)
    own = Membership.objects.get(pk=study.members[0].pk)
    assert not visible_rounds(own).exists()
    with pytest.raises(NotAllowedError):
        decide(member=own, ruling=ruling(study))
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert decide(member=own, ruling=ruling(study)).version == 1
    with pytest.raises(NotFoundError):
        decide(member=make.study().lead, ruling=ruling(study))


def test_letters_change_from_unit_to_unit_and_never_from_reader_to_reader(study: make.Study) -> None:
    answers = answers_on(study.round, study.units()[1], "stance")
    drawn = [letters_of(study.round, unit, answers) for unit in study.units()]
    assert len({tuple(letters[answer.share] for answer in answers) for letters in drawn}) > 1
    assert drawn == [letters_of(study.round, unit, answers) for unit in study.units()]
    voices = case_of(study.round, study.units()[1], study.book.variable("stance")).voices
    assert [voice.letter for voice in voices] == ["A", "B", "C"]


def test_a_value_that_does_not_fit_is_refused_and_events_are_for_ever(study: make.Study) -> None:
    with pytest.raises(InvalidError):
        decide(member=study.lead, ruling=ruling(study, "sideways"))
    decide(member=study.lead, ruling=ruling(study))
    for change in (lambda: DecisionEvent.objects.update(reason="x"), lambda: DecisionEvent.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
