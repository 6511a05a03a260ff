"""Long work beside the site: started here and nowhere else, watched, cancelled, taken up again when its worker dies.

A job runs at most `MOST_ATTEMPTS` times. Each attempt begins by undoing what the one before left, and each of its
writes goes through `Running.advance`, which refuses a worker that was given up or told to stop: so a job that is
taken up twice never does anything twice.
"""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Protocol, cast

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from annotator.core.errors import DomainError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import Job
from annotator.services.notices import notify
from annotator.services.webhooks import emit
from annotator.tasks import run_job
from projects.models import Membership, Role
from projects.permissions import can, require
from projects.services.transaction import write

# Longer than a file may be read (`readers.limits.READ_SECONDS`), in which time a worker gives no sign of life.
LOST_AFTER = timedelta(seconds=120)
MOST_ATTEMPTS = 3
OPEN = (Job.State.WAITING, Job.State.RUNNING)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """What one must be allowed to start, see and cancel such a job, and the module that does it (see `Work`)."""

    act: str
    module: str
    when_stopped: str
    """What holds of one that came to no end."""


KINDS = {
    "import articles": Kind("import articles", "annotator.services.article_imports", "Nothing was stored."),
    "import annotations": Kind("import labels", "annotator.services.elsewhere_imports", "Nothing was stored."),
    "split again": Kind(
        "change settings",
        "annotator.services.resplitting",
        "The articles that were done by then are split again, the others are as before. Start it once more.",
    ),
    "move round": Kind(
        "manage rounds",
        "annotator.services.codebook_moves.job",
        "The round uses its other version of the codebook, and some of its labels have not followed yet. Its codebook"
        " page finishes the move, or undoes it.",
    ),
    "open round": Kind("manage rounds", "annotator.services.drawn_rounds", "The round was not opened."),
    "restore labels": Kind(
        "restore labels",
        "annotator.services.label_restores.job",
        "Some labels are as they stood then and others are not yet. Do it once more, or undo it.",
    ),
    "export dataset": Kind("export", "annotator.services.dataset_jobs", "There is no file. Export it once more."),
    "compute report": Kind("view agreement", "annotator.services.long_reports", "The report of before, if any, stays."),
}


class StoppedError(Exception):
    """The job was cancelled, or another worker has taken it up: this one has to stop."""


@dataclass(frozen=True)
class Running:
    """One attempt at a job, in the hands of its worker."""

    job: Job
    attempt: int

    def begin(self, total: int) -> None:
        """Say how much there is to do."""
        with write():
            self._update(total=total, done=0)

    def advance(self, by: int) -> None:
        """Say that so much more is done, inside the transaction that does it: a `StoppedError` undoes it."""
        self._update(done=F("done") + by)

    def finish(self, result: Mapping[str, object]) -> None:
        """The end, inside the transaction that makes the outcome visible."""
        self._update(state=Job.State.DONE, result=result, ended_at=timezone.now(), done=F("total"))

    def _update(self, **fields: object) -> None:
        own = Job.objects.filter(pk=self.job.pk, attempts=self.attempt, state=Job.State.RUNNING, cancel_asked=False)
        if not own.update(heartbeat=timezone.now(), **fields):
            raise StoppedError


class Work(Protocol):
    """What the module of a kind has."""

    def work(self, running: Running) -> None:
        """Do the job up to `running.finish`; may be called again after a worker died."""

    def undo(self, job: Job) -> None:
        """Clear away what an attempt has left that did not finish; nothing where there is none."""

    def ended(self, job: Job) -> None:
        """Let go of what the job kept, now that it has come to its end."""


def start(*, member: Membership, kind: str, spec: Mapping[str, object]) -> Job:
    require(member, KINDS[kind].act)
    take_up_lost()
    with write():
        job = Job.objects.create(
            project_id=member.project_id, member=member, kind=kind, spec=spec, heartbeat=timezone.now()
        )
        run_job.enqueue(job.pk)
    return job


def run_here(*, member: Membership, kind: str, spec: Mapping[str, object]) -> Job:
    """Do a job at once in this process, as a command does; if the process is killed it is cleared away, not resumed."""
    require(member, KINDS[kind].act)
    with write():
        job = Job.objects.create(
            project_id=member.project_id,
            member=member,
            kind=kind,
            spec=spec,
            heartbeat=timezone.now(),
            attempts=MOST_ATTEMPTS - 1,
        )
    run(job.pk)
    job.refresh_from_db()
    _module(job).ended(job)
    return job


def cancel(*, member: Membership, job: Job) -> None:
    """Stop a job: at once where it still waits, else at its next step. One that has ended stays as it is."""
    require(member, KINDS[job.kind].act)
    if not may_cancel(member, job):
        raise NotAllowedError("Only who started this, or a project lead, can cancel it.")
    with write():
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
        stopped = waiting.update(state=Job.State.CANCELLED, cancel_asked=True, ended_at=timezone.now())
        if not stopped:
            Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_asked=True)
    if stopped:
        _module(job).undo(job)
        _module(job).ended(job)


def may_cancel(member: Membership, job: Job) -> bool:
    return job.member_id == member.pk or (member.role == Role.LEAD and can(member, KINDS[job.kind].act))


def jobs_of(*, member: Membership) -> QuerySet[Job]:
    """The jobs of the project that the member may see, newest first."""
    seen = [name for name, kind in KINDS.items() if can(member, kind.act)]
    found = Job.objects.filter(project_id=member.project_id, kind__in=seen)
    return found.select_related("member__user").order_by("-id")


def may_see_any(member: Membership) -> bool:
    return any(can(member, kind.act) for kind in KINDS.values())


def job_of(*, member: Membership, job_id: int) -> Job:
    found = jobs_of(member=member).filter(pk=job_id).first()
    if found is None:
        raise NotFoundError("There is no such job.")
    return found


def run(job_id: int) -> None:
    """One attempt at a job that waits; nothing where it waits no more."""
    running = _claim(job_id)
    if running is None:
        return
    module = _module(running.job)
    try:
        module.undo(running.job)
        module.work(running)
    except StoppedError:
        _end(running, Job.State.CANCELLED, "")
    except DomainError as error:
        _end(running, Job.State.FAILED, str(error), list(getattr(error, "problems", ())))
    except Exception:
        log.exception("Job %s (%s) failed", running.job.pk, running.job.kind)
        _end(running, Job.State.FAILED, f"Something went wrong on our side. {when_stopped(running.job)}")
    else:
        module.ended(running.job)


def tell_end(job_id: int) -> None:
    """Tell who started it, if it has come to its end: who waited for it on its page knows, others left that."""
    job = Job.objects.select_related("project", "member").get(pk=job_id)
    if job.state == Job.State.DONE:
        emit("job.done", project=job.project_id, data={"job": job.pk, "kind": job.kind})
    kinds = {Job.State.DONE: "job done", Job.State.FAILED: "job failed"}
    kind, user = kinds.get(Job.State(job.state)), job.member.user_id
    if kind is not None and user is not None:
        link = reverse("job", args=[job.project.slug, job.pk])
        parts = {"job": job.kind, "project": job.project.title}
        notify(kind, to=[user], project=job.project_id, link=link, parts=parts)


def take_up_lost() -> None:
    """Put back what a dead worker left; after the last attempt it has failed."""
    for job in Job.objects.filter(state__in=OPEN).filter(_lost()):
        again = job.attempts < MOST_ATTEMPTS and not job.cancel_asked
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=job.state, heartbeat=job.heartbeat)
        with write():
            if again and mine.update(state=Job.State.WAITING, heartbeat=timezone.now(), worker=""):
                run_job.enqueue(job.pk)
        if not again:
            _end(Running(job, job.attempts), *_given_up(job))


def _given_up(job: Job) -> tuple[Job.State, str]:
    if job.cancel_asked:
        return Job.State.CANCELLED, ""
    return Job.State.FAILED, f"The process that worked on it ended before its time. {when_stopped(job)}"


def _lost() -> Q:
    """No sign of life for long, or the process is known to be gone."""
    silent = Q(heartbeat__lt=timezone.now() - LOST_AFTER)
    here = Job.objects.filter(state=Job.State.RUNNING, worker__startswith=f"{socket.gethostname()}:")
    dead = [name for name in here.values_list("worker", flat=True).distinct() if not _is_alive(name)]
    return silent | Q(state=Job.State.RUNNING, worker__in=dead)


def _is_alive(worker: str) -> bool:
    try:
        os.kill(int(worker.rpartition(":")[2]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _claim(job_id: int) -> Running | None:
    with write():
        waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
        claimed = waiting.update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            heartbeat=timezone.now(),
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )
    if not claimed:
        return None
    job = Job.objects.select_related("member__project").get(pk=job_id)
    return Running(job, job.attempts)


def _end(running: Running, state: Job.State, message: str, problems: list[str] | None = None) -> None:
    """The end of a job without an outcome, unless another worker has it by now: then nothing of it is ours to undo."""
    own = Job.objects.filter(pk=running.job.pk, attempts=running.attempt, state__in=OPEN)
    if not own.exists():
        return
    _module(running.job).undo(running.job)
    with write():
        result = {"problems": problems or []}
        ended = own.update(state=state, message=message, result=result, ended_at=timezone.now())
    if ended and state == Job.State.CANCELLED:
        _module(running.job).ended(running.job)


def when_stopped(job: Job) -> str:
    """What holds of a job that failed or was cancelled."""
    return KINDS[job.kind].when_stopped if job.kind in KINDS else ""


def _module(job: Job) -> Work:
    if job.kind not in KINDS:
        raise InvalidError(f"This version knows no jobs of the kind “{job.kind}”.")
    return cast(Work, import_module(KINDS[job.kind].module))
