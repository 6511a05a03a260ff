from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import Token
from projects.services.tokens import make_token
from tests import make
from tests.api.callers import ARTICLES, LABELS, PROJECTS, bearer, body, browser_of, script_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [PROJECTS, ARTICLES, LABELS, f"{ARTICLES}1/", "/api/schema/", "/api/nothing/"])
def test_the_anonymous_are_asked_for_a_token_and_not_sent_to_a_page(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_key_is_kept_as_a_hash_only() -> None:
    made = make_token(user=make.user(), name="R script", scope="read", days=1)
    stored = Token.objects.get()
    assert made.key not in str(vars(stored))
    assert len(made.key) > 40


def test_a_token_opens_the_projects_of_its_user() -> None:
    lead = make.project("Bridges")
    answer = script_of(lead, "read").get(PROJECTS).json()
    assert [row["slug"] for row in answer["results"]] == ["bridges"]


@pytest.mark.parametrize("change", [{"expires_at": timezone.now() - timedelta(1)}, {"revoked_at": timezone.now()}])
def test_an_expired_or_revoked_token_opens_nothing(change: dict[str, object]) -> None:
    script = bearer(make.user())
    assert script.get(PROJECTS).status_code == 200
    Token.objects.update(**change)
    assert script.get(PROJECTS).status_code == 401


def test_a_token_dies_with_its_account() -> None:
    user = make.user()
    script = bearer(user)
    user.is_active = False
    user.save()
    assert script.get(PROJECTS).status_code == 401


@pytest.mark.parametrize("key", ["", "x", "annotator_" + "x" * 5000, "ÿþ", "a b c"])
def test_an_unknown_key_is_refused(client: Client, key: str) -> None:
    assert client.get(PROJECTS, headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_a_token_that_may_only_read_saves_nothing(study: make.Study) -> None:
    member = study.members[0]
    answer = script_of(member, "read").post(LABELS, body(study.units()[0]), content_type="application/json")
    assert answer.status_code == 403
    assert "may only read" in answer.json()["detail"]


def test_a_session_saves_with_a_csrf_token_only(study: make.Study) -> None:
    browser = browser_of(study.members[0], csrf=True)
    choice = body(study.units()[0])
    refused = browser.post(LABELS, choice, content_type="application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    browser.get("/account/")
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post(LABELS, choice, content_type="application/json", headers=token).status_code == 200


def test_a_wrong_token_is_not_saved_by_a_session(study: make.Study) -> None:
    browser = browser_of(study.members[0])
    assert browser.get(PROJECTS, headers={"Authorization": "Bearer x"}).status_code == 401
