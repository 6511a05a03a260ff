import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from projects.models import Article, Assignment, Role
from projects.services.rounds import open_round, set_closed
from tests import make
from tests.api.callers import ARTICLES, PROJECTS, script_of

pytestmark = pytest.mark.django_db


def of_project(study: make.Study) -> str:
    return f"{PROJECTS}{study.slug}/articles/"


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADJUDICATOR, Role.VIEWER])
def test_whoever_may_view_articles_lists_them_all(study: make.Study, role: str) -> None:
    unassigned = make.article(study.lead)
    rows = script_of(make.member(study.project, role)).get(of_project(study)).json()["results"]
    assert [row["id"] for row in rows] == [study.articles[0].pk, unassigned.pk]


def test_an_annotator_reads_what_is_assigned_to_him_and_nothing_else(study: make.Study) -> None:
    unassigned = make.article(study.lead)
    script = script_of(study.members[0])
    rows = script.get(of_project(study)).json()["results"]
    assert [row["id"] for row in rows] == [study.articles[0].pk]
    assert script.get(f"{ARTICLES}{unassigned.pk}/").status_code == 404
    assert script.get(f"{ARTICLES}{unassigned.pk}/units/").status_code == 404


def test_an_assignment_given_back_closes_the_article(study: make.Study) -> None:
    Assignment.objects.filter(member=study.members[0]).update(state=Assignment.State.RELEASED)
    script = script_of(study.members[0])
    assert script.get(of_project(study)).json()["results"] == []
    assert script.get(f"{ARTICLES}{study.articles[0].pk}/").status_code == 404


@pytest.mark.parametrize("rest", ["", "units/"])
def test_an_article_of_another_project_is_not_found(study: make.Study, rest: str) -> None:
    stranger = script_of(make.project())
    assert stranger.get(f"{ARTICLES}{study.articles[0].pk}/{rest}").status_code == 404


def test_another_project_is_not_found(study: make.Study) -> None:
    stranger = script_of(make.project())
    assert stranger.get(of_project(study)).status_code == 404
    assert stranger.get(ARTICLES, {"project": study.slug}).status_code == 404
    assert stranger.get(ARTICLES).json()["results"] == []


def test_a_member_who_left_reads_nothing(study: make.Study) -> None:
    member = study.members[0]
    member.left_at = timezone.now()
    member.save()
    assert script_of(member).get(f"{ARTICLES}{study.articles[0].pk}/").status_code == 404


def test_an_article_in_the_bin_is_not_found(study: make.Study) -> None:
    Article.objects.update(deleted_at=timezone.now())
    script = script_of(study.lead)
    assert script.get(f"{ARTICLES}{study.articles[0].pk}/").status_code == 404
    assert script.get(of_project(study)).json()["results"] == []


def test_the_units_cut_the_text_of_their_article(study: make.Study) -> None:
    script = script_of(study.members[0])
    article = script.get(f"{ARTICLES}{study.articles[0].pk}/").json()
    units = script.get(f"{ARTICLES}{study.articles[0].pk}/units/").json()["results"]
    assert article["text"] == make.TEXT.rstrip("\n") or article["text"] == make.TEXT
    assert [unit["index"] for unit in units] == list(range(len(units)))
    assert all(unit["text"] == article["text"][unit["start"] : unit["end"]] for unit in units)
    assert {unit["text_version"] for unit in units} == {article["text_version"]}


def test_a_text_version_that_is_not_there_is_not_found(study: make.Study) -> None:
    script = script_of(study.lead)
    address = f"{ARTICLES}{study.articles[0].pk}/"
    assert script.get(address, {"text_version": 1}).status_code == 200
    assert script.get(address, {"text_version": 2}).status_code == 404


def test_pages_follow_each_other_without_a_gap(study: make.Study) -> None:
    for _ in range(4):
        make.article(study.lead)
    script, address, seen = script_of(study.lead), f"{of_project(study)}?page_size=2&count=1", []
    while address:
        page = script.get(address).json()
        assert page["count"] == 5
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == list(Article.objects.order_by("pk").values_list("pk", flat=True))


def test_nothing_is_counted_unasked(study: make.Study) -> None:
    assert list(script_of(study.lead).get(of_project(study)).json()) == ["next", "results"]


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0",
        "page_size=1001",
        "cursor=-1",
        "cursor=x",
        "cursor=" + "9" * 40,
        "count=2",
        "titel=x",
        "project=a%00b",
    ],
)
def test_a_query_that_means_nothing_is_refused_by_name(study: make.Study, query: str) -> None:
    answer = script_of(study.lead).get(f"{ARTICLES}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.json()


@pytest.mark.parametrize("address", ["list", "units", "projects"])
def test_a_page_costs_the_same_however_full_it_is(
    study: make.Study, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    addresses = {
        "list": of_project(study),
        "units": f"{ARTICLES}{study.articles[0].pk}/units/",
        "projects": PROJECTS,
    }
    for _ in range(10):
        make.article(study.lead)
    script = script_of(study.lead)
    with django_assert_max_num_queries(5):
        assert script.get(addresses[address]).status_code == 200


def test_the_newest_assigned_text_is_read_where_the_newest_is_not_assigned(study: make.Study) -> None:
    text = study.assignment().text_version
    newer = type(text).objects.create(article=text.article, number=2, text="Mended.", sha256="0" * 64)
    address = f"{ARTICLES}{text.article_id}/"
    assert script_of(study.lead).get(address).json()["text_version"] == newer.number
    assert script_of(study.members[0]).get(address).json()["text_version"] == text.number
    assert script_of(study.members[0]).get(address, {"text_version": 2}).status_code == 404


def test_what_an_open_round_keeps_from_its_annotators_is_kept_here_too(study: make.Study) -> None:
    text = "Bridge reopens after the flood\n\nBy Ada Lind\n\nThe mayor came to see it. Nobody was hurt.\n"
    article = make.article(study.lead, text)
    about = {"outlet": "River Post", "author": "Ada Lind", "url": "https://river.example/1", "metadata": {"desk": "x"}}
    Article.objects.filter(pk=article.pk).update(**about)
    hidden = {"hide_outlet": True, "hide_byline": True}
    made = open_round(
        lead=study.lead, name="R", purpose="main", articles=[article], members=study.members[:1], **hidden
    )
    place = f"{ARTICLES}{article.pk}/"
    annotator, lead = script_of(study.members[0]), script_of(study.lead)
    told = [annotator.get(path).content.decode() for path in (of_project(study), place, f"{place}units/")]
    assert not any(word in page for page in told for word in ("River", "river", "Ada Lind", "desk"))
    assert len(annotator.get(place).json()["text"]) == len(lead.get(place).json()["text"])
    assert {name: lead.get(place).json()[name] for name in about} == about
    set_closed(lead=study.lead, round=made, closed=True)
    assert {name: annotator.get(place).json()[name] for name in about} == about
