"""The export page offers documents for other tools, and the download is a file that is noted as seen."""

import io
import zipfile

import pytest
from django.test import Client

from annotator.models import AccessEntry
from annotator.services.document_exports import DOCUMENT_FORMATS
from tests import make

pytestmark = pytest.mark.django_db


def test_the_page_names_every_format_and_each_download_is_an_archive(client: Client) -> None:
    study = make.study(1)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    assert study.lead.user is not None
    client.force_login(study.lead.user)
    page = client.get(f"/p/{study.slug}/export/").content.decode()
    for key, format in DOCUMENT_FORMATS.items():
        assert f'<option value="{key}">{format.label}</option>' in page
        answer = client.get(f"/p/{study.slug}/export/download/", {"format": key, "round": study.round.pk})
        assert answer["Content-Disposition"] == f'attachment; filename="{study.slug}-{key}-round-1.{format.ending}"'
        assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert AccessEntry.objects.filter(round=study.round, what=AccessEntry.What.DATASET).exists()


def test_a_layer_that_documents_do_not_have_is_refused_with_a_reason(client: Client) -> None:
    study = make.study(1)
    assert study.lead.user is not None
    client.force_login(study.lead.user)
    answer = client.get(f"/p/{study.slug}/export/download/", {"format": "uima", "layer": "consensus"})
    assert answer.status_code == 400
    assert "labels or the decisions" in answer.content.decode()
