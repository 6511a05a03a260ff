"""The report in the browser: its finding, its figures, what it leaves out, its downloads, and who may see it."""

import csv
import io
import json

import pytest
from django.core.cache import cache
from django.test import Client

from projects.models import Assignment, Membership, Role
from projects.queries import access
from projects.services.rounds import open_round, set_closed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_kept_report() -> None:
    cache.clear()


def client_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def labelled_study() -> make.Study:
    """Three annotators agree on two sentences, one differs on a third, and the fourth has a single answer."""
    study = make.study()
    answers = [
        ("against", "against", "against"),
        ("for", "for", "for"),
        ("against", "against", "for"),
        ("for", None, None),
    ]
    for unit, given in zip(study.units(), answers, strict=False):
        for number, value in enumerate(given):
            if value is not None:
                make.label(study.assignment(number), unit, "stance", value)
    return study


def page(study: make.Study, query: str = "?variable=stance") -> str:
    return client_of(study.lead).get(f"/p/{study.slug}/agreement/{query}").content.decode()


def report(study: make.Study) -> dict:
    answer = client_of(study.lead).get(f"/p/{study.slug}/agreement/download/?format=json")
    return json.loads(answer.content)


def test_the_figures_are_those_of_the_labels() -> None:
    """Coincidences by hand: 9 pairable values, D_o = 2/9 by pairs within the third unit, marginals 5 and 4."""
    (stance,) = (v for v in report(labelled_study())["variables"] if v["key"] == "stance")
    alpha = stance["measures"]["krippendorff_alpha_nominal"]["value"]
    assert alpha == pytest.approx(1 - (2 / 9) / (2 * 5 * 4 / (9 * 8)))
    assert (stance["pairable_units"], stance["dropped"]) == (3, {"fewer than two ratings": 1})


def test_the_page_shows_alpha_the_differing_sentence_and_who_said_what() -> None:
    shown = page(labelled_study())
    assert "<b>.600</b>" in shown
    assert "Engineers checked every pillar." in shown
    assert shown.count('class="unit here"') == 1
    assert shown.count('<span class="letter">C</span>') == 1


def test_what_was_left_out_is_said() -> None:
    assert "1 unit left out: only one answer." in page(labelled_study())


def test_a_label_whose_condition_fails_counts_as_not_asked() -> None:
    study = make.study()
    unit = study.units()[0]
    for number in range(3):
        assignment = study.assignment(number)
        make.label(assignment, unit, "side", ["town"])
        make.label(assignment, unit, "attribution", [])
    (side,) = (v for v in report(study)["variables"] if v["key"] == "side")
    assert side["pairable_units"] == 0
    assert side["missing"]["not asked"] >= 3
    assert side["measures"]["krippendorff_alpha_masi"]["undefined"]


def test_a_finished_unit_without_a_mark_counts_as_nothing_marked() -> None:
    study = make.study()
    unit = study.units()[0]
    for number in range(3):
        make.label(study.assignment(number), unit, "attribution", [])
    start = unit.start
    make.label(study.assignment(0), unit, "framing", [{"start": start, "end": start + 3, "value": "praise"}])
    (framing,) = (v for v in report(study)["variables"] if v["key"] == "framing")
    assert framing["pairable_units"] == 1
    assert framing["missing"]["passed over, counted as nothing marked"] == 2


def test_downloads_are_attachments_in_each_format() -> None:
    study = labelled_study()
    for name, ending in (("csv", "csv"), ("json", "json"), ("markdown", "md"), ("latex", "tex")):
        answer = client_of(study.lead).get(f"/p/{study.slug}/agreement/download/?format={name}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert f".{ending}" in answer["Content-Disposition"]


def test_the_csv_has_a_row_a_figure() -> None:
    study = labelled_study()
    answer = client_of(study.lead).get(f"/p/{study.slug}/agreement/download/?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    pairs = [row for row in rows if row["variable"] == "stance" and row["of"] == "pair"]
    assert {row["key"].count("|") for row in pairs} == {1}
    assert any(row["measure"] == "krippendorff_alpha_nominal" and row["value"] for row in rows)


def test_the_same_labels_give_the_same_report_to_the_byte() -> None:
    study = labelled_study()
    first = report(study)
    cache.clear()
    assert report(study) == first


def test_a_new_label_changes_the_report() -> None:
    study = labelled_study()
    before = report(study)["input_sha256"]
    make.label(study.assignment(1), study.units()[3], "stance", "for")
    assert report(study)["input_sha256"] != before


def test_a_project_without_labels_says_what_to_do() -> None:
    shown = page(make.study(), "")
    assert "No labels to compare yet" in shown


@pytest.mark.parametrize("query", ["?round=999999", "?round=x", "?variable=nope", "?round=99999999999999999999"])
def test_unknown_rounds_and_variables_are_not_found(query: str) -> None:
    study = labelled_study()
    assert client_of(study.lead).get(f"/p/{study.slug}/agreement/{query}").status_code == 404


def test_an_annotator_is_not_served_agreement() -> None:
    study = labelled_study()
    for path in ("agreement/", "agreement/download/"):
        assert client_of(study.members[0]).get(f"/p/{study.slug}/{path}").status_code == 403


def test_names_of_accounts_stand_nowhere_in_the_report() -> None:
    study = labelled_study()
    user = study.members[0].user
    user.first_name, user.last_name = "Iris", "Maalouf"
    user.save()
    assert "Maalouf" not in page(study)


def test_the_page_needs_few_queries_however_many_units(django_assert_max_num_queries) -> None:
    study = make.study(texts=[make.TEXT, make.TEXT, make.TEXT])
    make.label(study.assignment(0), study.units()[0], "stance", "for")
    client = client_of(study.lead)
    with django_assert_max_num_queries(25):
        client.get(f"/p/{study.slug}/agreement/")


def test_a_lead_who_annotates_in_an_open_blind_round_is_not_served_its_agreement() -> None:
    study = make.study()
    make.label(study.assignment(0), study.units()[0], "stance", "for")
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    client = client_of(study.members[0])
    assert "Blind until it is closed" in client.get(f"/p/{study.slug}/agreement/").content.decode()
    assert client.get(f"/p/{study.slug}/agreement/download/").status_code == 403
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert client.get(f"/p/{study.slug}/agreement/download/").status_code == 200


def test_one_annotator_alone_is_told_that_a_second_is_missing() -> None:
    study = make.study()
    make.label(study.assignment(0), study.units()[0], "stance", "for")
    shown = page(study, "")
    assert "A second annotator is missing" in shown
    assert "<table" not in shown


def test_without_a_choice_the_newest_round_that_two_annotators_began_is_shown() -> None:
    study = labelled_study()
    newer = open_round(
        lead=study.lead, name="Newer", purpose="main", articles=study.articles, members=study.members[:1]
    )
    assignment = Assignment.objects.get(round=newer)
    make.label(access.own_assignment(study.members[0].user_id, assignment.pk), study.units()[0], "stance", "for")
    assert "<b>.600</b>" in page(study)
