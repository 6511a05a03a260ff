"""Reports of rounds that are too long for a page: computed by a job, kept, and known to be old once labels change."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client

from annotator.core.errors import NotAllowedError
from annotator.models import Job, KeptReport
from annotator.queries import ready_reports
from annotator.queries.ready_reports import ready_report
from annotator.queries.reports import kept_report
from annotator.queries.selections import EVERYTHING, Selection
from annotator.services import jobs
from annotator.services.long_reports import start_report
from projects.models import Membership, Role
from tests import make, moved

pytestmark = pytest.mark.django_db
TWO = Selection(variables=("stance", "attribution.source"))


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> make.Study:
    """Its round counts as long."""
    cache.clear()
    monkeypatch.setattr(ready_reports, "SHORT_LABELS", 2)
    made = make.study()
    for number, value in enumerate(("for", "for", "against")):
        make.label(made.assignment(number), made.units()[0], "stance", value)
    return made


def test_a_long_report_is_computed_by_a_job_and_kept_whole(study: make.Study, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready_report(study.round, TWO) is None
    job = start_report(member=study.lead, round=study.round, selection=TWO)
    assert start_report(member=study.lead, round=study.round, selection=TWO) == job
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 2, 2)
    assert job.result["query"] == f"round={study.round.pk}&variables=stance&variables=attribution.source"
    ready = ready_report(study.round, TWO)
    assert ready is not None
    assert ready.frozen.report == replace(kept_report(study.round, TWO), served_early=())
    assert ready.is_current
    assert ready_report(study.round) is None
    monkeypatch.setattr(ready_reports, "SOFTWARE", "Annotator of tomorrow")
    assert ready_report(study.round, TWO) is None


def test_it_is_shown_until_there_is_a_newer_one_and_said_to_be_old(study: make.Study) -> None:
    for value in ("for", "neutral"):
        jobs.run(start_report(member=study.lead, round=study.round, selection=TWO).pk)
        make.label(study.assignment(), study.units()[1], "stance", value, base_version=int(value == "neutral"))
        ready = ready_report(study.round, TWO)
        assert ready is not None
        assert not ready.is_current
    assert KeptReport.objects.count() == 1


def test_a_report_is_cancelled_by_who_asked_for_it_or_a_lead(study: make.Study) -> None:
    viewer, another = (make.member(study.lead.project, role=Role.VIEWER) for _ in range(2))
    asked = [start_report(member=viewer, round=study.round, selection=of) for of in (TWO, EVERYTHING)]
    with pytest.raises(NotAllowedError, match="a project lead"):
        jobs.cancel(member=another, job=asked[0])
    for member, job in zip((viewer, study.lead), asked, strict=True):
        jobs.cancel(member=member, job=job)
        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED


def test_who_annotates_in_the_blind_round_starts_none(study: make.Study) -> None:
    Membership.objects.filter(pk=study.members[0].pk).update(role=Role.LEAD)
    study.members[0].refresh_from_db()
    for member in study.members[:2]:
        with pytest.raises(NotAllowedError):
            start_report(member=member, round=study.round, selection=TWO)


def test_a_report_by_the_codebook_of_before_is_computed_again(study: make.Study) -> None:
    jobs.run(start_report(member=study.lead, round=study.round, selection=EVERYTHING).pk)
    without = moved.later({})
    without["variables"] = [entry for entry in without["variables"] if entry["key"] != "remark"]
    moved.move(study, without)
    browser = Client()
    browser.force_login(study.lead.user)
    for path in ("agreement/?variable=remark", "agreement/part/?resample=units"):
        assert b"Compute the report" in browser.get(f"/p/{study.slug}/{path}").content
