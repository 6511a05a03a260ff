"""A project taken away and brought in by the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotator.models import AccessEntry
from annotator.services.purging import remove_rows
from projects.models import AuditEntry, Membership
from tests import make
from tests.web.askers import content_of

pytestmark = pytest.mark.django_db
HERE = "/projects/import/"


def test_a_lead_takes_a_project_away_and_brings_it_in_again(client: Client) -> None:
    study = make.study(annotators=1)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    assert study.lead.user is not None
    client.force_login(study.lead.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/p/{study.slug}/export/archive/")
    assert f'filename="{study.slug}-archive.zip"' in answer.headers["Content-Disposition"]
    archive = b"".join(answer.streaming_content)
    assert AuditEntry.objects.filter(member=study.lead, act="export project archive").count() == 1
    assert AccessEntry.objects.filter(member=study.lead, round=study.round, what="dataset").count() == 1

    def send(**fields: str) -> tuple[int, str]:
        sent = client.post(HERE, {"file": SimpleUploadedFile("a.zip", archive), **fields}, follow=True)
        return sent.status_code, content_of(sent).decode()

    status, told = send()
    assert (status, "is taken" in told or "already" in told) == (400, True)
    remove_rows(study.project)
    status, told = send(slug="again", lead="nobody")
    assert (status, "which of its leads" in told, 'value="again"' in told) == (400, True, True)
    status, told = send(slug="again")
    assert (status, "The project is here, as it was." in told) == (200, True)
    lead = Membership.objects.get(project__slug="again", user=study.lead.user)
    assert (lead.role, lead.pseudonym) == ("lead", "lead")
    assert client.get("/p/again/history/").content.count(b"brought the project in from an archive") == 2
