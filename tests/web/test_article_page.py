"""The page of an article: its proof made anew, and what it is a copy of."""

import pytest
from django.test import Client

from projects.models import Membership, Role, TextVersion, Unit
from projects.queries.proof import check_proof
from projects.queries.texts import unit_texts
from projects.services.linking import drop, link
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> TextVersion:
    return make.article(make.project(), "Ferry sails\n\nIt rained. Nobody came.").text_versions.get()


def shown(member: Membership, article: int) -> str:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    answer = client.get(f"/p/{member.project.slug}/articles/{article}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def faults(version: TextVersion) -> str:
    return " ".join(check_proof(version, unit_texts(version)).faults)


def test_the_proof_of_a_sound_article_counts_units_and_characters(version: TextVersion) -> None:
    proof = check_proof(version, unit_texts(version))
    assert (proof.units, proof.covered, list(proof.faults)) == (3, 30, [])


@pytest.mark.parametrize(
    ("index", "change", "told"),
    [
        (2, {"start": 12}, "begins or ends with white space"),
        (2, {"start": 14}, "text between"),
        (3, {"start": 16}, "inside the unit before"),
        (3, {"end": 900}, "in a text of"),
        (3, {"index": 7}, "not numbered"),
    ],
)
def test_a_unit_that_was_changed_behind_our_back_is_told(
    version: TextVersion, index: int, change: dict[str, int], told: str
) -> None:
    Unit.objects.filter(text_version=version, index=index).update(**change)
    assert told in faults(version)
    lead = Membership.objects.get(role=Role.LEAD)
    page = shown(lead, version.article_id)
    assert "does not hold" in page
    assert "checked just now" not in page


def test_another_text_is_told_by_its_sum(version: TextVersion) -> None:
    version.text = version.text.replace("rained", "hailed")
    assert "its sha256 differs" in faults(version)


def test_an_item_without_text_has_a_proof_too() -> None:
    version = make.article(make.project(), "[7]").text_versions.get()
    assert faults(version) == ""


def test_original_and_copies_lead_to_each_other() -> None:
    lead = make.project()
    original, copy, gone = (make.article(lead, f"Story {n}\n\nIt rained.").pk for n in range(3))
    link(member=lead, original=original, copies=[copy, gone])
    drop(member=lead, articles=[gone])
    url = f"/p/{lead.project.slug}/articles"
    assert f'href="{url}/{copy}/"' in shown(lead, original)
    assert f'href="{url}/{original}/"' in shown(lead, copy)
    assert "Story 2" not in shown(lead, original)


def test_only_a_lead_is_offered_to_edit(version: TextVersion) -> None:
    lead = Membership.objects.get(role=Role.LEAD)
    viewer = make.member(lead.project, Role.VIEWER)
    assert "/metadata/" in shown(lead, version.article_id)
    assert "/metadata/" not in shown(viewer, version.article_id)
