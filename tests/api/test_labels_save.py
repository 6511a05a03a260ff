from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.response import Response

from annotator.core.codebook import Json
from annotator.models import Event, Label
from projects.models import Assignment, Membership, Role
from projects.services.rounds import open_round, set_closed
from tests import make
from tests.api.callers import LABELS, body, script_of

pytestmark = pytest.mark.django_db


def post(by: Membership, choice: object) -> Response:
    return script_of(by).post(LABELS, choice, content_type="application/json")


def second_round(study: make.Study) -> Assignment:
    """The first annotator labels the same article once more."""
    made = open_round(
        lead=study.lead, name="Round 2", purpose="retest", articles=study.articles, members=study.members[:1]
    )
    return made.assignments.get()


def test_a_choice_is_saved_as_the_callers_own(study: make.Study) -> None:
    unit = study.units()[0]
    answer = post(study.members[1], body(unit))
    assert answer.status_code == 200
    label = Label.objects.get()
    assert (label.value, label.unit, label.assignment.member) == ("for", unit, study.members[1])
    assert answer.json()["version"] == 1


def test_numbers_may_come_as_text(study: make.Study) -> None:
    unit = study.units()[0]
    choice = body(unit) | {"unit": str(unit.pk), "base_version": "0", "assignment": str(study.assignment().pk)}
    assert post(study.members[0], choice).status_code == 200


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("side", ["town", "army"]),
        ("side", []),
        ("tone", "-1"),
        ("weight", 12.5),
        ("remark", "Hard to tell."),
        ("framing", []),
        ("attribution", [{"source": "mayor", "manner": "indirect", "stance": "accusing", "spans": []}]),
    ],
)
def test_every_kind_of_answer_is_taken(study: make.Study, variable: str, value: Json) -> None:
    answer = post(study.members[0], body(study.units()[0], variable, value))
    assert (answer.status_code, answer.json()["value"]) == (200, value)


def test_an_answer_about_the_article_is_saved_on_unit_0(study: make.Study) -> None:
    assert post(study.members[0], body(study.whole(), "frame", "conflict")).status_code == 200


def test_null_takes_an_answer_back(study: make.Study) -> None:
    unit = study.units()[0]
    post(study.members[0], body(unit))
    assert post(study.members[0], body(unit, value=None) | {"base_version": 1}).json()["version"] == 2
    assert Label.objects.get().value is None


def test_a_replay_answers_the_same_and_writes_nothing(study: make.Study) -> None:
    choice = body(study.units()[0])
    first, second = post(study.members[0], choice), post(study.members[0], choice)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Event.objects.count() == 1


def test_a_used_key_with_another_value_is_refused(study: make.Study) -> None:
    choice = body(study.units()[0])
    post(study.members[0], choice)
    answer = post(study.members[0], choice | {"value": "against"})
    assert answer.status_code == 422
    assert Label.objects.get().value == "for"


def test_a_used_key_of_another_annotator_is_refused(study: make.Study) -> None:
    choice = body(study.units()[0])
    post(study.members[0], choice)
    assert post(study.members[1], choice).status_code == 422


def test_a_conflict_shows_both_values(study: make.Study) -> None:
    unit = study.units()[0]
    post(study.members[0], body(unit, value="for"))
    answer = post(study.members[0], body(unit, value="against"))
    assert answer.status_code == 409
    conflict = answer.json()
    assert (conflict["yours"], conflict["theirs"], conflict["version"]) == ("against", "for", 1)
    assert conflict["detail"]
    assert Label.objects.get().value == "for"


WRONG: list[tuple[str, Json]] = [
    ("event", "x"),
    ("event", 1),
    ("event", True),
    ("event", None),
    ("unit", True),
    ("unit", 1.0),
    ("unit", -1),
    ("unit", 0),
    ("unit", 2**63),
    ("unit", "1.0"),
    ("unit", "１"),
    ("unit", [1]),
    ("base_version", False),
    ("base_version", 0.0),
    ("base_version", -1),
    ("base_version", 2**31),
    ("base_version", "9" * 5000),
    ("base_version", None),
    ("variable", "nothing"),
    ("variable", ""),
    ("variable", "x" * 101),
    ("variable", {"key": "stance"}),
    ("value", "maybe"),
    ("value", 1),
    ("value", {"a": {}}),
    ("value", ["for"]),
    ("assignment", "x"),
    ("assignment", 2**63),
    ("client_time", "yesterday"),
    ("client_time", "0001-01-01T00:00:00+14:00"),
    ("annotator", 1),
    ("user", 1),
    ("created_at", "1999-01-01"),
    ("id", 1),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_field_is_named_and_nothing_is_stored(study: make.Study, field: str, value: Json) -> None:
    answer = post(study.members[0], body(study.units()[0]) | {field: value})
    assert answer.status_code == 400, answer.text
    assert list(answer.json()["errors"]) == [field]
    assert all(isinstance(message, str) for message in answer.json()[field])
    assert not Event.objects.exists()


@pytest.mark.parametrize("field", ["event", "unit", "variable", "value", "base_version"])
def test_a_missing_field_is_named(study: make.Study, field: str) -> None:
    choice = body(study.units()[0])
    del choice[field]
    answer = post(study.members[0], choice)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_unit_of_others_is_not_found(study: make.Study) -> None:
    other = make.study(1)
    assert post(study.members[0], body(other.units()[0])).status_code == 404


def test_a_unit_without_an_assignment_is_not_found(study: make.Study) -> None:
    assert post(study.lead, body(study.units()[0])).status_code == 404


def test_the_assignment_of_another_is_not_found(study: make.Study) -> None:
    theirs = study.assignment(1).pk
    assert post(study.members[0], body(study.units()[0], assignment=theirs)).status_code == 404


def test_a_viewer_may_not_annotate_what_he_was_once_given(study: make.Study) -> None:
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.VIEWER)
    assert post(study.members[0], body(study.units()[0])).status_code == 403


def test_with_several_open_assignments_one_has_to_be_named(study: make.Study) -> None:
    second, unit = second_round(study), study.units()[0]
    answer = post(study.members[0], body(unit))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["assignment"])
    assert str(second.pk) in answer.json()["assignment"][0]
    assert post(study.members[0], body(unit, assignment=second.pk)).status_code == 200
    assert Label.objects.get().assignment == second


def test_a_replay_finds_its_assignment_when_another_opened_since(study: make.Study) -> None:
    choice = body(study.units()[0])
    first = post(study.members[0], choice).json()
    second_round(study)
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert post(study.members[0], choice).json() == first


def test_a_closed_round_takes_nothing_new(study: make.Study) -> None:
    set_closed(lead=study.lead, round=study.round, closed=True)
    answer = post(study.members[0], body(study.units()[0]))
    assert answer.status_code == 403
    assert "closed" in answer.json()["detail"]


def test_an_assignment_given_back_takes_nothing(study: make.Study) -> None:
    Assignment.objects.update(state=Assignment.State.RELEASED)
    assert post(study.members[0], body(study.units()[0])).status_code == 404


def test_saving_takes_at_most_9_statements(
    study: make.Study, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    script, unit = script_of(study.members[0]), study.units()[0]
    script.post(LABELS, body(unit, "tone", "1"), content_type="application/json")
    with django_assert_max_num_queries(9 + SAVEPOINTS):
        answer = script.post(LABELS, body(unit, "attribution", []), content_type="application/json")
    assert answer.json()["units_done"] == 1


# The write transaction is a savepoint within the test's own: SAVEPOINT and RELEASE are not counted.
SAVEPOINTS = 2


def test_events_of_the_browser_and_of_scripts_are_one_history(study: make.Study) -> None:
    unit = study.units()[0]
    make.label(study.assignment(), unit, "stance", "for")
    answer = post(study.members[0], body(unit, value="against") | {"base_version": 1, "event": str(uuid4())})
    assert answer.json()["version"] == 2
