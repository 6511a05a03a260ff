from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from django.test import Client
from pytest_django import Settings

from projects.api import throttling
from tests import make
from tests.api.callers import ARTICLES, PROJECTS, bearer

MOST = 10


@pytest.fixture(autouse=True)
def _few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """All in one minute, of which 20 seconds are left."""
    settings.API_REQUESTS_A_MINUTE = MOST
    monkeypatch.setattr(throttling, "time", lambda: 1_000 * 60 + 40)
    throttling.shutil.rmtree(settings.DATA_DIR / "throttle", ignore_errors=True)


@pytest.mark.django_db
def test_too_many_requests_of_a_token_are_refused_until_the_minute_is_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user()
    script, other = bearer(user), bearer(user)
    assert {script.get(PROJECTS).status_code for _ in range(MOST)} == {200}
    refused = script.get(ARTICLES)
    assert (refused.status_code, refused.headers["Retry-After"], refused.json()["retry_after"]) == (429, "20", 20)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert other.get(PROJECTS).status_code == 200
    monkeypatch.setattr(throttling, "time", lambda: 1_001 * 60)
    assert script.get(PROJECTS).status_code == 200
    assert [folder.name for folder in (settings.DATA_DIR / "throttle").iterdir()] == ["1001"]


@pytest.mark.django_db
def test_a_user_has_no_more_with_more_tokens() -> None:
    user = make.user()
    answers = [bearer(user).get(PROJECTS).status_code for _ in range(2 * MOST + 1)]
    assert (answers[:-1], answers[-1]) == ([200] * 2 * MOST, 429)


@pytest.mark.django_db
def test_whoever_is_not_known_is_counted_by_his_address() -> None:
    client = Client()
    assert [client.get(PROJECTS).status_code for _ in "ab"] == [401, 429]
    assert client.get(PROJECTS, headers={"Authorization": "Bearer x"}).status_code == 429
    assert client.get(PROJECTS, REMOTE_ADDR="192.0.2.1").status_code == 401
    assert bearer(make.user()).get(PROJECTS).status_code == 200


def test_all_processes_count_together() -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        counted = list(pool.map(throttling._count, ["one"] * 200))
    assert max(counted) == 200
