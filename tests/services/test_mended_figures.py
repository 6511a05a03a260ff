"""What a mended boundary does to figures and datasets: only what was read alike and confirmed is compared."""

import pytest

from annotator.core.agreement import VariableReport
from annotator.core.mending import Reword, Split
from annotator.queries.ratings import OTHER_EXTENT, TO_CONFIRM
from annotator.queries.reports import agreement_report
from annotator.web.findings import left_out
from projects.models import Assignment
from projects.services.rounds import set_closed
from tests import make, mended
from tests.services.test_datasets import rows_of

pytestmark = pytest.mark.django_db
REGIME = mended.TEXT.index("regime")


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


def label_all(study: make.Study, member: int, value: str = "for") -> None:
    for unit in study.assignment(member).text_version.units.filter(index__gt=0, codable=True):
        make.label(study.assignment(member), unit, "stance", value)


def mark_regime(study: make.Study, member: int) -> None:
    """The same word, wherever it stands in the member's text."""
    assignment = study.assignment(member)
    start = assignment.text_version.text.index("regime")
    mark = {"start": start, "end": start + 6, "quote": "regime", "value": "naming_state"}
    unit = assignment.text_version.units.get(index__gt=0, start__lte=start, end__gte=start + 6)
    make.label(assignment, unit, "framing", [mark])


def move_on(study: make.Study, member: int) -> None:
    """Let a member label the newest text, as one who joins when the round is opened again does."""
    Assignment.objects.filter(pk=study.assignment(member).pk).update(text_version=mended.version(study))


def mend_while_closed(study: make.Study, *edits: Split | Reword) -> None:
    set_closed(lead=study.lead, round=study.round, closed=True)
    mended.mend(study, *edits)
    set_closed(lead=study.lead, round=study.round, closed=False)
    move_on(study, 1)


def report(study: make.Study, variable: str = "stance") -> VariableReport:
    return agreement_report(study.round, variable=variable, replicates=0).variables[0]


def test_labels_that_wait_to_be_confirmed_are_not_compared(study: make.Study) -> None:
    for member in range(2):
        label_all(study, member)
    sentences = len(study.units())
    mended.mend(study, Split(REGIME))
    found = report(study)
    assert (found.pairable_units, found.missing[TO_CONFIRM]) == (sentences - 1, 4)
    assert "4 answers wait to be confirmed, because a boundary was mended under them." in left_out(found)
    make.label(study.assignment(0), mended.unit(study, 2), "stance", "for", base_version=2)
    make.label(study.assignment(1), mended.unit(study, 2), "stance", "for", base_version=2)
    found = report(study)
    assert (found.pairable_units, found.missing[TO_CONFIRM]) == (sentences, 2)


def test_only_units_that_all_saw_in_the_same_extent_are_compared(study: make.Study) -> None:
    sentences = len(study.units())
    mend_while_closed(study, Split(REGIME))
    for member in range(2):
        label_all(study, member)
    found = report(study)
    assert found.pairable_units == found.units == sentences - 1
    assert found.as_dict()["dropped"] == {OTHER_EXTENT: 3}
    assert "3 units left out: boundaries were mended for some of their annotators only." in left_out(found)


def test_units_that_an_undo_brought_back_are_those_of_before(study: make.Study) -> None:
    set_closed(lead=study.lead, round=study.round, closed=True)
    mended.mend(study, Split(REGIME))
    mended.undo(study)
    set_closed(lead=study.lead, round=study.round, closed=False)
    move_on(study, 1)
    for member in range(2):
        label_all(study, member)
    assert report(study).pairable_units == len(study.assignment().text_version.units.filter(index__gt=0, codable=True))


def test_marks_in_a_text_that_was_corrected_are_compared_where_their_words_stand(study: make.Study) -> None:
    mend_while_closed(study, Reword(0, "The old bridge reopens after the flood"))
    for member in range(2):
        mark_regime(study, member)
    found = report(study, "framing")
    assert (found.pairable_units, found.measures["span_f1_exact"].value) == (1, 1.0)


def test_the_dataset_names_the_text_and_gives_no_answer_that_waits(study: make.Study) -> None:
    label_all(study, 0)
    mended.mend(study, Split(REGIME))
    name = study.members[0].pseudonym
    rows = [row for row in rows_of(study.lead) if (row["variable"], row["annotator"]) == ("stance", name)]
    assert {row["item_id"].partition(":")[0] for row in rows} == {f"{study.articles[0].external_id}@2"}
    waiting = [row for row in rows if row["state"] == "unanswered"]
    assert [(row["text"], row["value"]) for row in waiting] == [
        ("The mayor blamed the", ""),
        ("regime for the delay.", ""),
    ]
