"""The pages of the trash, and every other page once a round lies in it."""

import pytest
from django.test import Client
from django.urls import reverse

from annotator.services.snapshots import keep_report
from annotator.services.trash import trash_round
from projects.models import Article, Membership, Project, Round
from projects.services.rounds import set_closed
from tests import make
from tests.web.test_hostile_requests import addresses, hold

pytestmark = pytest.mark.django_db
NAME = "Zebra crossing"
TELL = {"trash", "history"}
"""The pages that name a round in the trash."""


@pytest.fixture
def study() -> make.Study:
    made = make.study(annotators=2)
    for number in range(2):
        make.label(made.assignment(number), made.units()[0], "stance", "for")
    Round.objects.update(name=NAME)
    set_closed(lead=made.lead, round=made.round, closed=True)
    keep_report(member=made.lead, round=Round.objects.get())
    set_closed(lead=made.lead, round=made.round, closed=False)
    return made


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_no_page_shows_a_round_in_the_trash(study: make.Study) -> None:
    paths, pk = list(addresses(study)), study.round.pk
    lead, annotator = client_of(study.lead), client_of(study.members[0])
    named = [path for path in paths if NAME.encode() in whole(lead, path, pk)]
    assert len(named) > 5
    trash_round(lead=study.lead, round=Round.objects.get())
    told = {reverse(name, args=[study.slug]) for name in TELL}
    for path in paths:
        for client in (lead, annotator):
            assert path in told or NAME.encode() not in whole(client, path, pk), path
    for path in paths:
        if "/rounds/" in path and "/trash/rounds/" not in path:
            hold(client_of(study.lead).post(path, {"round": pk}))
    assert Round.with_trash.get().deleted_at is not None


def whole(client: Client, path: str, round: int) -> bytes:
    answer = client.get(path, {"round": round})
    assert answer.status_code < 500
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_lead_throws_and_restores(study: make.Study) -> None:
    lead = client_of(study.lead)
    thrown = lead.post(reverse("trash_round", args=[study.slug, study.round.pk]), follow=True)
    assert f"“{NAME}” is in the trash" in thrown.content.decode()
    assert "30 days" in thrown.content.decode()
    back = lead.post(reverse("restore_round", args=[study.slug, study.round.pk]), follow=True)
    assert f"“{NAME}” is back" in back.content.decode()
    other = make.article(study.lead)
    lead.post(reverse("change_articles", args=[study.slug]), {"act": "drop", "articles": [other.pk]})
    lead.post(reverse("restore_article", args=[study.slug, other.pk]))
    assert Article.objects.get(pk=other.pk).deleted_at is None
    refused = lead.post(reverse("delete_project", args=[study.slug]), {"typed": "no"})
    assert refused.status_code == 400
    gone = lead.post(reverse("delete_project", args=[study.slug]), {"typed": study.project.title}, follow=True)
    assert "Deleted projects" in gone.content.decode()
    assert lead.get(f"/p/{study.slug}/").status_code == 404
    lead.post(reverse("restore_project", args=[study.project.pk]))
    assert Project.objects.get(pk=study.project.pk).deleted_at is None


def test_only_leads_use_it(study: make.Study) -> None:
    annotator = client_of(study.members[0])
    assert annotator.get(reverse("trash", args=[study.slug])).status_code == 403
    for name in ("trash_round", "restore_round"):
        assert annotator.post(reverse(name, args=[study.slug, study.round.pk])).status_code == 403
    assert annotator.post(reverse("delete_project", args=[study.slug]), {"typed": study.slug}).status_code == 403
    assert annotator.post(reverse("restore_project", args=[study.project.pk])).status_code == 404
    assert Round.objects.get().deleted_at is None


def test_what_no_row_can_have_as_its_id_is_not_there(study: make.Study) -> None:
    lead, huge = client_of(study.lead), 10**22
    for address in (reverse("restore_project", args=[huge]), reverse("restore_article", args=[study.slug, huge])):
        assert lead.post(address).status_code == 404
