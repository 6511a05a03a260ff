"""Every address of the site: closed to strangers, and under a strict policy."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from annotator.middleware import POLICY
from tests import make

OPEN = {"/healthz", "/accounts/login/"}
# Whoever holds an invitation has no account yet; its key is the secret.
BY_KEY = ("/invitation/", "/invitations/", "/join/")
SAMPLES = {IntConverter: "1", SlugConverter: "demo", StringConverter: "word", UUIDConverter: "0" * 8 + "-0000-" * 3}


def addresses() -> Iterator[str]:
    yield from _addresses(get_resolver(), "/")


def _addresses(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = prefix + _sample(pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, path)
        else:
            yield path


def _sample(pattern: URLPattern | URLResolver) -> str:
    """The address of a pattern with something fitting in each of its places."""
    text = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        sample = SAMPLES.get(type(converter), "word")
        for written in (f"<{name}>", *(f"<{kind}:{name}>" for kind in ("int", "slug", "str", "uuid", "path"))):
            text = text.replace(written, sample)
    return text


ALL = sorted(set(addresses()))
CLOSED = [path for path in ALL if path not in OPEN and not path.startswith(BY_KEY)]


def test_the_walk_finds_the_pages_of_the_site() -> None:
    assert set(ALL) >= OPEN
    assert "/p/demo/" in CLOSED
    assert not [path for path in ALL if "<" in path]


@pytest.mark.django_db
@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in_or_refused(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/accounts/login/")
    else:
        assert answer.status_code in {401, 403}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*ALL, "/no/such/page"])
def test_every_answer_carries_the_strict_policy(client: Client, path: str) -> None:
    client.force_login(make.user(), backend="django.contrib.auth.backends.ModelBackend")
    client.raise_request_exception = False
    answer = client.get(path)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.status_code < 500


def test_the_policy_allows_neither_inline_code_nor_other_hosts() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert POLICY.startswith("default-src 'none'")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in ALL if path.startswith("/p/demo/")])
def test_a_member_of_another_project_finds_nothing(client: Client, path: str) -> None:
    study = make.study(annotators=1)
    stranger = make.project().user
    assert stranger is not None
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    mine = path.replace("/demo/", f"/{study.slug}/")
    assert client.get(mine).status_code in {404, 405}
    # A save reads its form first, for it finds assignment and unit in one query: an empty form is refused to everybody.
    assert client.post(mine).status_code in {404, 405} | ({400} if mine.endswith(("/save/", "/note/")) else set())


@pytest.mark.django_db
def test_nobody_can_sign_up(client: Client) -> None:
    assert not [path for path in ALL if "signup" in path or "register" in path]
    assert client.get("/accounts/login/").status_code == 200
