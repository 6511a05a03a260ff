"""The codebook's import in the browser."""

import json
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from projects.models import CodebookVersion
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
