"""Ways round blindness and masks that no crawl of addresses finds, for they need an act of the asker's own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from annotator.models import AccessEntry
from annotator.queries.dashboard import overview_of
from annotator.queries.gold import visible_gold
from annotator.queries.gold_pages import taken_back
from annotator.services.agreed import accept_agreed
from annotator.services.gold import gold_from_own, take_back
from annotator.services.notes import Remark, leave_remark
from projects.models import Assignment, Membership, Role, Round
from projects.services.rounds import open_round
from projects.services.shares import release_shares
from tests import make
from tests.web.test_coding import signed_in

pytestmark = pytest.mark.django_db
TEXT = "Quay closed after the storm\n\nBy Ines Calder\n\nThe quay was closed. Nobody was hurt.\n"


@pytest.fixture
def study() -> make.Study:
    """Two leads annotate in an open blind round, and agree."""
    cache.clear()
    made = make.study(annotators=2)
    for number, member in enumerate(made.members):
        Membership.objects.filter(pk=member.pk).update(role=Role.LEAD)
        member.refresh_from_db()
        for unit in made.units():
            make.label(made.assignment(number), unit, "attribution", [])
    return made


def test_what_others_made_of_the_round_stays_hidden_and_ones_own_is_no_exception(study: make.Study) -> None:
    asker, other = study.members
    gold_from_own(lead=other, assignment_id=study.assignment(1).pk)
    assert not visible_gold(asker).exists()
    assert visible_gold(other).exists()
    leave_remark(assignment=study.assignment(1), unit=study.units()[0], uuid=uuid4(), remark=Remark("Mine."))
    browser = signed_in(other.user)
    browser.get(reverse("overview", args=[study.slug]))
    assert b"Take back" in browser.get(reverse("gold_article", args=[study.slug, study.articles[0].pk])).content
    assert not AccessEntry.objects.exists()
    take_back(lead=other, article_id=study.articles[0].pk)
    assert not taken_back(asker, study.articles[0].pk)
    accept_agreed(member=study.lead, round=study.round, variable="attribution", batch=uuid4())
    history = reverse("history", args=[study.slug])
    assert b"<td>took over what all agree on" in signed_in(study.lead.user).get(history).content
    assert b"<td>took over what all agree on" not in signed_in(asker.user).get(history).content


def test_a_lead_whose_shares_were_taken_back_sees_no_agreement_either(study: make.Study) -> None:
    release_shares(lead=study.lead, member=study.members[0], begun=True)
    Assignment.objects.filter(member=study.members[0]).update(state=Assignment.State.RELEASED)
    assert [state.is_hidden for state in overview_of(study.members[0]).rounds] == [True]
    assert [state.is_hidden for state in overview_of(study.lead).rounds] == [False]


def test_who_reads_on_the_overview_how_hidden_gold_was_met_is_noted(study: make.Study) -> None:
    gold_from_own(lead=study.members[1], assignment_id=study.assignment(1).pk)
    Assignment.objects.filter(round=study.round).update(why=Assignment.Why.GOLD)
    Round.objects.filter(pk=study.round.pk).update(draw={"ask": {"gold": [study.articles[0].pk]}})
    for reader in (study.members[0], study.lead):
        signed_in(reader.user).get(reverse("overview", args=[study.slug]))
    assert list(AccessEntry.objects.values_list("member", "what")) == [(study.lead.pk, AccessEntry.What.OVERVIEW)]


def test_a_share_that_comes_later_cannot_be_found_out(study: make.Study) -> None:
    member = make.member(study.project)
    again = open_round(lead=study.lead, name="Again", purpose="retest", articles=study.articles, members=[member])
    later = timezone.now() + timedelta(days=9)
    Assignment.objects.filter(round=again).update(available_from=later)
    share, browser = Assignment.objects.get(round=again), signed_in(member.user)
    assert browser.get(reverse("share_labels", args=[study.slug, share.pk])).status_code == 404
    address = reverse("label_history", args=[study.slug, share.pk, study.units()[0].pk])
    assert browser.get(address).status_code == 404
    assert b"given back" not in browser.get(reverse("leave_project", args=[study.slug])).content
    assert browser.get("/api/v1/articles/").json()["results"] == []
    assert signed_in(study.lead.user).get(address).status_code == 200


def test_a_note_on_a_masked_unit_does_not_unmask_it(study: make.Study) -> None:
    article, member = make.article(study.lead, TEXT, codable=["sentence"]), make.member(study.project)
    hide = {"hide_headline": True, "hide_byline": True}
    made = open_round(lead=study.lead, name="Masked", purpose="main", articles=[article], members=[member], **hide)
    address = reverse("leave_note", args=[study.slug, Assignment.objects.get(round=made).pk])
    browser, statuses = signed_in(member.user), {}
    for unit in article.text_versions.get().units.all():
        sent = {"event": str(uuid4()), "unit": unit.pk, "base_version": 0, "value": '{"text": "Who?"}'}
        statuses[unit.kind] = browser.post(address, sent).status_code
        if statuses[unit.kind] == 404:  # one that a lead wrote to the annotators
            made.notes.create(unit=unit, member=study.lead, text="Look here.", to_annotators=True)
    assert statuses == {"article": 200, "headline": 404, "byline": 404, "sentence": 200}
    told = browser.get(reverse("notes", args=[study.slug])).content
    assert b"Look here." in told
    assert b"The quay was closed." in told
    assert b"Ines Calder" not in told
    assert b"Quay closed" not in told
