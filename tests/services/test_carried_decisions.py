"""Decisions follow their sentences through mended boundaries, and their values to another codebook, and back."""

from uuid import uuid4

import pytest
from django.core.cache import cache

from annotator.core.errors import InvalidError
from annotator.core.mending import Merge, Split
from annotator.models import Decision, DecisionEvent
from annotator.queries.adjudication import changed_since, last_undoable, standing_decisions
from annotator.queries.decided import bulk_acts
from annotator.queries.layer_rows import decision_rows
from annotator.services.agreed import accept_agreed, undo_agreed
from annotator.services.decisions import decide, undo_last
from projects.models import Role
from tests import make, mended, moved
from tests.services.test_decisions import ruling

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    cache.clear()
    made = make.study(annotators=2, texts=[mended.TEXT])
    for number, value in enumerate(["for", "against"]):
        for unit in made.units()[1:4]:
            make.label(made.assignment(number), unit, "stance", value)
    for at in (1, 2, 3):
        decide(member=made.lead, ruling=ruling(made, "for", at=at, reason=f"Reason {at}."))
    return made


def standing() -> list[tuple[int, object, bool]]:
    """Number of the unit, value, whether it waits to be confirmed."""
    found = standing_decisions(Decision.objects.all()).order_by("unit__index")
    return list(found.values_list("unit__index", "value", "to_confirm"))


def test_it_stands_on_the_same_unit_and_waits_on_others(study: make.Study) -> None:
    first = study.units()[1]
    before = standing()
    mended.mend(study, Split(first.start + 4))
    number = first.index
    expected = [
        (number, "for", True),
        (number + 1, "for", True),
        (number + 2, "for", False),
        (number + 3, "for", False),
    ]
    assert standing() == expected
    # What waits is listed to look at again; what stands rests on the same answers as before.
    stale = changed_since(standing_decisions(Decision.objects.all()))
    assert {decision.unit.index for decision in stale.select_related("unit")} == {number, number + 1}
    assert DecisionEvent.objects.order_by("-pk")[0].reason == "Reason 3."
    mended.undo(study)
    assert standing() == before
    assert not changed_since(standing_decisions(Decision.objects.all())).exists()


def test_what_was_decided_unlike_on_merged_units_is_asked_again(study: make.Study) -> None:
    decide(member=study.lead, ruling=ruling(study, "against", at=2, base=1))
    number, second = study.units()[1].index, study.units()[2]
    mended.mend(study, Merge(second.start))
    assert standing()[0] == (number, None, True)


def test_a_merged_value_is_replaced_a_split_one_asked_and_both_come_back(study: make.Study) -> None:
    before = standing()
    moved.move(study, moved.later({"stance": {"values.for": ["neutral"]}}))
    assert {value for _, value, _ in standing()} == {"neutral"}
    assert not changed_since(Decision.objects.all()).exists()
    moved.undo(study)
    assert standing() == before
    assert not changed_since(Decision.objects.all()).exists()
    moved.move(study, moved.later({"stance": {"values.for": ["neutral", "against"]}}))
    assert {(value, waits) for _, value, waits in standing()} == {(None, True)}


def test_it_stays_whose_it_is_though_a_lead_moved_the_round_before_its_boundaries_were_mended() -> None:
    study = make.study(annotators=1, texts=[mended.TEXT])
    adjudicator = make.member(study.project, Role.ADJUDICATOR)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    decide(member=adjudicator, ruling=ruling(study, "for", at=0, reason="By rule 3."))
    moved.move(study, moved.later({"stance": {"values.for": ["against"]}}))
    mended.mend(study, Split(study.units()[-1].start + 4))
    (row,) = decision_rows([study.round])
    assert (row.value, row.adjudicator, row.reason) == ("against", adjudicator.pseudonym, "By rule 3.")


def test_a_value_that_only_the_version_has_from_which_the_round_was_taken_back_is_asked_again(
    study: make.Study,
) -> None:
    moved.move(study, moved.later({}, {"stance.values": ["mixed"]}))
    study.round.refresh_from_db()
    decide(member=study.lead, ruling=ruling(study, "mixed", at=1, base=1, reason="Both."))
    decide(member=study.lead, ruling=ruling(study, "neutral", at=2, base=1))
    moved.undo(study)
    assert [(value, waits) for _, value, waits in standing()] == [("mixed", True), ("neutral", False), ("for", False)]
    first = next(decision_rows([study.round]))
    assert (first.reason, first.to_confirm) == ("Both.", True)


def test_what_is_history_by_a_mending_is_not_undone(study: make.Study) -> None:
    make.label(study.assignment(1), study.units()[4], "stance", "for")
    make.label(study.assignment(), study.units()[4], "stance", "for")
    batch = uuid4()
    assert accept_agreed(member=study.lead, round=study.round, variable="stance", batch=batch) == 1
    mended.mend(study, Split(study.units()[0].start + 4))
    before = standing()
    assert (last_undoable(study.lead, study.round), bulk_acts(study.round)) == (None, [])
    with pytest.raises(InvalidError):
        undo_last(member=study.lead, round=study.round)
    with pytest.raises(InvalidError):
        undo_agreed(member=study.lead, round=study.round, batch=batch)
    mended.undo(study)
    assert [value for _, value, _ in standing()] == [value for _, value, _ in before] == ["for"] * 4
