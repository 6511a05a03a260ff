import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotator.core.codebook import Json
from projects.models import Membership, Role, Round
from projects.queries import access
from projects.services.rounds import open_round
from tests import make
from tests.api.callers import LABELS, script_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelled(study: make.Study) -> make.Study:
    """Each of three annotators answered one question on the first unit."""
    for number, value in enumerate(["for", "against", "neutral"]):
        make.label(study.assignment(number), study.units()[0], "stance", value)
    return study


def rows(of: Membership, **query: Json) -> list[dict[str, Json]]:
    answer = script_of(of, "read").get(LABELS, query)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADJUDICATOR, Role.VIEWER])
def test_whoever_leads_settles_or_uses_the_data_sees_all_labels(labelled: make.Study, role: str) -> None:
    assert {row["value"] for row in rows(make.member(labelled.project, role))} == {"for", "against", "neutral"}


def test_a_label_says_where_it_belongs(labelled: make.Study) -> None:
    row = rows(labelled.lead, annotator=labelled.members[1].pseudonym)[0]
    unit, article = labelled.units()[0], labelled.articles[0]
    assert row["value"] == "against"
    assert (row["unit"], row["sentence"]) == (unit.pk, unit.index)
    assert (row["article"], row["article_external_id"]) == (article.pk, article.external_id)
    assert (row["round"], row["round_name"], row["version"], row["occasion"]) == (labelled.round.pk, "Round 1", 1, 1)


@pytest.mark.parametrize("by", ["nothing", "project", "round", "article", "variable", "annotator"])
def test_an_annotator_sees_his_own_labels_whatever_he_asks_for(labelled: make.Study, by: str) -> None:
    query: dict[str, Json] = {
        "nothing": {},
        "project": {"project": labelled.slug},
        "round": {"round": labelled.round.pk},
        "article": {"article": labelled.articles[0].pk},
        "variable": {"variable": "stance"},
        "annotator": {"annotator": labelled.members[1].pseudonym},
    }[by]
    expected = [] if by == "annotator" else ["for"]
    assert [row["value"] for row in rows(labelled.members[0], **query)] == expected


def test_whoever_annotates_in_an_open_blind_round_is_blind_whatever_his_role(labelled: make.Study) -> None:
    adjudicator, annotator = make.member(labelled.project, Role.ADJUDICATOR), labelled.members[0]
    members = [adjudicator, annotator]
    blind = open_round(lead=labelled.lead, name="Blind", purpose="main", articles=labelled.articles, members=members)
    theirs = blind.assignments.get(member=annotator)
    make.label(access.own_assignment(annotator.user_id, theirs.pk), labelled.units()[0], "tone", "1")
    assert rows(adjudicator, round=blind.pk) == []
    assert len(rows(adjudicator)) == 3
    Round.objects.filter(pk=blind.pk).update(closed_at=timezone.now())
    assert [row["value"] for row in rows(adjudicator, round=blind.pk)] == ["1"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"variable": "stance"}, 3),
        ({"variable": "tone"}, 0),
        ({"round": 999_999}, 0),
        ({"article": 999_999}, 0),
        ({"annotator": "nobody"}, 0),
    ],
)
def test_filters_narrow(labelled: make.Study, query: dict[str, Json], count: int) -> None:
    assert len(rows(labelled.lead, **query)) == count


def test_a_stranger_sees_nothing(labelled: make.Study) -> None:
    stranger = make.project()
    assert rows(stranger) == []
    assert rows(stranger, round=labelled.round.pk) == []
    assert script_of(stranger).get(LABELS, {"project": labelled.slug}).status_code == 404


def test_labels_of_other_projects_stay_out_of_a_project(labelled: make.Study) -> None:
    other = make.project(lead=labelled.lead.user)
    assert rows(labelled.lead, project=other.project.slug) == []
    assert len(rows(labelled.lead, project=labelled.slug)) == 3


def test_a_page_costs_the_same_however_full_it_is(
    labelled: make.Study, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    script = script_of(labelled.lead)
    for number in range(3):
        for unit in labelled.units()[1:]:
            make.label(labelled.assignment(number), unit, "stance", "for")
    # Beside three to read, the access log's transaction.
    with django_assert_num_queries(6):
        assert len(script.get(LABELS).json()["results"]) > 10


@pytest.mark.parametrize(
    "query", ["round=x", "round=1.5", "article=99999999999999999999", "round=-1", "user=1", "variable=%00"]
)
def test_a_filter_that_means_nothing_is_refused_by_name(labelled: make.Study, query: str) -> None:
    answer = script_of(labelled.lead).get(f"{LABELS}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.json()
