"""The pages of members, by the cast of lead and annotator."""

import pytest
from django.test import Client

from projects import permissions
from projects.models import Invitation, Membership, Role, User
from projects.services.members import accept_as_newcomer
from tests import make
from tests.meta.test_files import ROOT

pytestmark = pytest.mark.django_db


def signed_in(user: User | None) -> Client:
    client = Client()
    assert user is not None
    client.force_login(user)
    return client


@pytest.fixture
def study() -> make.Study:
    return make.study(annotators=2)


@pytest.fixture
def lead(study: make.Study) -> Client:
    return signed_in(study.lead.user)


def test_a_member_is_changed_removed_and_brought_back(study: make.Study, lead: Client) -> None:
    person = study.members[0]
    page = f"/p/{study.slug}/members/{person.pk}/"
    done = lead.post(page, {"role": "adjudicator", "pseudonym": "Judge", "group": "experts"}, follow=True)
    assert "Judge is changed." in done.content.decode()
    assert f"{make.PASSWORD}" not in done.content.decode()
    assert "until" in lead.get(page).content.decode()
    refused = lead.post(page, {"role": "lord", "pseudonym": "", "group": ""})
    assert refused.status_code == 400
    assert "Choose a role." in refused.content.decode()
    removed = lead.post(f"{page}remove/", follow=True)
    assert "Judge is no member any more." in removed.content.decode()
    assert "One article not begun was released." in removed.content.decode()
    assert lead.get(page).status_code == 404
    undo = removed.content.decode().split("/members/undo/")[1].split("/")[0]
    back = lead.post(f"/p/{study.slug}/members/undo/{undo}/", follow=True)
    assert "That is undone." in back.content.decode()
    assert lead.get(page).status_code == 200


def test_a_member_without_a_sign_in_is_invited_to_his_labels(study: make.Study, lead: Client) -> None:
    coder = Membership.objects.create(project=study.project, role=Role.ANNOTATOR, pseudonym="coder 1")
    page = lead.post(f"/p/{study.slug}/members/{coder.pk}/invite/").content.decode()
    key = page.split("/join/")[1].split("/")[0]
    assert accept_as_newcomer(username="rita", password=make.PASSWORD, key=key).pk == coder.pk
    assert lead.post(f"/p/{study.slug}/members/{coder.pk}/invite/").status_code == 404


def test_an_invitation_tells_the_lead_for_whom_it_was(study: make.Study, lead: Client) -> None:
    lead.post(f"/p/{study.slug}/members/", {"role": "viewer", "note": "Maryam <b>"})
    assert "Maryam &lt;b&gt;" in lead.get(f"/p/{study.slug}/members/").content.decode()
    Invitation.objects.update(expires_at="2026-01-01T00:00Z")
    assert "ended unused" in lead.get(f"/p/{study.slug}/members/").content.decode()


def test_the_only_lead_stays_and_others_may_go(study: make.Study, lead: Client) -> None:
    away = f"/p/{study.slug}/leave/"
    assert lead.post(away).status_code == 409
    annotator = signed_in(study.members[0].user)
    assert "One article that you have not begun" in annotator.get(away).content.decode()
    assert "You have left" in annotator.post(away, follow=True).content.decode()
    assert annotator.get(away).status_code == 404


def test_a_project_is_handed_over_and_its_giver_gone(study: make.Study, lead: Client) -> None:
    transfer = f"/p/{study.slug}/members/{study.members[0].pk}/transfer/"
    assert lead.post(transfer).status_code == 400
    assert lead.post(transfer, {"giver": "leave"})["Location"] == "/"
    assert signed_in(study.members[0].user).get(f"/p/{study.slug}/members/").status_code == 200


def test_a_lead_who_becomes_an_annotator_is_led_to_what_he_may_see(study: make.Study, lead: Client) -> None:
    make.member(study.project, Role.LEAD)
    page = f"/p/{study.slug}/members/{study.lead.pk}/"
    answer = lead.post(page, {"role": "annotator", "pseudonym": "me", "group": ""})
    assert answer["Location"] == f"/p/{study.slug}/"


def test_the_manual_and_the_page_tell_who_may_do_what(study: make.Study, lead: Client) -> None:
    """The table of docs/leads.md is checked by hand: it is what the roles were meant to be."""
    manual = (ROOT / "docs" / "leads.md").read_text().split("## Roles\n")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in manual if line.startswith("|")]
    rows = {words: row for words, *row in cells}
    expected = {
        str(permissions.WORDS[act]): ["yes" if role in roles else "no" for role in Role.values]
        for act, roles in permissions.ALLOWED.items()
    }
    assert rows.pop("") == list(Role.values)
    assert rows == {"---": ["---"] * 4} | expected
    page = lead.get(f"/p/{study.slug}/members/").content.decode()
    assert all(words in page for words in expected)
