"""The access matrix: every named route, every method, everybody who might ask, about what is his and what isn't."""

import logging
from collections.abc import Iterator
from functools import lru_cache, partial
from urllib.parse import urlencode

import pytest
from django.contrib.auth.backends import ModelBackend
from django.template.base import Template
from django.urls import reverse
from pytest_django import Settings

from annotator.models import Label, Note, QueuedUnit
from projects.models import Article, Assignment, AuditEntry, CodebookVersion, Membership, Round
from tests import make
from tests.services.test_hints import CUES
from tests.web.askers import Asker, content_of, undone
from tests.web.routes import ANONYMOUS, EVERYBODY, LEAD, MEMBERS, NOBODY, ROUTES, named_routes
from tests.web.scene import scene

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAFE, OTHERS = ("GET", "HEAD"), ("PUT", "PATCH", "DELETE", "OPTIONS")
PLACES = {name: tuple(converters) for name, _path, converters in named_routes()}


@pytest.fixture(autouse=True)
def _quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of refusals are not worth a line each in a log, nor a query each for who asks."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    monkeypatch.setattr(ModelBackend, "get_user", lru_cache(ModelBackend.get_user))
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def _unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are not rendered where only the status counts; other tests read them."""
    monkeypatch.setattr(Template, "render", lambda _template, _context: "")


def expected(name: str, method: str, caller: str) -> int:
    """The status of an answer about what is there, and the caller's own where it is anybody's."""
    route, looks = ROUTES[name], method in SAFE
    allowed = route.reads if looks else route.writes
    if caller == ANONYMOUS and ANONYMOUS not in route.reads:
        return 401 if name.startswith("api_") else 302
    done = route.got if looks else route.done
    if method in OTHERS:
        allowed, done = route.changes.get(method, (NOBODY, 405))
    if not allowed:
        return 405
    usual = route.refused if caller in MEMBERS else 404
    if caller in allowed:
        usual = done
    return route.but.get(("GET" if looks else method, caller), usual)


def test_every_named_route_has_a_line_and_every_line_a_route() -> None:
    assert set(PLACES) == set(ROUTES)


@pytest.mark.usefixtures("_unwritten")
def test_who_may_what() -> None:
    here = scene()
    wrong = []
    for caller in EVERYBODY:
        asker = Asker(caller, here.people.get(caller))
        for name, wanted in PLACES.items():
            address = reverse(name, kwargs=here.places_of(name, wanted, caller))
            for method in (*SAFE, "POST", *OTHERS):
                answer = asker.ask(method, f"{address}?{ROUTES[name].query}", partial(here.sent, name, caller))
                told = f"{method} {name} by {caller}: {answer.status_code}"
                wrong += [told] if answer.status_code != expected(name, method, caller) else []
                if answer.status_code == 302 and name != "logout":
                    assert (caller == ANONYMOUS) == ("/accounts/login/?next=" in answer.headers["Location"]), told
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("_unwritten")
def test_what_is_not_ones_own_is_not_there() -> None:
    """Another project's under one's own name, and another's share or token: as if it were not."""
    here, there = scene(), scene(lexicon=CUES)
    strange = {**there.places, "number": 99, "codebook_changes number": 99}
    wrong = []
    for caller in MEMBERS:
        asker = Asker(caller, here.people[caller])
        others = {
            "assignment_id": [there.study.assignment().pk, here.study.assignment(1).pk],
            "token_id": [token for role, token in here.tokens.items() if role != caller],
            "notice_id": [notice for role, notice in here.notices.items() if role != caller],
        }
        for name, place in ((name, place) for name, places in PLACES.items() for place in places):
            if place == "slug" or name == "join":
                continue
            for foreign in others.get(place, [strange.get(place)]):
                address = reverse(name, kwargs=here.places_of(name, PLACES[name], caller) | {place: foreign})
                for method, allowed in (("GET", ROUTES[name].reads), ("POST", ROUTES[name].writes)):
                    sent = partial(here.sent, name, caller)
                    got = asker.ask(method, f"{address}?{ROUTES[name].query}", sent).status_code
                    right = {ROUTES[name].missing} if caller in allowed else {404, expected(name, method, caller)}
                    wrong += [] if got in right else [f"{method} {name} by {caller}, {place}: {got}, not {right}"]
    assert not wrong, "\n".join(wrong)


def test_nothing_of_another_project_is_reached_by_what_a_form_or_address_names() -> None:
    here, there = scene(), scene(lexicon=CUES)
    study, lead = there.study, Asker(LEAD, here.people[LEAD])
    Article.objects.filter(project=study.project).update(title="Zanzibar", metadata={"desk": "Zanzibar"})
    named = {
        **dict.fromkeys(("articles", "shown", "article", "original"), study.articles[0].pk),
        **dict.fromkeys(("members", "member"), study.members[0].pk),
        "round": study.round.pk,
        "unit": study.units()[0].pk,
        "done": there.places["entry"],
    }
    before = rows_of(study)
    for name, wanted in PLACES.items():
        address = reverse(name, kwargs=here.places_of(name, wanted, LEAD))
        for some in ({"round": named["round"]}, {**named, "round": ""}):
            answer = lead.ask("GET", f"{address}?{ROUTES[name].query}&{urlencode(some)}")
            assert b"Zanzibar" not in content_of(answer), name
        for field in named:
            with undone():
                sent = here.sent(name, LEAD)
                if field in sent:
                    lead.client.post(address, sent | {field: named[field]})
                    assert rows_of(study) == before, (name, field)


def rows_of(study: make.Study) -> list[object]:
    of_project = (Article, Membership, Round, CodebookVersion, AuditEntry)
    found = [model.objects.filter(project=study.project) for model in of_project]
    found += [model.objects.filter(round__project=study.project) for model in (Assignment, Label, Note, QueuedUnit)]
    return [list(rows.order_by("pk").values_list()) for rows in found]
