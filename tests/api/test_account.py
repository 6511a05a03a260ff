import pytest
from django.test import Client

from projects.models import Membership, Token
from projects.services.rounds import open_round
from tests import make
from tests.api.callers import ARTICLES, LABELS, PROJECTS, body

pytestmark = pytest.mark.django_db
ADDRESS = "/account/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make.user("ada"))
    return client


def test_the_key_is_shown_once_and_works(client: Client) -> None:
    page = client.post(ADDRESS, {"name": "R script", "scope": "read", "days": "30"})
    key = page.context["made"].key
    assert key in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert key not in client.get(ADDRESS).text
    assert Client().get(PROJECTS, headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 81}, {"name": "a\0b"}, {"scope": "all"}, {"days": "0"}, {"days": "９"}]
)
def test_a_token_that_can_not_be_is_not_made(client: Client, wrong: dict[str, str]) -> None:
    page = client.post(ADDRESS, {"name": "R script", "scope": "read", "days": "30", **wrong})
    assert page.status_code == 400
    assert not Token.objects.exists()


def test_a_name_is_taken_once_by_each_user(client: Client) -> None:
    form = {"name": "R script", "scope": "read", "days": "30"}
    client.post(ADDRESS, form)
    again = client.post(ADDRESS, form)
    assert again.status_code == 400
    assert "Choose another name" in again.text
    client.force_login(make.user("bert"))
    assert client.post(ADDRESS, form).status_code == 200


def test_a_revoked_token_is_marked_and_dead(client: Client) -> None:
    key = client.post(ADDRESS, {"name": "R script", "scope": "read", "days": "30"}).context["made"].key
    page = client.post(f"{ADDRESS}tokens/{Token.objects.get().pk}/revoke/", follow=True)
    assert "revoked" in page.text
    assert Client().get(PROJECTS, headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_nobody_sees_or_revokes_the_token_of_another(client: Client) -> None:
    client.post(ADDRESS, {"name": "R script", "scope": "read", "days": "30"})
    stranger = Client()
    stranger.force_login(make.user("eve"))
    assert "R script" not in stranger.get(ADDRESS).text
    assert stranger.post(f"{ADDRESS}tokens/{Token.objects.get().pk}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None


def test_the_page_needs_sign_in() -> None:
    assert Client().get(ADDRESS).status_code == 302


def test_a_token_for_chosen_projects_opens_no_other() -> None:
    lead = make.project("Bridges")
    other = make.study(1)
    make.project("Ferries", lead=lead.user)
    Membership.objects.create(project=other.project, user=lead.user, role="annotator", pseudonym="B")
    assert lead.user is not None
    browser = Client()
    browser.force_login(lead.user)
    form = {"name": "R", "scope": "write", "days": "9", "project": [lead.project_id]}
    assert browser.post(ADDRESS, form | {"project": [lead.project_id, 10**9]}).status_code == 400
    made = browser.post(ADDRESS, form)
    script = Client(headers={"Authorization": f"Bearer {made.context['made'].key}"})
    assert [row["slug"] for row in script.get(PROJECTS).json()["results"]] == ["bridges"]
    assert script.get(f"{PROJECTS}ferries/").status_code == 404
    assert script.get(ARTICLES).json()["results"] == []
    assert script.post(PROJECTS, {"title": "New"}, content_type="application/json").status_code == 403
    round = open_round(
        lead=other.lead, name="R", purpose="pilot", articles=other.articles, members=[*other.project.memberships.all()]
    )
    choice = body(other.units()[0], assignment=round.assignments.get(member__user=lead.user).pk)
    assert script.post(LABELS, choice, content_type="application/json").status_code == 404
    assert script.post(f"{LABELS}bulk/", {"choices": [choice]}, content_type="application/json").status_code == 207
    assert "Bridges</bdi></td>" in browser.get(ADDRESS).text
    used = Token.objects.get().last_used_at
    assert used is not None
    script.get(PROJECTS)
    assert Token.objects.get().last_used_at == used
