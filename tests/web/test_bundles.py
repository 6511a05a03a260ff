"""The page of the dataset bundle, its download, and the table of who is behind each pseudonym."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from annotator.models import Job
from annotator.services import jobs
from projects.models import AuditEntry, Role, User
from projects.queries.publishing import publishing_of
from projects.services.rounds import set_closed
from tests import make
from tests.web.forms import BUNDLE
from tests.web.test_export import client_of

pytestmark = pytest.mark.django_db


def names(answer) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()


def test_a_lead_describes_the_dataset_and_downloads_it_in_one_go() -> None:
    study = make.study(annotators=1)
    fields = BUNDLE | {"round": study.round.pk, "download": "1"}
    lead = client_of(study.lead)
    answer = lead.post(reverse("bundle", args=[study.slug]), fields)
    assert answer.url == f"{reverse('export_download', args=[study.slug])}?format=bundle&round={study.round.pk}"
    downloaded = lead.get(answer.url)
    assert downloaded["Content-Type"] == "application/zip"
    assert {"README.md", "CITATION.cff", "data/long.csv"} <= set(names(downloaded))
    study.project.refresh_from_db()
    assert publishing_of(study.project).creators == ("Doe, Jo",)
    page = lead.get(reverse("bundle", args=[study.slug])).content.decode()
    assert 'value="CC-BY-4.0"' in page
    assert "Two papers." in page
    lead.post(reverse("bundle", args=[study.slug]), fields)
    assert AuditEntry.objects.filter(act="describe dataset").count() == 1


@pytest.mark.parametrize("wrong", [{"train": "90"}, {"seed": "-1"}, {"test": "ten"}, {"limits": "\0"}])
def test_what_cannot_be_stored_is_refused_and_what_was_typed_stays(wrong: dict[str, str]) -> None:
    study = make.study(annotators=1)
    sent = {**BUNDLE, "version": "My version", **wrong}
    answer = client_of(study.lead).post(reverse("bundle", args=[study.slug]), sent)
    assert answer.status_code == 400
    assert "My version" in answer.content.decode()
    study.project.refresh_from_db()
    assert study.project.publishing is None


def test_a_viewer_downloads_but_neither_describes_nor_sees_who_is_who() -> None:
    study = make.study(annotators=1)
    viewer = client_of(make.member(study.project, Role.VIEWER))
    set_closed(lead=study.lead, round=study.round, closed=True)
    page = viewer.get(reverse("bundle", args=[study.slug])).content.decode()
    assert "Round 1" in page
    assert "Save" not in page
    assert "Who is who" not in page
    assert viewer.post(reverse("key_table", args=[study.slug])).status_code == 403


def test_the_key_table_names_all_members_no_cell_is_a_formula_and_the_taking_is_written_down() -> None:
    study = make.study(annotators=1)
    user = study.members[0].user
    assert user is not None
    User.objects.filter(pk=user.pk).update(first_name="=1+1", email="jo@example.org")
    answer = client_of(study.lead).post(reverse("key_table", args=[study.slug]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["pseudonym"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert set(rows) == {study.lead.pseudonym, study.members[0].pseudonym}
    found = rows[study.members[0].pseudonym]
    assert (found["username"], found["name"], found["email"]) == (user.username, "'=1+1", "jo@example.org")
    assert AuditEntry.objects.filter(act="take key table", member=study.lead).exists()


def test_a_large_bundle_is_made_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.queries.bundle_counts.SHORT_LABELS", 0)
    study = make.study(annotators=1)
    make.label(study.assignment(), study.units()[0], "stance", "for")
    viewer = client_of(make.member(study.project, Role.VIEWER))
    answer = viewer.post(reverse("bundle", args=[study.slug]), {"download": "1"})
    job = Job.objects.get()
    assert answer.url == reverse("job", args=[study.slug, job.pk])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "")
    assert "README.md" in names(viewer.get(reverse("job_file", args=[study.slug, job.pk])))
