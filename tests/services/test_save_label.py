"""Saving one label: docs/decisions/001-save-path.md is the promise, this its proof."""

import json
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.models import Event, Label
from annotator.services.labels import EventReusedError, Saved, StaleError, save_label
from projects.models import Assignment, Role, Unit
from projects.queries import access
from projects.services.rounds import set_closed
from tests import make

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 9
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
NARRATOR: list[object] = []


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


@pytest.fixture
def assignment(study: make.Study) -> Assignment:
    return study.assignment()


@pytest.fixture
def unit(study: make.Study) -> Unit:
    return study.units()[1]


def stored(assignment: Assignment, unit: Unit, variable: str) -> tuple[object, int]:
    label = Label.objects.get(assignment=assignment, unit=unit, variable=variable)
    return label.value, label.version


def test_a_first_choice_is_stored_as_event_and_label(assignment: Assignment, unit: Unit) -> None:
    choice = make.choice(unit, "stance", "for")
    saved = save_label(assignment=assignment, choice=choice)
    assert (saved.value, saved.version, saved.replayed) == ("for", 1, False)
    event = Event.objects.get(uuid=choice.event)
    assert (event.value, event.base_version, event.sequence) == ("for", 0, 1)
    label = Label.objects.get(assignment=assignment, unit=unit, variable="stance")
    assert (label.value, label.version, label.last_event_id, label.round_id) == (
        "for",
        1,
        event.pk,
        assignment.round_id,
    )


def test_a_change_appends_an_event_and_replaces_the_label(assignment: Assignment, unit: Unit) -> None:
    make.label(assignment, unit, "stance", "for")
    saved = make.label(assignment, unit, "stance", "against", base_version=1)
    assert saved.version == 2
    assert stored(assignment, unit, "stance") == ("against", 2)
    assert list(Event.objects.values_list("value", "sequence")) == [("for", 1), ("against", 2)]


def test_an_answer_taken_back_leaves_an_empty_label_with_a_version(assignment: Assignment, unit: Unit) -> None:
    make.label(assignment, unit, "stance", "for")
    make.label(assignment, unit, "stance", None, base_version=1)
    assert stored(assignment, unit, "stance") == (None, 2)
    assert Event.objects.get(sequence=2).value is None


def test_none_applies_is_an_answer_and_not_an_empty_label(assignment: Assignment, unit: Unit) -> None:
    make.label(assignment, unit, "side", [])
    assert stored(assignment, unit, "side") == ([], 1)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("attribution", [{"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}]),
        ("stance", "neutral"),
        ("side", ["town", "army"]),
        ("tone", "-1"),
        ("weight", 12.5),
        ("remark", "Who says so?"),
        ("framing", []),
    ],
)
def test_each_kind_of_answer_comes_back_as_it_was_given(
    assignment: Assignment, unit: Unit, variable: str, value: object
) -> None:
    make.label(assignment, unit, variable, value)
    assert stored(assignment, unit, variable) == (value, 1)


def test_a_span_is_kept_with_its_quote_and_refused_where_the_quote_differs(assignment: Assignment, unit: Unit) -> None:
    text = assignment.text_version.text
    start = text.index("regime")
    span = {"start": start, "end": start + 6, "quote": "regime", "value": "naming_state"}
    make.label(assignment, unit, "framing", [span])
    assert stored(assignment, unit, "framing") == ([span], 1)
    with pytest.raises(InvalidError, match="regime"):
        make.label(assignment, unit, "framing", [span | {"quote": "régime"}], base_version=1)


def test_a_repeat_with_the_same_uuid_answers_the_same_and_stores_nothing(assignment: Assignment, unit: Unit) -> None:
    choice = make.choice(unit, "stance", "for")
    first = save_label(assignment=assignment, choice=choice)
    again = save_label(assignment=assignment, choice=choice)
    assert again == replace(first, replayed=True)
    assert Event.objects.count() == 1


def test_a_late_repeat_of_an_older_choice_does_not_undo_the_newer_one(assignment: Assignment, unit: Unit) -> None:
    choice = make.choice(unit, "stance", "for")
    save_label(assignment=assignment, choice=choice)
    make.label(assignment, unit, "stance", "against", base_version=1)
    again = save_label(assignment=assignment, choice=choice)
    assert (again.value, again.version, again.replayed) == ("for", 1, True)
    assert stored(assignment, unit, "stance") == ("against", 2)


@pytest.mark.parametrize("other", [{"value": "against"}, {"variable": "remark"}, {"base_version": 1}])
def test_a_uuid_used_for_other_content_is_refused(assignment: Assignment, unit: Unit, other: dict[str, object]) -> None:
    choice = make.choice(unit, "stance", "for")
    save_label(assignment=assignment, choice=choice)
    with pytest.raises(EventReusedError):
        save_label(assignment=assignment, choice=replace(choice, **other))
    assert stored(assignment, unit, "stance") == ("for", 1)


def test_a_uuid_of_another_annotators_choice_is_refused(study: make.Study, unit: Unit) -> None:
    choice = make.choice(unit, "stance", "for")
    save_label(assignment=study.assignment(0), choice=choice)
    with pytest.raises(EventReusedError):
        save_label(assignment=study.assignment(1), choice=choice)
    assert not Label.objects.filter(assignment=study.assignment(1)).exists()


@pytest.mark.parametrize("base", [0, 2])
def test_a_stale_version_is_refused_and_the_stored_value_told(assignment: Assignment, unit: Unit, base: int) -> None:
    make.label(assignment, unit, "stance", "for")
    with pytest.raises(StaleError) as refusal:
        make.label(assignment, unit, "stance", "against", base_version=base)
    assert (refusal.value.value, refusal.value.version) == ("for", 1)
    assert stored(assignment, unit, "stance") == ("for", 1)


def test_a_version_that_was_never_given_is_refused_on_an_empty_label(assignment: Assignment, unit: Unit) -> None:
    with pytest.raises(StaleError) as refusal:
        make.label(assignment, unit, "stance", "for", base_version=3)
    assert (refusal.value.value, refusal.value.version) == (None, 0)
    assert not Event.objects.exists()


def test_a_closed_round_takes_nothing_new_but_confirms_what_it_took(study: make.Study, unit: Unit) -> None:
    choice = make.choice(unit, "stance", "for")
    save_label(assignment=study.assignment(), choice=choice)
    set_closed(lead=study.lead, round=study.round, closed=True)
    closed = study.assignment()
    assert save_label(assignment=closed, choice=choice).replayed
    with pytest.raises(NotAllowedError, match="closed"):
        make.label(closed, unit, "stance", "against", base_version=1)


def test_a_unit_of_another_article_is_not_found(assignment: Assignment) -> None:
    elsewhere = make.study(annotators=1).units()[0]
    with pytest.raises(NotFoundError):
        make.label(assignment, elsewhere, "stance", "for")


def test_a_unit_that_is_not_offered_is_refused(assignment: Assignment, unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(codable=False)
    with pytest.raises(InvalidError, match="not offered"):
        make.label(assignment, unit, "stance", "for")


def test_a_question_about_the_article_is_answered_on_the_article_only(
    study: make.Study, assignment: Assignment, unit: Unit
) -> None:
    make.label(assignment, study.whole(), "frame", "recovery")
    with pytest.raises(InvalidError, match="whole article"):
        make.label(assignment, unit, "frame", "recovery")
    with pytest.raises(InvalidError, match="sentences"):
        make.label(assignment, study.whole(), "stance", "for")


@pytest.mark.parametrize(("variable", "value"), [("stance", "perhaps"), ("nothing", "for"), ("weight", 101)])
def test_an_answer_that_does_not_fit_its_variable_is_refused(
    assignment: Assignment, unit: Unit, variable: str, value: object
) -> None:
    with pytest.raises(InvalidError):
        make.label(assignment, unit, variable, value)
    assert not Event.objects.exists()


def test_a_viewer_may_not_label(study: make.Study, unit: Unit) -> None:
    member = study.members[0]
    member.role = Role.VIEWER
    member.save()
    with pytest.raises(NotAllowedError):
        make.label(study.assignment(), unit, "stance", "for")


def test_an_assignment_of_somebody_else_is_not_found(study: make.Study) -> None:
    stranger = make.user()
    with pytest.raises(NotFoundError):
        access.own_assignment(stranger.pk, study.assignment().pk)


def test_progress_counts_units_whose_required_questions_are_answered(study: make.Study) -> None:
    assignment, units = study.assignment(), study.units()
    assert (assignment.units_done, assignment.units_total, assignment.state) == (0, len(units), "waiting")
    make.label(assignment, units[0], "stance", "for")
    assert progress(assignment) == (0, "started")
    make.label(assignment, units[0], "attribution", NARRATOR)
    assert progress(assignment) == (1, "started")
    make.label(assignment, units[0], "attribution", None, base_version=1)
    assert progress(assignment) == (0, "started")


def test_an_attribution_without_its_stance_is_stored_but_not_done(assignment: Assignment, unit: Unit) -> None:
    open_stance = [{"source": "mayor", "manner": "direct", "stance": None, "spans": []}]
    saved = make.label(assignment, unit, "attribution", open_stance)
    assert saved.units_done == 0
    whole = [open_stance[0] | {"stance": "neutral"}]
    assert make.label(assignment, unit, "attribution", whole, base_version=1).units_done == 1


def test_the_last_unit_makes_the_assignment_done_and_an_undo_opens_it_again(study: make.Study) -> None:
    assignment = study.assignment()
    for unit in study.units():
        saved = make.label(assignment, unit, "attribution", NARRATOR)
    assert saved.units_done == saved.units_total
    assert progress(assignment) == (saved.units_total, "done")
    make.label(assignment, unit, "attribution", None, base_version=1)
    assert progress(assignment) == (saved.units_total - 1, "started")


@pytest.mark.parametrize("base", [0, 1])
def test_a_save_from_the_browser_is_one_request_of_few_statements(
    study: make.Study, unit: Unit, client: Client, base: int
) -> None:
    """All of the request counts, session and user included, in the costliest case: the counters change too."""
    assignment = study.assignment()
    if base:
        make.label(assignment, unit, "attribution", NARRATOR)
    choice = make.choice(unit, "attribution", None if base else NARRATOR, base)
    form = {"event": str(choice.event), "unit": unit.pk, "variable": "attribution", "base_version": base}
    assert assignment.member.user is not None
    client.force_login(assignment.member.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(
            reverse("save_label", args=[study.slug, assignment.pk]), form | {"value": json.dumps(choice.value)}
        )
    statements = [q["sql"] for q in queries if not q["sql"].startswith(NOT_COUNTED)]
    assert answer.status_code == 200
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
    assert stored(assignment, unit, "attribution") == (choice.value, base + 1)


def progress(assignment: Assignment) -> tuple[int, str]:
    now = Assignment.objects.get(pk=assignment.pk)
    return now.units_done, now.state


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_the_same_moment_exactly_one_wins(study: make.Study, unit: Unit) -> None:
    answers = at_once([make.choice(unit, "remark", f"Writer {n}") for n in range(8)], study.assignment())
    winners = [answer for answer in answers if isinstance(answer, Saved)]
    refused = [answer for answer in answers if isinstance(answer, StaleError)]
    assert (len(winners), len(refused)) == (1, 7)
    assert {(error.value, error.version) for error in refused} == {(winners[0].value, 1)}
    assert stored(study.assignment(), unit, "remark") == (winners[0].value, 1)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_choice_sent_many_times_at_once_is_stored_once_and_answered_alike(
    study: make.Study, unit: Unit
) -> None:
    choice = make.choice(unit, "remark", "Only once")
    answers = at_once([choice] * 8, study.assignment())
    assert {(a.value, a.version) for a in answers if isinstance(a, Saved)} == {("Only once", 1)}
    assert sum(isinstance(answer, Saved) for answer in answers) == len(answers)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_questions_on_one_article_all_succeed_and_are_counted(study: make.Study) -> None:
    choices = [make.choice(unit, "attribution", NARRATOR) for unit in study.units()]
    answers = at_once(choices, study.assignment())
    assert all(isinstance(answer, Saved) for answer in answers)
    assert progress(study.assignment()) == (len(choices), "done")


def at_once(choices: list[make.Choice], assignment: Assignment) -> list[Saved | Exception]:
    """Save from as many threads, all let go at the same moment."""
    start, answers = Barrier(len(choices)), list[Saved | Exception]()

    def save(choice: make.Choice) -> None:
        start.wait()
        try:
            answers.append(save_label(assignment=assignment, choice=choice))
        except Exception as error:  # noqa: BLE001  Judged by the test.
            answers.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=save, args=(choice,)) for choice in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
