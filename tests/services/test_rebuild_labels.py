"""`manage.py rebuild_labels`: the events are the truth."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from annotator.models import Label, Tally
from projects.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment() -> Assignment:
    """An assignment with a changed, a taken back and a plain answer."""
    study = make.study(annotators=1)
    assignment, (first, second, *_) = study.assignment(), study.units()
    make.label(assignment, first, "attribution", [])
    make.label(assignment, first, "stance", "for")
    make.label(assignment, first, "stance", "against", base_version=1)
    make.label(assignment, second, "tone", "1")
    make.label(assignment, second, "tone", None, base_version=1)
    return assignment


def replay(*options: str) -> str:
    output = StringIO()
    call_command("rebuild_labels", *options, stdout=output)
    return output.getvalue()


def spoil_value() -> None:
    Label.objects.filter(variable="stance").update(value="for")


def spoil_version() -> None:
    Label.objects.filter(variable="stance").update(version=7)


def lose() -> None:
    Label.objects.filter(variable="attribution").delete()


def invent() -> None:
    label = Label.objects.get(variable="stance")
    label.pk, label.variable = None, "remark"
    label.save(force_insert=True)


SPOILERS = [spoil_value, spoil_version, lose, invent]


@pytest.mark.usefixtures("assignment")
def test_the_check_is_content_with_labels_that_were_saved() -> None:
    assert "Every label" in replay("--check")


@pytest.mark.usefixtures("assignment")
@pytest.mark.parametrize("spoil", SPOILERS)
def test_the_check_tells_a_spoilt_label_and_exits_with_1(spoil: object) -> None:
    assert callable(spoil)
    spoil()
    output = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("rebuild_labels", "--check", stdout=output)
    assert end.value.code == 1
    assert "1 label differs from the events." in output.getvalue()


def test_the_rebuild_mends_a_counter_beside_labels_that_are_right(assignment: Assignment) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(units_done=7)
    replay()
    assert Assignment.objects.get(pk=assignment.pk).units_done == 1


def test_the_rebuild_mends_wrong_tallies_and_leaves_right_ones_alone(assignment: Assignment) -> None:
    other = make.study(annotators=1)
    make.label(other.assignment(), other.units()[0], "stance", "for")
    Tally.objects.update(day=date(2026, 1, 5))
    Tally.objects.filter(round=assignment.round, variable="stance").update(answers=4)
    Tally.objects.filter(round=assignment.round, variable="attribution").delete()
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("rebuild_labels", "--check", stdout=output)
    assert "3 tallies differ from the labels." in output.getvalue()
    assert "3 tallies differ from the labels; mended." in replay()
    assert "Every label" in replay("--check")
    assert set(
        Tally.objects.filter(round=assignment.round).values_list("variable", "answers", "units_done", "day")
    ) == {
        ("attribution", 1, 0, localdate()),
        ("stance", 1, 1, localdate()),
    }
    assert Tally.objects.get(round=other.round).day == date(2026, 1, 5)


def test_a_wrong_counter_refuses_no_label(assignment: Assignment) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(units_done=0)
    unit = Label.objects.get(variable="attribution").unit
    saved = make.label(assignment, unit, "attribution", None, base_version=1)
    assert (saved.version, saved.units_done) == (2, 0)


@pytest.mark.parametrize("spoil", SPOILERS)
def test_the_rebuild_mends_labels_and_counters(assignment: Assignment, spoil: object) -> None:
    assert callable(spoil)
    before = list(Label.objects.order_by("unit", "variable").values("unit", "variable", "value", "version"))
    spoil()
    Assignment.objects.filter(pk=assignment.pk).update(units_done=0)
    replay()
    assert list(Label.objects.order_by("unit", "variable").values("unit", "variable", "value", "version")) == before
    assert Assignment.objects.get(pk=assignment.pk).units_done == 1
    assert "Every label" in replay("--check")
