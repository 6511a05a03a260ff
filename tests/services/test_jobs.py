"""Jobs: done once, cancelled, taken up again when their worker dies, and given up in the end."""

import json
import os
import socket
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotator.core.errors import NotAllowedError, NotFoundError
from annotator.models import Job
from annotator.services import article_imports, jobs
from annotator.services.article_imports import KIND, Request
from projects.models import Article, Membership
from tests import make

pytestmark = pytest.mark.django_db
NO_PROCESS = 2**22 + 1  # above the largest process id of Linux


def table(rows: int, start: int = 0) -> bytes:
    lines = (
        {"external_id": f"a{n}", "title": f"Article {n}", "text": "One came. Two went."}
        for n in range(start, start + rows)
    )
    return "\n".join(json.dumps(line) for line in lines).encode()


def started(lead: Membership, rows: int = article_imports.SHORT_ARTICLES + 1) -> Job:
    job = article_imports.import_or_start(member=lead, request=Request("many.jsonl", table(rows)))
    assert isinstance(job, Job)
    return job


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def dies(job: Job, **fields: object) -> None:
    """What a worker leaves that was killed half-way: a running job, and articles that nobody sees."""
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=1, worker=f"{socket.gethostname()}:{NO_PROCESS}", **fields
    )
    running = jobs.Running(fresh(job), 1)
    document = make.document(external_id="a0")
    article_imports._store(running, [document], "many.jsonl")


def work_off() -> None:
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_a_waiting_job() -> None:
    job = started(make.project())
    assert (job.state, Article.objects.count()) == (Job.State.WAITING, 0)
    work_off()
    done = fresh(job)
    assert (done.state, done.done, done.total) == (Job.State.DONE, 201, 201)
    assert done.result["units"] == 402
    assert Article.objects.count() == 201


def test_a_job_that_is_run_twice_does_nothing_twice() -> None:
    job = started(make.project())
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert (fresh(job).attempts, Article.objects.count()) == (1, 201)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_is_done_by_the_next_one_from_its_beginning() -> None:
    job = started(make.project())
    work_off_nothing = jobs._claim(0)
    assert work_off_nothing is None
    dies(job)
    assert Article.with_pending.count() == 1
    jobs.take_up_lost()
    assert fresh(job).state == Job.State.WAITING
    work_off()
    assert (fresh(job).state, fresh(job).attempts) == (Job.State.DONE, 2)
    assert Article.with_pending.count() == Article.objects.count() == 201


def test_a_silent_worker_on_another_machine_is_given_up_after_a_while() -> None:
    job = started(make.project())
    elsewhere = {"state": Job.State.RUNNING, "attempts": 1, "worker": "elsewhere:1"}
    Job.objects.filter(pk=job.pk).update(**elsewhere, heartbeat=timezone.now() - jobs.LOST_AFTER / 2)
    jobs.take_up_lost()
    assert fresh(job).state == Job.State.RUNNING
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - jobs.LOST_AFTER - timedelta(seconds=1))
    jobs.take_up_lost()
    assert fresh(job).state == Job.State.WAITING


def test_a_worker_that_was_given_up_can_store_nothing_more() -> None:
    job = started(make.project())
    late = jobs._claim(job.pk)
    assert late is not None
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.StoppedError):
        article_imports._store(late, [make.document()], "many.jsonl")
    assert not Article.with_pending.exists()


def test_after_three_deaths_a_job_has_failed_and_left_nothing() -> None:
    job = started(make.project())
    dies(job)
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MOST_ATTEMPTS)
    jobs.take_up_lost()
    assert fresh(job).state == Job.State.FAILED
    assert not Article.with_pending.exists()


def test_a_worker_that_lives_keeps_its_job() -> None:
    job = started(make.project())
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=1, worker=f"{socket.gethostname()}:{os.getpid()}", heartbeat=timezone.now()
    )
    jobs.take_up_lost()
    assert fresh(job).state == Job.State.RUNNING


def test_a_waiting_job_is_cancelled_at_once() -> None:
    lead = make.project()
    job = started(lead)
    jobs.cancel(member=lead, job=job)
    jobs.run(job.pk)
    assert fresh(job).state == Job.State.CANCELLED
    assert not Article.with_pending.exists()


def test_a_running_job_stops_at_its_next_step_and_clears_up(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make.project()
    job = started(lead)
    store = article_imports._store

    def store_and_cancel(*arguments: object) -> int:
        units = store(*arguments)  # type: ignore[arg-type]
        jobs.cancel(member=lead, job=fresh(job))
        return units

    monkeypatch.setattr(article_imports, "_store", store_and_cancel)
    jobs.run(job.pk)
    assert fresh(job).state == Job.State.CANCELLED
    assert not Article.with_pending.exists()


def test_an_error_of_ours_fails_the_job_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*arguments: object) -> int:
        raise RuntimeError("a secret")

    job = started(make.project())
    monkeypatch.setattr(article_imports, "_store", fall)
    jobs.run(job.pk)
    assert fresh(job).state == Job.State.FAILED
    assert "secret" not in fresh(job).message


def test_only_who_may_do_it_may_start_see_and_cancel_it() -> None:
    lead = make.project()
    job = started(lead)
    annotator, stranger = make.member(lead.project), make.project()
    with pytest.raises(NotAllowedError):
        jobs.start(member=annotator, kind=KIND, spec={})
    with pytest.raises(NotAllowedError):
        jobs.cancel(member=annotator, job=job)
    for member in (annotator, stranger):
        with pytest.raises(NotFoundError):
            jobs.job_of(member=member, job_id=job.pk)
