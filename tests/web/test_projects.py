"""Home, overview, rounds and people, by the cast of owner, team mate and stranger."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from projects.models import Invitation, Membership, Project, Role, Round, User
from projects.services.members import invite
from tests import make

pytestmark = pytest.mark.django_db

LEAD_PAGES = ["", "articles/", "articles/import/", "codebook/", "codebook/import/", "rounds/", "rounds/new/"]
LEAD_PAGES += [
    "members/",
    "labels/import/",
    "agreement/",
    "export/",
    "export/download/?format=long",
    "agreement/download/",
    "settings/",
    "settings/again/",
    "settings/kinds/",
]
ANNOTATORS_MAY = {"", "codebook/"}


def signed_in(user: User | None) -> Client:
    client = Client()
    assert user is not None
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", LEAD_PAGES)
def test_a_lead_may_open_every_page(path: str) -> None:
    study = make.study()
    make.label(study.assignment(), study.units()[0], "stance", "for")
    assert signed_in(study.lead.user).get(f"/p/{study.slug}/{path}").status_code == 200


@pytest.mark.parametrize("path", [*LEAD_PAGES, "code/", "labels/", "no-such-page/"])
def test_a_member_of_another_project_finds_nothing(path: str) -> None:
    study, stranger = make.study(), make.project()
    assert signed_in(stranger.user).get(f"/p/{study.slug}/{path}").status_code == 404


@pytest.mark.parametrize("path", LEAD_PAGES)
def test_an_annotator_may_open_what_is_his(path: str) -> None:
    study = make.study()
    expected = 200 if path in ANNOTATORS_MAY else 403
    assert signed_in(study.members[0].user).get(f"/p/{study.slug}/{path}").status_code == expected


def test_a_member_who_left_finds_nothing() -> None:
    study = make.study()
    Membership.objects.filter(pk=study.members[0].pk).update(left_at="2026-01-01T00:00Z")
    assert signed_in(study.members[0].user).get(f"/p/{study.slug}/").status_code == 404


def test_a_project_is_made_and_its_maker_leads_it() -> None:
    user = make.user()
    answer = signed_in(user).post("/", {"title": "Harbour strikes"})
    assert (answer.status_code, answer["Location"]) == (302, "/p/harbour-strikes/")
    assert Membership.objects.get(user=user).role == Role.LEAD


def test_a_project_without_a_usable_title_is_refused() -> None:
    answer = signed_in(make.user()).post("/", {"title": "???"})
    assert answer.status_code == 400
    assert "Give the project a title" in answer.content.decode()
    assert not Project.objects.exists()


def test_an_invitation_makes_an_account_and_a_member_once() -> None:
    lead = make.project()
    page = signed_in(lead.user).post(f"/p/{lead.project.slug}/members/", {"role": "annotator"}).content.decode()
    link = page.split('<code id="link">')[1].split("<")[0].replace("http://testserver", "")
    newcomer = Client()
    answer = newcomer.post(link, {"username": "iris", "password": "weather-and-tides"})
    assert answer["Location"] == f"/p/{lead.project.slug}/"
    member = Membership.objects.get(user__username="iris")
    assert (member.role, member.pseudonym) == (Role.ANNOTATOR, "ann-1")
    assert Client().get(link).status_code == 404


def test_a_weak_password_is_refused_and_the_invitation_stays() -> None:
    lead = make.project()
    page = signed_in(lead.user).post(f"/p/{lead.project.slug}/members/", {"role": "annotator"}).content.decode()
    link = page.split('<code id="link">')[1].split("<")[0].replace("http://testserver", "")
    answer = Client().post(link, {"username": "iris", "password": "password"})
    assert answer.status_code == 400
    assert not User.objects.filter(username="iris").exists()
    assert Client().get(link).status_code == 200


def test_a_round_is_opened_and_closed_in_the_browser() -> None:
    study = make.study()
    client = signed_in(study.lead.user)
    chosen = {"articles": [study.articles[0].pk], "members": [m.pk for m in study.members[:2]]}
    client.post(f"/p/{study.slug}/rounds/new/", {"name": "Pilot", "purpose": "pilot", "blind": "1", **chosen})
    made = Round.objects.get(name="Pilot")
    assert made.assignments.count() == 2
    client.post(f"/p/{study.slug}/rounds/{made.pk}/close/")
    made.refresh_from_db()
    assert made.closed_at is not None


def test_a_round_without_articles_is_refused_with_what_is_missing() -> None:
    study = make.study()
    answer = signed_in(study.lead.user).post(f"/p/{study.slug}/rounds/new/", {"name": "", "purpose": "x"})
    assert answer.status_code == 400
    page = answer.content.decode()
    for told in ("Give the round a name.", "Choose a purpose.", "Choose at least one article."):
        assert told in page


def test_articles_of_another_project_cannot_be_drawn_into_a_round() -> None:
    study, other = make.study(), make.study()
    sent = {"name": "Foreign", "purpose": "main", "articles": [other.articles[0].pk], "members": [study.members[0].pk]}
    assert signed_in(study.lead.user).post(f"/p/{study.slug}/rounds/new/", sent).status_code == 400
    assert not Round.objects.filter(name="Foreign").exists()


def test_an_article_of_another_project_is_not_found() -> None:
    study, other = make.study(), make.study()
    url = f"/p/{study.slug}/articles/{other.articles[0].pk}/"
    assert signed_in(study.lead.user).get(url).status_code == 404


def test_a_long_list_of_articles_goes_on_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.web.articles.PER_PAGE", 2)
    lead = make.project()
    for number in range(3):
        make.article(lead, f"Story number {number}\n\nIt rained.")
    client = signed_in(lead.user)
    first = client.get(f"/p/{lead.project.slug}/articles/").content.decode()
    assert "Story number 2" in first
    assert "Story number 0" not in first
    older = first.split('href="?before=')[1].split('"')[0]
    assert "Story number 0" in client.get(f"/p/{lead.project.slug}/articles/?before={older}").content.decode()


def test_a_round_may_take_all_articles_at_once() -> None:
    study = make.study(texts=[make.TEXT, make.TEXT])
    sent = {"name": "All", "purpose": "main", "all_articles": "1", "members": [study.members[0].pk]}
    signed_in(study.lead.user).post(f"/p/{study.slug}/rounds/new/", sent)
    assert Round.objects.get(name="All").assignments.count() == 2


def test_closing_a_round_twice_leaves_it_closed() -> None:
    study = make.study()
    client, url = signed_in(study.lead.user), f"/p/{study.slug}/rounds/{study.round.pk}/close/"
    client.post(url, {"state": "closed"})
    first = Round.objects.get().closed_at
    client.post(url, {"state": "closed"})
    assert Round.objects.get().closed_at == first is not None
    client.post(url, {"state": "open"})
    assert Round.objects.get().closed_at is None


@pytest.mark.parametrize("name", ["x" * 101, "a\0b"])
def test_a_round_whose_name_cannot_be_stored_is_refused(name: str) -> None:
    study = make.study()
    sent = {"name": name, "purpose": "main", "articles": [study.articles[0].pk], "members": [study.members[0].pk]}
    answer = signed_in(study.lead.user).post(f"/p/{study.slug}/rounds/new/", sent)
    assert answer.status_code == 400
    assert "This name" in answer.content.decode()
    assert Round.objects.count() == 1


def test_a_title_is_never_cut_in_silence() -> None:
    answer = signed_in(make.user()).post("/", {"title": "long " * 50})
    assert answer.status_code == 400
    assert "200 are the most" in answer.content.decode()


def test_an_open_invitation_is_listed_and_can_be_withdrawn() -> None:
    lead = make.project()
    client = signed_in(lead.user)
    shown = client.post(f"/p/{lead.project.slug}/members/", {"role": "viewer"}).content.decode()
    link = shown.split('<code id="link">')[1].split("<")[0].replace("http://testserver", "")
    withdraw = shown.split('action="')[1:]
    client.post(next(part for part in withdraw if "withdraw" in part).split('"')[0])
    refused = Client().get(link)
    assert refused.status_code == 404
    assert "withdrawn" in refused.content.decode()
    assert "nobody has accepted" not in client.get(f"/p/{lead.project.slug}/members/").content.decode()


def test_an_invitation_of_another_project_cannot_be_withdrawn() -> None:
    lead, stranger = make.project(), make.project()
    key = invite(lead=lead, role="annotator")
    number = Invitation.objects.get().pk
    url = f"/p/{stranger.project.slug}/members/{number}/withdraw/"
    assert signed_in(stranger.user).post(url).status_code == 404
    assert Client().get(f"/join/{key}/").status_code == 200


def test_a_command_lets_the_first_lead_into_a_project_that_a_command_made() -> None:
    out = StringIO()
    call_command("invite", "made-by-command", create=True, stdout=out)
    path = out.getvalue().split("127.0.0.1:8000")[1].split("\n")[0]
    answer = Client().post(path, {"username": "vera", "password": "weather-and-tides"})
    assert answer["Location"] == "/p/made-by-command/"
    assert Membership.objects.get(user__username="vera").role == Role.LEAD
