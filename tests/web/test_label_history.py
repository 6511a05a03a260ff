"""Labels as of a moment, the history of a unit, and labels put back: on pages, for those who may see them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.core.mending import Split
from annotator.models import LabelRestore
from projects.models import Membership, Role, Round
from projects.services.rounds import set_closed
from tests import make, mended, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2, texts=[mended.TEXT])


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, name: str, *args: object, status: int = 200, **query: object) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def test_an_article_shows_its_labels_of_now_and_of_then(study: make.Study) -> None:
    unit, article = study.units()[0], study.articles[0].pk
    make.label(study.assignment(), unit, "stance", "for")
    at = timezone.now()
    make.label(study.assignment(), unit, "stance", "against", 1)
    make.label(study.assignment(1), unit, "tone", "0")
    mended.mend(study, Split(study.units()[1].start + 4))
    lead = client_of(study.lead)
    now = text_of(lead, "article_labels", study.slug, article)
    assert [words in now for words in ("Against", "Even", "text version 2")] == [True] * 3
    then = text_of(lead, "article_labels", study.slug, article, as_of=at.isoformat())
    assert [words in then for words in (">For<", "text version 1", "Against", "Even")] == [True, True, False, False]
    before = text_of(lead, "article_labels", study.slug, article, as_of=(at - timedelta(days=1)).isoformat())
    assert "Nobody had been given this article then" in before
    assert "can be read" in text_of(lead, "article_labels", study.slug, article, status=400, as_of="soon")
    text_of(lead, "article_labels", study.slug, article, status=404, round=study.round.pk + 99)


def test_the_history_of_a_unit_says_what_happened_and_by_what(study: make.Study) -> None:
    share, unit = study.assignment(), study.units()[1]
    make.label(share, unit, "stance", "for")
    at = timezone.now()
    make.label(share, unit, "stance", None, 1)
    lead = client_of(study.lead)
    done = lead.post(
        reverse("restore_labels", args=[study.slug, study.round.pk]),
        {"annotator": study.members[0].pk, "as_of": at.isoformat()},
        follow=True,
    )
    assert "1 label stands as it stood then" in done.content.decode()
    lead.post(reverse("undo_restore", args=[study.slug, study.round.pk, LabelRestore.objects.get().pk]))
    make.label(share, unit, "stance", "for", 4)
    moved.move(study, moved.later({"stance": {"values.for": ["against"]}}))
    mended.mend(study, Split(unit.start + 4))
    page = text_of(lead, "label_history", study.slug, share.pk, mended.unit(study, unit.index).pk)
    told = [
        ">answered",
        "taken back",
        "put back by",
        "restoring was undone",
        "version 2 of the codebook",
        "mended, to be",
    ]
    assert [page.find(words) >= 0 for words in told] == [True] * len(told)
    assert [page.find(words) for words in told] == sorted(page.find(words) for words in told)


def test_a_lead_looks_first_what_would_change(study: make.Study) -> None:
    unit = study.units()[0]
    make.label(study.assignment(), unit, "stance", "for")
    at = timezone.now().isoformat()
    make.label(study.assignment(), unit, "stance", "against", 1)
    lead, where = client_of(study.lead), ("restore_labels", study.slug, study.round.pk)
    assert "Put labels back" in text_of(lead, *where)
    page = text_of(lead, *where, annotator=study.members[0].pk, as_of=at)
    assert "One label would change" in page
    assert page.index("Against") < page.index(">For<")
    assert "Nothing would change" in text_of(lead, *where, annotator=study.members[1].pk, as_of=at)
    refused = lead.post(reverse(where[0], args=where[1:]), {"annotator": study.members[1].pk, "as_of": at})
    assert refused.status_code == 400
    assert "future" in text_of(lead, *where, status=400, annotator=study.members[0].pk, as_of="2126-01-01T00:00Z")
    text_of(client_of(study.members[0]), *where, status=403)


def test_annotators_see_their_own_and_nobody_sees_what_is_blind_to_him(study: make.Study) -> None:
    unit = study.units()[0]
    for number in range(2):
        make.label(study.assignment(number), unit, "stance", "for")
    mine, others = study.assignment().pk, study.assignment(1).pk
    annotator = client_of(study.members[0])
    assert reverse("share_labels", args=[study.slug, mine]) in text_of(annotator, "own_labels", study.slug)
    assert ">For<" in text_of(annotator, "share_labels", study.slug, mine)
    assert "answered" in text_of(annotator, "label_history", study.slug, mine, unit.pk)
    text_of(annotator, "share_labels", study.slug, others, status=404)
    text_of(annotator, "label_history", study.slug, others, unit.pk, status=404)
    text_of(annotator, "article_labels", study.slug, study.articles[0].pk, status=403)
    # An adjudicator who annotates in the open blind round.
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.ADJUDICATOR)
    text_of(annotator, "share_labels", study.slug, others, status=404)
    assert "Nobody was given" in text_of(annotator, "article_labels", study.slug, study.articles[0].pk)
    set_closed(lead=study.lead, round=study.round, closed=True)
    assert ">For<" in text_of(annotator, "share_labels", study.slug, others)


def test_what_a_round_keeps_from_its_annotators_is_kept_here_too() -> None:
    study = make.study(annotators=1)
    Round.objects.update(hide_headline=True)
    headline = study.units()[0]
    assert headline.kind == "headline"
    make.label(study.assignment(), headline, "stance", "for")
    annotator = client_of(study.members[0])
    assert "Bridge reopens" not in text_of(annotator, "own_labels", study.slug)
    assert "Bridge reopens" not in text_of(annotator, "share_labels", study.slug, study.assignment().pk)
    text_of(annotator, "label_history", study.slug, study.assignment().pk, headline.pk, status=404)
    assert "Bridge reopens" in text_of(client_of(study.lead), "share_labels", study.slug, study.assignment().pk)


def test_an_export_as_of_a_moment_comes_from_its_page(study: make.Study) -> None:
    lead, at = client_of(study.lead), timezone.now()
    make.label(study.assignment(), study.units()[0], "stance", "for")
    answer = lead.get(reverse("export_download", args=[study.slug]), {"as_of": at.isoformat()})
    assert f"as-of-{at:%Y-%m-%dT%H%M%SZ}" in answer.headers["Content-Disposition"]
    assert b",answered," not in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert lead.get(reverse("export_download", args=[study.slug]), {"as_of": "soon"}).status_code == 400
