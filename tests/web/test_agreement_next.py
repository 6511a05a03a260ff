"""What to do next: what pulls a figure down, how many units more, and values merged in thought or in the draft."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from annotator.core.agreement import Coefficient, krippendorff_alpha, report_variable
from annotator.core.agreement.pull import pull
from annotator.models import Label
from annotator.queries.rated import kept_rated
from annotator.queries.what_next import heaviest_pair, kept_pull, mergeable
from annotator.web.agreement_next import next_steps, pulled_lines
from projects.models import CodebookVersion, Membership, Role
from tests import make

pytestmark = pytest.mark.django_db
GIVEN = [("for", "neutral"), ("for", "for"), ("neutral", "for"), ("against", "against"), ("neutral", "neutral")]
NAMES = {"for": "For", "neutral": "Neutral", "against": "Against"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def study() -> make.Study:
    made = make.study(annotators=2)
    for unit, given in zip(made.units(), GIVEN, strict=True):
        for number, value in enumerate(given):
            make.label(made.assignment(number), unit, "stance", value)
    return made


def get(study: make.Study, path: str = "next/", **asked: object) -> HttpResponse:
    client = Client()
    client.force_login(study.lead.user)
    return client.get(f"/p/{study.slug}/agreement/{path}", {"variable": "stance", **asked})


def test_the_report_names_the_border_that_costs_most(study: make.Study) -> None:
    shown = get(study).content.decode()
    assert "Between For and Neutral lies 100 % of all disagreement." in shown.replace(
        "Neutral and For", "For and Neutral"
    )
    assert "What pulls alpha down" in shown


def test_without_a_choice_the_two_heaviest_values_are_merged_in_thought(study: make.Study) -> None:
    assert heaviest_pair(kept_pull(study.round, "stance"), mergeable(study.round, "stance")) == ["neutral", "for"]
    merged = krippendorff_alpha([["n" if v == "for" else v[0] for v in row] for row in zip(*GIVEN, strict=True)])
    assert merged.value == 1
    shown = get(study).content.decode()
    assert "→ 1.000" in shown
    assert "2 values are left" in shown
    assert Label.objects.filter(value="for").count() == 4


def test_values_of_ones_own_choice(study: make.Study) -> None:
    assert "→ 1.000" not in get(study, value=["against", "neutral"]).content.decode()
    assert "Tick two or more" in get(study, value="for").content.decode()
    assert "not defined" in get(study, value=["against", "neutral", "for"]).content.decode()
    assert get(study, value=["for", "none of them"]).status_code == 400


def test_a_merge_is_begun_in_the_draft_and_changes_no_label(study: make.Study) -> None:
    client = Client()
    client.force_login(study.lead.user)
    sent = {"round": study.round.pk, "variable": "stance", "value": ["neutral", "for"]}
    answer = client.post(f"/p/{study.slug}/agreement/merge/", sent, follow=True)
    assert answer.status_code == 200
    draft = CodebookVersion.objects.get(state="draft")
    assert answer.redirect_chain[-1][0].startswith(f"/p/{study.slug}/codebook/{draft.number}/edit/?at=1")
    (stance,) = (v for v in draft.document["variables"] if v["key"] == "stance")
    assert [(v["key"], v.get("became")) for v in stance["values"]] == [
        ("against", None),
        ("neutral", None),
        ("for", ["neutral"]),
    ]
    assert Label.objects.filter(value="for").count() == 4
    again = client.post(f"/p/{study.slug}/agreement/merge/", sent | {"value": ["against", "for"]})
    assert again.status_code == 302
    viewer = make.member(study.project, Role.VIEWER)
    client.force_login(viewer.user)
    assert client.post(f"/p/{study.slug}/agreement/merge/", sent).status_code == 403


def test_who_annotates_in_an_open_blind_round_asks_no_what_if(study: make.Study) -> None:
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    client = Client()
    client.force_login(study.members[0].user)
    sent = {"round": study.round.pk, "variable": "stance", "value": ["neutral", "for"]}
    assert client.get(f"/p/{study.slug}/agreement/next/", sent).status_code == 403
    assert client.post(f"/p/{study.slug}/agreement/merge/", sent).status_code == 403


def steps_of(study: make.Study, value: float, low: float, verdict: str) -> list[str]:
    """The advice on a question with this figure, on 50 units."""
    report = report_variable(kept_rated(study.round, "stance").ratings, replicates=50)
    figure = Coefficient(value=value, low=low, high=0.95, units=50)
    report = replace(report, measures={report.headline: figure}, values=(), verdict=verdict)
    return [step.what for step in next_steps(report, NAMES)]


def test_how_many_more_units_it_takes(study: make.Study) -> None:
    # Half as wide with four times as many: .8 - .4 / 2 = .6; .8 - .4 / x = .667 needs (.4 / .133)^2 = 9.05 times.
    (more,) = steps_of(study, 0.8, 0.4, "not yet")
    assert more.startswith("About 403 more units would bring the lower end over .667")
    (never,) = steps_of(study, 0.6, 0.4, "not yet")
    assert never == "More units alone will not bring the lower end over .667."
    (next_mark,) = steps_of(study, 0.9, 0.7, "tentative")
    assert next_mark.startswith("About 150 more units would bring the lower end over .800")
    assert steps_of(study, 0.9, 0.85, "reliable") == []


def test_where_all_agree_no_number_of_units_is_asked_for(study: make.Study) -> None:
    """The lower end is over both marks; the verdict waits for an interval with a width."""
    assert steps_of(study, 1.0, 1.0, "tentative") == []


def test_marks_against_none_are_named() -> None:
    study = make.study(annotators=2)
    unit = study.units()[0]
    for number, value in enumerate(["praise", "naming_state"]):
        marks = [{"start": unit.start, "end": unit.start + 6 - number, "value": value}]
        make.label(study.assignment(number), unit, "framing", marks)
    ratings = kept_rated(study.round, "framing").ratings
    lines = pulled_lines(pull(ratings), {"praise": "Praise"}, "span")
    assert {name for line in lines for name in line.names} == {"Praise", "naming_state", "no mark"}
