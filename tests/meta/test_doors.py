"""Every address of the site: under a strict policy. Who may use it stands in tests/web/routes.py."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from annotator.middleware import POLICY
from tests import make

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


def test_the_walk_finds_the_pages_of_the_site() -> None:
    assert {"/p/demo/", "/healthz"} < set(ALL)
    assert not [path for path in ALL if "<" in path]


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
def test_nobody_can_sign_up(client: Client) -> None:
    assert not [path for path in ALL if "signup" in path or "register" in path]
    assert client.get("/accounts/login/").status_code == 200
