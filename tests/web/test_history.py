"""The history of a project: who did what when, in plain words, for leads."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import AuditEntry, Membership
from projects.services.article_metadata import set_column
from projects.services.linking import drop
from projects.services.rounds import set_closed
from projects.web import history as pages
from tests import make

pytestmark = pytest.mark.django_db


def page(caller: Membership, status: int = 200, **query: object) -> str:
    client = Client()
    assert caller.user is not None
    client.force_login(caller.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("history", args=[caller.project.slug]), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_acts_are_told_in_words_and_filtered(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make.study(annotators=1)
    other = make.member(study.project, "lead")
    set_closed(lead=other, round=study.round, closed=True)
    set_column(member=study.lead, articles=[study.articles[0].pk], name="desk", value="home")
    drop(member=study.lead, articles=[make.article(study.lead).pk])
    AuditEntry.objects.create(project=study.project, member=None, act="sweep floors", detail={"rooms": list(range(9))})
    told = page(study.lead)
    for words in (
        "opened a round",
        "moved articles to the trash",
        "1 article",
        "column: desk",
        "sweep floors",
        "rooms: 9",
    ):
        assert words in told, words
    places = [told.index(f"<td>{words}") for words in ("moved articles", "closed a round", "made the project")]
    assert places == sorted(places)
    mine = page(study.lead, member=other.pk)
    assert "<td>closed a round</td>" in mine
    assert "<td>opened a round</td>" not in mine
    assert "<td>closed a round</td>" not in page(study.lead, act="open round")
    assert "Nothing fits" in page(study.lead, act="no such act")
    monkeypatch.setattr(pages, "AT_ONCE", 3)
    first = page(study.lead)
    assert "made the project</td>" not in first
    assert "Next page" in first
    page(study.members[0], status=403)
