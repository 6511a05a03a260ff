"""What of a round's labels is compared, and what is told about it."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotator.queries.disagreements import kept_evidence
from annotator.queries.reports import agreement_report, kept_report
from annotator.web.findings import finding
from projects.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def stances(study: make.Study, unit: int, *given: str, article: int = 0) -> None:
    for number, value in enumerate(given):
        make.label(study.assignment(number, article), study.units(article)[unit], "stance", value)


def stance_of(study: make.Study):
    return agreement_report(study.round, variable="stance", replicates=0).variables[0]


def test_an_article_in_the_trash_is_not_compared() -> None:
    study = make.study(texts=[make.TEXT, make.TEXT])
    stances(study, 0, "for", "for", "for")
    stances(study, 0, "for", "against", "for", article=1)
    study.articles[1].deleted_at = timezone.now()
    study.articles[1].save()
    assert stance_of(study).pairable_units == 1


def test_a_second_occasion_is_no_further_annotator() -> None:
    study = make.study(annotators=2)
    stances(study, 0, "for", "for")
    Assignment.objects.filter(member=study.members[1]).update(occasion=2)
    assert stance_of(study).pairable_units == 0


def test_a_released_share_is_not_compared_and_the_kept_report_knows() -> None:
    study = make.study(annotators=2)
    stances(study, 0, "for", "for")
    (before,) = (v for v in kept_report(study.round).variables if v.key == "stance")
    Assignment.objects.filter(member=study.members[1]).update(state=Assignment.State.RELEASED)
    (after,) = (v for v in kept_report(study.round).variables if v.key == "stance")
    assert (before.pairable_units, after.pairable_units) == (1, 0)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    study = make.study(annotators=2)
    for unit, given in enumerate([("for", "for"), ("against", "for"), ("against", "against"), ("for", "against")]):
        stances(study, unit, *given)
    first, again, other = (
        agreement_report(study.round, variable="stance", replicates=500, seed=seed) for seed in (7, 7, 8)
    )
    assert first == again
    assert first.variables != other.variables
    assert first.input_sha256 == other.input_sha256


def test_one_part_of_an_attribution_can_be_asked_for() -> None:
    study = make.study()
    report = agreement_report(study.round, variable="attribution.source", replicates=0)
    assert [variable.key for variable in report.variables] == ["attribution.source"]


def test_the_two_values_most_often_taken_for_each_other_are_named() -> None:
    study = make.study()
    stances(study, 0, "for", "against", "against")
    stances(study, 1, "for", "for", "neutral")
    stances(study, 2, "for", "against")
    found = kept_evidence(study.round, "stance", most=20).matrix
    assert found is not None
    assert (set(found.worst), found.worst_pairs, found.differing, found.pairs) == ({"For", "Against"}, 3, 5, 7)


def test_spans_that_differ_in_nothing_that_counts_are_no_disagreement() -> None:
    study = make.study(annotators=2)
    first, second = study.units()[:2]
    for number in range(2):
        marks = [{"start": first.start, "end": first.start + 3, "value": "praise", "relation": f"r{number}"}]
        make.label(study.assignment(number), first, "framing", marks)
        make.label(
            study.assignment(number),
            second,
            "framing",
            [{"start": second.start, "end": second.start + 2 + number, "value": "praise"}],
        )
    assert [unit.index for unit in kept_evidence(study.round, "framing", most=20).units] == [second.index]


def test_the_heading_counts_only_questions_that_have_a_figure() -> None:
    study = make.study(annotators=2)
    for unit in range(4):
        stances(study, unit, *(["for", "for"] if unit % 2 else ["against", "against"]))
    # Four units prove nothing, however well they agree.
    assert finding(agreement_report(study.round, replicates=500)) == "The question is not reliable yet"


def test_the_heading_of_a_round_without_a_figure_says_so() -> None:
    assert finding(agreement_report(make.study().round)) == "No question has a figure yet"
