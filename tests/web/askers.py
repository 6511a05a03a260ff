"""Somebody at his browser, in tests that ask thousands of times: what a request changed is undone after it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from io import BytesIO
from zipfile import ZipFile

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from projects.models import User
from projects.queries import lexicons
from projects.queries.codebooks import codebook


class Asker:
    """With `SESSION_ENGINE` in cookies, signing out too is undone: each request comes with the first cookies."""

    def __init__(self, role: str, user: User | None = None) -> None:
        self.role = role
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def ask(self, method: str, address: str, sent: Callable[[], Mapping[str, object]] = dict) -> HttpResponseBase:
        self.client.cookies = SimpleCookie(self.cookies)
        if method in ("GET", "HEAD"):
            return self.client.generic(method, address)
        kind = {"content_type": "application/json"} if address.startswith("/api/") else {}
        with undone():
            if method != "POST":
                return self.client.generic(method, address)
            return self.client.post(address, sent(), **kind)


@contextmanager
def undone() -> Iterator[None]:
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        for kept in (codebook, lexicons.lexicon, lexicons.terms, lexicons.aliases):
            kept.cache_clear()


def content_of(answer: HttpResponseBase) -> bytes:
    """What the answer holds, of an archive what its files hold."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"PK\3\4"):
        return content
    with ZipFile(BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in sorted(archive.namelist()))
