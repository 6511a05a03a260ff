"""Signing in: what is guessed too often waits, however the name is written."""

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
TRIES = 10


def attempt(name: str, password: str = "not this one") -> int:
    return Client().post("/accounts/login/", {"username": name, "password": password}).status_code


@pytest.mark.parametrize("other", ["iris", " iris ", "\tiris", "ｉｒｉｓ"])
def test_guesses_count_together_however_the_name_is_written(other: str) -> None:
    make.user("iris")
    for number in range(TRIES):
        attempt("iris" if number % 2 else other)
    assert attempt("iris", make.PASSWORD) == 429


def test_a_lock_on_one_name_keeps_nobody_else_out() -> None:
    make.user("iris"), make.user("jonas")
    for _ in range(TRIES):
        attempt("iris")
    assert attempt("jonas", make.PASSWORD) == 302


def test_names_are_told_apart_by_their_capitals() -> None:
    make.user("iris")
    assert attempt("IRIS", make.PASSWORD) == 200


def test_the_answer_does_not_tell_whether_an_account_is_there() -> None:
    make.user("iris")
    there, absent = (
        Client().post("/accounts/login/", {"username": name, "password": "not this one"}).content.decode()
        for name in ("iris", "nobody")
    )
    assert "do not fit together" in there
    assert there.count("\n") == absent.count("\n")


@pytest.mark.parametrize("name", ["😀" * 300, "x" * 1_000_000])
def test_a_name_that_no_account_can_have_is_refused_before_it_is_looked_up(name: str) -> None:
    assert attempt(name) == 200


def test_after_signing_in_nobody_is_sent_to_another_site() -> None:
    make.user("iris")
    sent = {"username": "iris", "password": make.PASSWORD, "next": "https://example.org/"}
    assert Client().post("/accounts/login/", sent)["Location"] == "/"
