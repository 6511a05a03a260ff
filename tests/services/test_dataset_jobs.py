"""Datasets written by a job: the bytes of a download, for whoever may export them, for some days."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.core.tables import Selection
from annotator.models import Job
from annotator.services import dataset_jobs, jobs
from annotator.services.dataset_jobs import file_of, start_export
from annotator.services.exports import export_dataset
from annotator.services.purging import purge_project
from annotator.services.trash import delete_project
from projects.models import Membership, Role
from projects.services.rounds import open_round
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> make.Study:
    made = make.study(annotators=1)
    make.label(made.assignment(), made.units()[0], "stance", "for")
    return made


def done(member: Membership, **chosen: object) -> Job:
    job = start_export(member=member, **chosen)  # type: ignore[arg-type]
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_file_is_that_of_a_download_and_goes_after_some_days(
    study: make.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = Selection(rounds=(study.round.pk,), at=timezone.now(), kinds=("sentence",))
    monkeypatch.setattr(dataset_jobs, "BEAT", 0)
    job = done(study.lead, format="wide", kind="parquet", selection=selection)
    client = Client()
    client.force_login(study.lead.user)  # type: ignore[arg-type]
    answer = client.get(f"/p/{study.slug}/jobs/{job.pk}/file/")
    now = export_dataset(member=study.lead, format="wide", kind="parquet", selection=selection)
    assert b"".join(answer.streaming_content) == b"".join(now.chunks)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'attachment; filename="{now.file_name}"'
    assert (job.result["rows"], job.done) == (now.rows.count, job.total)
    assert now.file_name[:50] in client.get(f"/p/{study.slug}/jobs/").content.decode()
    monkeypatch.setattr(dataset_jobs, "KEPT_FOR", -timedelta(days=1))
    done(study.lead)
    with pytest.raises(NotFoundError, match="not kept any longer"):
        file_of(member=study.lead, job=job)


def test_page_and_api_give_the_same_files(study: make.Study) -> None:
    client = Client()
    client.force_login(study.lead.user)  # type: ignore[arg-type]
    for asked in ("kind=article", "format=doccano&layer=decisions"):
        page = client.get(f"/p/{study.slug}/export/download/?{asked}")
        api = client.get(f"/api/v1/projects/{study.slug}/dataset/?{asked}")
        assert b"".join(page.streaming_content) == b"".join(api.streaming_content)  # type: ignore[attr-defined]


def test_what_cannot_be_written_is_refused_at_once_and_a_cancelled_one_leaves_no_file(study: make.Study) -> None:
    with pytest.raises(InvalidError, match="no format"):
        start_export(member=study.lead, format="exe")
    assert not Job.objects.exists()
    job = start_export(member=study.lead)
    jobs.cancel(member=study.lead, job=job)
    assert not default_storage.exists(f"exports/{job.pk}")
    with pytest.raises(NotFoundError):
        file_of(member=study.lead, job=job)


def test_only_who_may_export_what_is_in_it_gets_the_file(study: make.Study) -> None:
    job = done(study.lead)
    assert file_of(member=make.member(study.project, Role.VIEWER), job=job)
    with pytest.raises(NotAllowedError):
        file_of(member=make.member(study.project, Role.ADJUDICATOR), job=job)
    own = open_round(lead=study.lead, name="Blind", purpose="main", articles=study.articles, members=[study.lead])
    assert file_of(member=study.lead, job=job)
    other = make.member(study.project, Role.LEAD)
    with_blind = done(other)
    assert own.pk in with_blind.result["rounds"]
    with pytest.raises(NotAllowedError, match="still open"):
        file_of(member=study.lead, job=with_blind)
    delete_project(lead=study.lead, typed=study.slug)
    purge_project(slug=study.slug, typed=study.slug)
    assert not default_storage.exists(f"exports/{job.pk}")
