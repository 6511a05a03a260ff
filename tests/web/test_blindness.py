"""What somebody who annotates in an open blind round is served does not depend on what the others say there.

He asks for every address, twice: before the others have done anything, and after. Nothing of theirs may show; and not a
byte may differ, but where a lead watches how far the work is.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from pytest_django import Settings

from annotator.models import AccessEntry, Decision, DecisionEvent, HintEvent
from annotator.services.adjudication import queue_unit
from annotator.services.notes import Remark, answer_note, leave_remark
from annotator.services.snapshots import keep_report
from projects.models import Assignment, Membership, Role, Round, User
from projects.queries.access import own_assignment
from projects.services.rounds import open_round, set_closed
from tests import make
from tests.web.askers import Asker, content_of
from tests.web.routes import ADJUDICATOR, AGREEMENT, ANNOTATOR, LABELS, LEAD, NOTES, PROGRESS, ROUTES
from tests.web.scene import Scene, scene
from tests.web.test_access import PLACES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAID = [b"Canary", b"canary", b"73.0625", b"37.0625"]
"""In answers, notes, reasons and decisions of the others."""
NAMES = [b"Quillon", b"quillon"]
"""In their names, which leads and adjudicators may know."""
CHANGING = re.compile(rb'[a-zA-Z0-9]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|name="seed"[^>]*')
"""Tokens against forgery, keys of events, seeds: new with each answer."""
API_READS = {"round", "article", "variable", "annotator", "project", "count", "text_version"}
API_FILTERED = {
    "api_articles",
    "api_article",
    "api_units",
    "api_labels",
    "api_decisions",
    "api_assignments",
    "api_notes",
}
CHANGING_HEADERS = {"Content-Length", "Expires", "Last-Modified"}
# Gold is told by its own pages, and only where it came from a round that may be seen.
SERVING = [
    name
    for name, route in ROUTES.items()
    if route.reads and route.got != 404 and {LABELS, NOTES, AGREEMENT} & {*route.serves} and not name.startswith("gold")
]
ROLES = [ANNOTATOR, ADJUDICATOR, LEAD]
Answers = dict[str, tuple[int, bytes, bytes]]
"""Status, headers and content, by what was asked."""


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> Iterator[None]:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    cache.clear()
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of what views looked for in addresses and forms."""
    noted: set[str] = set()
    for act in ("__getitem__", "__contains__", "getlist"):
        look = getattr(QueryDict, act)

        def noting(sent: QueryDict, name: str, *rest: object, look: object = look) -> object:
            noted.add(name)
            return look(sent, name, *rest)  # type: ignore[operator]

        monkeypatch.setattr(QueryDict, act, noting)
    return noted


class Others:
    """An annotator and a lead who are nobody of the scene's, and what they do in its round."""

    def __init__(self, here: Scene) -> None:
        self.study = here.study
        self.annotator, self.lead = (make.member(here.study.project, role) for role in (Role.ANNOTATOR, Role.LEAD))
        for number, member in enumerate((self.annotator, self.lead)):
            name = f"Quillon {number}"
            User.objects.filter(pk=member.user_id).update(username=f"quillon{number}", first_name=name)
            Membership.objects.filter(pk=member.pk).update(pseudonym=name)
        self.share = share(here.study.round, self.annotator)

    def work(self) -> None:
        study, unit = self.study, self.study.units()[0]
        study.round.refresh_from_db()
        answers = {
            "stance": "against",
            "remark": "Canary of a remark",
            "weight": 73.0625,
            "tone": "-1",
            "side": ["army"],
        }
        for some, (variable, value) in product(study.units(), answers.items()):
            make.label(self.share, some, variable, value)
        make.label(study.assignment(1), unit, "weight", 37.0625)
        leave_remark(assignment=self.share, unit=unit, uuid=uuid4(), remark=Remark("Canary of a note"))
        note = self.annotator.notes.latest("pk")
        leave_remark(assignment=self.share, unit=unit, uuid=uuid4(), remark=Remark(flag=True))
        answer_note(member=self.lead, note_id=note.pk, text="Canary of an answer")
        leave_remark(assignment=self.share, unit=unit, uuid=uuid4(), remark=Remark("Canary of a question"))
        queue_unit(member=self.lead, round=study.round, unit=unit, variable="weight")
        made = Decision.objects.create(round=study.round, unit=unit, variable="remark", value="Canary", version=1)
        said = {"member": self.lead, "value": made.value, "reason": "Canary of a reason", "sequence": 1}
        DecisionEvent.objects.create(uuid=uuid4(), decision=made, **said)
        place = {"lexicon": "canary", "number": 1, "start": unit.start, "end": unit.start + 3, "act": "dismissed"}
        HintEvent.objects.create(uuid=uuid4(), assignment=self.share, unit=unit, value="canary", **place)
        keep_report(member=self.lead, round=study.round)
        # Nobody is told either what his shares are for.
        Assignment.objects.filter(round=study.round).update(why=Assignment.Why.GOLD)


def share(round: Round, member: Membership) -> Assignment:
    drawn = Assignment.objects.filter(round=round)[0]
    made = Assignment.objects.create(
        round=round, text_version=drawn.text_version, member=member, units_total=drawn.units_total
    )
    return own_assignment(member.user_id or 0, made.pk)


def blind_scene() -> Scene:
    """A blind round in which lead and adjudicator annotate too, and one to train."""
    here = scene()
    study, members = here.study, Membership.objects.filter(project=here.study.project)
    for role in (LEAD, ADJUDICATOR):
        here.shares[role] = share(study.round, members.get(role=role))  # type: ignore[index]
    everybody = [*study.members, *members.filter(role__in=(LEAD, ADJUDICATOR))]
    open_round(lead=study.lead, name="Training", purpose="training", articles=study.articles, members=everybody)
    return here


def values(here: Scene, other: Others) -> Mapping[str, list[object]]:
    """What stands in place of each parameter."""
    study, unit = here.study, here.study.units()[0]
    return {
        "round": [study.round.pk],
        "unit": [unit.pk],
        "variable": ["stance", "weight", "attribution.source"],
        "by": ["annotators", "article", "fifth", "rounds"],
        "format": ["json", "methods", "bundle", "long", "spreadsheet"],
        "first": ["for"],
        "second": ["against"],
        "annotator": [other.share.member.pseudonym, "Quillon 0"],
        "article": [study.articles[0].pk],
        "project": [study.slug],
        **{
            name: [1]
            for name in ("settled", "count", "in_text", "page", "text_version", "version", "since", "codebook")
        },
        "to": [2],
        "q": ["bridge"],
        "state": ["drawn"],
        "done": [here.places["entry"]],
        "before": [10**6],
        "after": [0],
    }


def asked_of(here: Scene, other: Others, name: str, role: str) -> Iterator[str]:
    """The addresses of a route: with one's own, and with what the others have or will make."""
    places = here.places_of(name, PLACES[name], role)
    yield reverse(name, kwargs=places)
    made = {place: int(str(here.places[place])) + 1 for place in ("snapshot_id", "note_id", "queued_id")}
    theirs = {"assignment_id": other.share.pk, "share_id": other.share.pk, "token_id": here.tokens[LEAD]}
    for place, foreign in (made | theirs).items():
        if place in places:
            yield reverse(name, kwargs=places | {place: foreign})


def crawl(here: Scene, other: Others, role: str, read: set[str]) -> Answers:
    asker, filled = Asker(role, here.people[role]), values(here, other)
    found: Answers = {}
    for name in ROUTES:
        for address in asked_of(here, other, name, role):
            read.clear()
            found[f"{name} {address}"] = seen(asker.ask("GET", address))
            if role != ANNOTATOR and not ROUTES[name].serves:
                continue
            known = filled.keys() & read
            if address.startswith("/api/"):
                known = API_READS if name in API_FILTERED else {"count"}
            always = f"{ROUTES[name].query}&round={here.study.round.pk}" if "round" in known else ROUTES[name].query
            always += f"&annotator={other.annotator.pk}&as_of=2000-01-01T00:00" if name == "restore_labels" else ""
            for query in (always, *(f"{always}&{urlencode({key: value})}" for key in known for value in filled[key])):
                found[f"{name} {address}?{query}"] = seen(asker.ask("GET", f"{address}?{query}"))
            if not address.startswith("/api/"):
                answer = asker.client.get(address, headers={"HX-Request": "true", "Accept": "application/json"})
                found[f"{name} {address} in part"] = seen(answer)
            if ROUTES[name].writes:
                found[f"{name} {address} sent"] = seen(asker.ask("POST", address, partial(here.sent, name, role)))
    return found


def seen(answer: HttpResponseBase) -> tuple[int, bytes, bytes]:
    told = {name: morsel.value for name, morsel in answer.cookies.items() if name == "messages"}
    kept = {name: value for name, value in answer.headers.items() if name not in CHANGING_HEADERS}
    headers = repr(sorted({**kept, **told}.items())).encode()
    return answer.status_code, CHANGING.sub(b"", headers), CHANGING.sub(b"", content_of(answer))


def any_in(words: list[bytes], answer: tuple[int, bytes, bytes]) -> bool:
    return any(word in part for word in words for part in answer[1:])


def test_nothing_of_the_others_shows_in_an_open_blind_round(read: set[str]) -> None:
    here = blind_scene()
    other = Others(here)
    before = {role: crawl(here, other, role, read) for role in ROLES}
    other.work()
    cache.clear()
    leaks = []
    for role in ROLES:
        after = crawl(here, other, role, read)
        assert set(before[role]) == set(after)
        forbidden = SAID + (NAMES if role == ANNOTATOR else [])
        for what, (status, headers, content) in after.items():
            watched = role != ANNOTATOR and PROGRESS in ROUTES[what.partition(" ")[0]].serves
            if found := [word for word in forbidden if word in headers + content]:
                leaks.append(f"{what} shows {found[0]!r} to the {role}")
            if not watched and not what.endswith(" sent") and before[role][what] != (status, headers, content):
                leaks.append(f"{what} tells the {role} that others were at work")
    assert not leaks, "\n".join(leaks)
    own = {here.people[role].pk for role in ROLES}
    assert not AccessEntry.objects.filter(round=here.study.round, member__user__in=own).exists()
    set_closed(lead=other.lead, round=here.study.round, closed=True)
    found = {what: parts for what, parts in crawl(here, other, LEAD, read).items() if not what.endswith(" sent")}
    shown = {what.partition(" ")[0] for what, parts in found.items() if any_in(SAID, parts)}
    # The archive holds all rounds or none, and another blind one of the lead is still open.
    assert shown | {"export_archive"} == {name for name in SERVING if {LABELS, NOTES} & {*ROUTES[name].serves}}


def test_whoever_is_served_others_answers_is_noted_and_no_cache_keeps_them() -> None:
    here = scene()
    lead = Asker(LEAD, here.people[LEAD])
    Round.objects.update(blind=False)
    for name in SERVING:
        AccessEntry.objects.all().delete()
        address = reverse(name, kwargs=here.places_of(name, PLACES[name], LEAD))
        more = f"annotator={here.study.members[0].pk}&as_of=2000-01-01T00:00" if name == "restore_labels" else ""
        round = "" if name in ("api_agreement", "api_note") else f"round={here.study.round.pk}"
        answer = lead.ask("GET", f"{address}?{ROUTES[name].query}&{round}&{more}")
        content_of(answer)
        assert AccessEntry.objects.filter(round=here.study.round).exists(), name
        assert "no-store" in answer.headers["Cache-Control"], name
