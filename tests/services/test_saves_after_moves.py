"""A page that was open while its round went on to another codebook: what is chosen there is neither lost nor wrong."""

from dataclasses import replace

import pytest

from annotator.core.errors import InvalidError
from annotator.core.mending import Merge, Split
from annotator.models import Event
from annotator.services.labels import Choice, EventReusedError, StaleError
from annotator.services.late_labels import save_choice
from projects.models import Assignment, Unit
from tests import make, mended, moved

pytestmark = pytest.mark.django_db

NEW = {"stance.values": ["unclear"]}
MERGED = moved.later({"stance": {"values.for": ["against"]}, "attribution": {"sources.mayor": ["army"]}})
SPLIT = moved.later(
    {"stance": {"values.for": ["against", "neutral"]}, "attribution": {"sources.mayor": ["army", "residents"]}}
)


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=1, texts=[mended.TEXT])


@pytest.fixture
def assignment(study: make.Study) -> Assignment:
    """As a view read it before the move."""
    return study.assignment()


@pytest.fixture
def unit(study: make.Study) -> Unit:
    return study.units()[0]


def save(assignment: Assignment, choice: Choice) -> object:
    saved = save_choice(assignment=assignment, choice=choice)
    return saved.value, saved.version


def said(source: str) -> dict[str, object]:
    return {"source": source, "manner": "direct", "stance": "neutral", "spans": []}


def test_a_value_that_was_merged_meanwhile_is_stored_as_what_it_became(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    moved.move(study, MERGED)
    assert save(study.assignment(), make.choice(unit, "stance", "for")) == ("against", 1)
    assert save(study.assignment(), make.choice(unit, "attribution", [said("mayor")])) == ([said("army")], 1)
    assert moved.is_sound()


def test_a_save_under_way_during_the_move_is_stored_under_the_new_version(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    moved.move(study, MERGED)
    assert save(assignment, make.choice(unit, "stance", "for")) == ("against", 1)


def test_a_value_that_was_split_meanwhile_is_refused_with_what_to_choose(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    moved.move(study, SPLIT)
    with pytest.raises(InvalidError, match="“For” was split into “Against” and “Neutral”"):
        save(study.assignment(), make.choice(unit, "stance", "for"))
    assert not Event.objects.exists()


def test_a_choice_that_builds_on_what_only_the_codebook_changed_is_no_conflict(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    make.label(assignment, unit, "stance", "for")
    moved.move(study, MERGED)
    choice = make.choice(unit, "stance", "neutral", base_version=1)
    assert save(study.assignment(), choice) == ("neutral", 3)
    assert save(study.assignment(), choice) == ("neutral", 3)  # a repeat is answered alike
    with pytest.raises(EventReusedError):
        save(study.assignment(), replace(choice, value="against"))
    with pytest.raises(StaleError):
        save(study.assignment(), make.choice(unit, "stance", "against", base_version=1))
    assert moved.is_sound()


def test_a_choice_of_another_window_between_is_still_a_conflict(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    make.label(assignment, unit, "stance", "neutral")
    make.label(assignment, unit, "stance", "for", base_version=1)
    moved.move(study, MERGED)
    with pytest.raises(StaleError) as error:
        save(study.assignment(), make.choice(unit, "stance", "against", base_version=1))
    assert (error.value.value, error.value.version) == ("against", 3)


@pytest.mark.parametrize("document", [MERGED, SPLIT])
def test_a_repeat_of_a_choice_that_was_stored_before_the_move_is_confirmed(
    study: make.Study, assignment: Assignment, unit: Unit, document: moved.Document
) -> None:
    choice = make.choice(unit, "stance", "for")
    first = save(assignment, choice)
    moved.move(study, document)
    assert save(study.assignment(), choice) == first
    assert Event.objects.filter(to_confirm=None).count() == 1


def test_a_retired_value_stays_where_it_stands_and_is_not_chosen_anew(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    make.label(assignment, unit, "side", ["town"])
    moved.move(study, moved.later({"side": {"values.town": None}}))
    assert save(study.assignment(), make.choice(unit, "side", ["town", "army"], base_version=1)) == (
        ["town", "army"],
        2,
    )
    with pytest.raises(InvalidError, match="not offered"):
        save(study.assignment(), make.choice(study.units()[1], "side", ["town", "army"]))


def test_split_sources_are_answered_anew_one_after_the_other(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    two = [said("mayor"), {**said("mayor"), "manner": "indirect"}]
    make.label(assignment, unit, "attribution", two)  # type: ignore[arg-type]
    moved.move(study, SPLIT)
    assert moved.said(study, unit, "attribution") == (two, True)
    with pytest.raises(InvalidError, match="“Mayor” was split into “Army” and “Residents”"):
        save(study.assignment(), make.choice(unit, "attribution", two, base_version=2))  # type: ignore[arg-type]
    for number, version in ((0, 3), (1, 4)):
        two[number] = {**two[number], "source": "army"}
        choice = make.choice(unit, "attribution", two, base_version=version - 1)  # type: ignore[arg-type]
        assert save(study.assignment(), choice) == (two, version)
    assert moved.is_sound()


def test_a_page_from_before_a_mending_and_a_move_is_understood(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    first, last = study.units()[0], study.units()[-1]
    for each in (first, last):
        make.label(assignment, each, "stance", "for")
    mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    moved.move(study, MERGED)
    assert save_choice(assignment=study.assignment(), choice=make.choice(last, "stance", "neutral", 1)).late
    assert mended.said(study, last.index + 1, "stance") == ("neutral", False)
    assert save_choice(assignment=study.assignment(), choice=make.choice(first, "stance", None, 1)).late
    assert mended.said(study, first.index, "stance") is None
    with pytest.raises(StaleError):
        save_choice(assignment=study.assignment(), choice=make.choice(last, "stance", "against", 1))
    assert moved.is_sound()


def test_a_choice_on_units_of_before_a_merge_outlives_the_undo_of_a_move(study: make.Study) -> None:
    third, fourth = mended.unit(study, 3), mended.unit(study, 4)
    for each in (third, fourth):
        make.label(study.assignment(), each, "stance", "for")
    mended.mend(study, Merge(fourth.start))
    moved.move(study, MERGED)
    for each in (third, fourth):
        save_choice(assignment=study.assignment(), choice=make.choice(each, "stance", "neutral", 1))
    moved.undo(study)
    assert mended.said(study, 3, "stance") == ("neutral", False)
    assert moved.is_sound()


@pytest.mark.parametrize("mending", [False, True])
def test_a_repeat_is_confirmed_when_the_move_it_was_stored_under_is_undone(study: make.Study, mending: bool) -> None:
    first, last = study.units()[0], study.units()[-1]
    if mending:
        mended.mend(study, Split(mended.TEXT.index("Engineers") + 10))
    moved.move(study, moved.later({"stance": {"values.for": ["against"]}}, NEW))
    choices = [make.choice(first, "stance", "unclear"), make.choice(last, "stance", "for")]
    stored = [save(study.assignment(), choice) for choice in choices]
    moved.undo(study)
    assert [save(study.assignment(), choice) for choice in choices] == stored
    with pytest.raises(EventReusedError):
        save(study.assignment(), replace(choices[1], value="neutral"))


def test_boundaries_are_mended_under_an_answer_to_a_question_that_is_gone(study: make.Study, unit: Unit) -> None:
    make.label(study.assignment(), unit, "stance", "for")
    make.label(study.assignment(), unit, "stance", None, base_version=1)
    document = moved.later({})
    document["variables"] = [entry for entry in document["variables"] if entry["key"] != "stance"]  # type: ignore
    moved.move(study, document)
    mended.mend(study, Split(unit.start + 6))
    assert moved.is_sound()


def test_a_late_choice_leaves_questions_alone_that_wait_elsewhere(study: make.Study) -> None:
    third, fourth, last = mended.unit(study, 3), mended.unit(study, 4), study.units()[-1]
    for each, value in ((third, "for"), (fourth, "against")):
        make.label(study.assignment(), each, "stance", value)
    mended.mend(study, Merge(fourth.start), Split(last.start + 9))
    moved.move(study, MERGED)
    assert save_choice(assignment=study.assignment(), choice=make.choice(last, "stance", "neutral")).late
    assert mended.said(study, last.index, "stance") == ("neutral", True)
    assert mended.said(study, 3, "stance") == (None, True)
