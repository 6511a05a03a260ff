"""The codebook's import in the browser."""

import json
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from projects.models import CodebookVersion, Membership
from projects.services.codebooks import import_codebook
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("sent", "told"), [({}, "1 is published."), ({"draft": "1"}, "1 is kept as a draft.")])
def test_the_page_says_whether_the_document_is_published(sent: dict[str, str], told: str) -> None:
    lead, client = make.project(), Client()
    assert lead.user is not None
    client.force_login(lead.user)
    file = SimpleUploadedFile("codebook.json", json.dumps(make.CODEBOOK).encode())
    answer = client.post(f"/p/{lead.project.slug}/codebook/import/", sent | {"file": file}, follow=True)
    assert told in answer.content.decode()
    assert (CodebookVersion.objects.get().state == "published") is not bool(sent)


@pytest.mark.django_db(transaction=True)
def test_documents_imported_at_once_get_numbers_of_their_own() -> None:
    lead, together = make.project(), threading.Barrier(4)

    def publish() -> None:
        together.wait()
        try:
            make.codebook(lead)
        finally:
            connection.close()

    leads = [threading.Thread(target=publish) for _ in range(4)]
    for one in leads:
        one.start()
    for one in leads:
        one.join()
    assert sorted(CodebookVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def edited(**fields: object) -> dict[str, object]:
    """The small codebook with another first variable."""
    first, *others = make.CODEBOOK["variables"]  # type: ignore[misc]
    return make.CODEBOOK | {"variables": [first | fields, *others]}  # type: ignore[operator]


def client_of(member: Membership) -> Client:
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def test_a_draft_is_its_leads_own_until_it_is_published() -> None:
    lead = make.project()
    make.codebook(lead)
    annotator = client_of(make.member(lead.project))
    import_codebook(member=lead, data=json.dumps(edited(label="Who says so")).encode(), draft=True)
    address = f"/p/{lead.project.slug}/codebook/"
    for path in ("?version=2", "2/changes/", "document/?version=2"):
        assert annotator.get(address + path).status_code == 404
    assert annotator.post(f"{address}2/publish/").status_code == 403
    assert "Publish version 2" in client_of(lead).get(address).content.decode()
    client_of(lead).post(f"{address}2/publish/")
    shown = annotator.get(address).content.decode()
    assert "Who says so" in shown
    assert "Publish" not in shown
    assert "There is no such draft" in client_of(lead).post(f"{address}2/publish/", follow=True).content.decode()


def test_the_changes_of_a_version_are_told_in_words() -> None:
    lead = make.project()
    for document in (make.CODEBOOK, edited(rule="Judge the cue word."), edited(rule="Judge the reporting word.")):
        import_codebook(member=lead, data=json.dumps(document).encode())
    address, client = f"/p/{lead.project.slug}/codebook/3/changes/", client_of(lead)
    told = client.get(address).content.decode()
    assert "One change in version 3 since version 2" in told
    assert "<b>reporting </b>" in told
    assert "<ins><b>Judge the reporting word.</b></ins>" in client.get(f"{address}?since=1").content.decode()
    for nonsense in ("0", "-1", "x", "9" * 30, "٣", "4"):
        assert client.get(f"{address}?since={nonsense}").status_code == 404
