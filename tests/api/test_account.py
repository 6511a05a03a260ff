import pytest
from django.test import Client

from projects.models import Token
from tests import make
from tests.api.callers import PROJECTS

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
