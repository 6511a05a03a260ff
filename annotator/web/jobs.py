"""Long work: the list of a project's jobs, and one job with its progress, which can be cancelled."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import NotAllowedError
from annotator.models import Job
from annotator.services import jobs
from projects.models import Membership
from projects.web.pages import member_of, page

LISTED = 50


@dataclass(frozen=True)
class Words:
    """What pages say of a kind of job."""

    name: Promise
    running: Promise
    failed: Promise
    meanwhile: Promise
    outcome: str
    """The template of what came of it, its heading included."""
    again: str = "article_import"
    """The page on which the kept file of one that failed is looked at."""


WORDS = {
    "import articles": Words(
        name=_("Import"),
        running=_("Bringing articles in"),
        failed=_("Nothing was imported"),
        meanwhile=_("You can leave this page. Nobody sees the articles before all of them are there."),
        outcome="jobs/_outcome.html",
    ),
    "import annotations": Words(
        name=_("Import of annotations"),
        running=_("Bringing in what was annotated elsewhere"),
        failed=_("Nothing was imported"),
        meanwhile=_("You can leave this page. Nobody sees anything of it before all of it is there."),
        outcome="jobs/_annotations.html",
        again="elsewhere_import",
    ),
    "split again": Words(
        name=_("Split again"),
        running=_("Splitting articles again"),
        failed=_("Not all articles were split again"),
        meanwhile=_("You can leave this page. An article changes whole or not at all."),
        outcome="jobs/_split_again.html",
    ),
    "move round": Words(
        name=_("Move of a round"),
        running=_("Moving a round to another codebook"),
        failed=_("The round was not moved"),
        meanwhile=_("You can leave this page. Annotators can go on."),
        outcome="jobs/_move_round.html",
    ),
    "open round": Words(
        name=_("New round"),
        running=_("Drawing a round"),
        failed=_("The round was not opened"),
        meanwhile=_("You can leave this page. Nobody sees the round before all of it is there."),
        outcome="jobs/_opened_round.html",
    ),
    "restore labels": Words(
        name=_("Labels put back"),
        running=_("Putting labels back"),
        failed=_("Not all labels were put back"),
        meanwhile=_("You can leave this page. Annotators can go on."),
        outcome="jobs/_restored_labels.html",
    ),
    "export dataset": Words(
        name=_("Export"),
        running=_("Writing a dataset"),
        failed=_("The dataset was not written"),
        meanwhile=_("You can leave this page. The file is kept for seven days."),
        outcome="jobs/_dataset.html",
    ),
    "compute report": Words(
        name=_("Agreement report"),
        running=_("Computing the agreement report"),
        failed=_("The report was not computed"),
        meanwhile=_("You can leave this page. The report is kept when it is done."),
        outcome="jobs/_report.html",
    ),
}


@dataclass(frozen=True)
class JobLine:
    """A job, and what the page says of it."""

    job: Job

    @property
    def words(self) -> Words:
        return WORDS[self.job.kind]

    @property
    def when_stopped(self) -> str:
        return jobs.when_stopped(self.job)

    @property
    def is_open(self) -> bool:
        return self.job.state in jobs.OPEN

    @property
    def is_stopping(self) -> bool:
        return self.is_open and self.job.cancel_asked

    @property
    def files(self) -> str:
        if "file" in self.job.result:
            return str(self.job.result["file"])
        return ", ".join(str(file["name"]) for file in self.job.spec.get("files", []))

    @property
    def upload(self) -> str:
        """The token of the kept file, by which a failed import is mended without choosing the file again."""
        files = self.job.spec.get("files", [])
        return str(files[0]["token"]) if self.job.state == Job.State.FAILED and len(files) == 1 else ""


@require_safe
def job_list(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view project")
    found = [JobLine(job) for job in jobs.jobs_of(member=member)[:LISTED]]
    if not found and not jobs.may_see_any(member):
        raise NotAllowedError("Your role does not allow this: see jobs.")
    return page(request, member, "jobs/list.html", {"lines": found})


@require_safe
def job(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    """The page; for htmx the part that changes; for scripts that accept JSON alone, the bare figures."""
    member = member_of(request, slug, "view project")
    found = jobs.job_of(member=member, job_id=job_id)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_figures(found))
    return _job_page(request, member, found)


def begun_job(request: HttpRequest, member: Membership, job: Job) -> HttpResponse:
    """The answer to what has begun a job: its page, and where it is found from now on."""
    answer = _job_page(request, member, job, status=202)
    answer.headers["Location"] = reverse("job", args=[member.project.slug, job.pk])
    return answer


def _job_page(request: HttpRequest, member: Membership, found: Job, status: int = 200) -> HttpResponse:
    part = request.headers.get("HX-Request") == "true"
    context = {"line": JobLine(found), "may_cancel": jobs.may_cancel(member, found)}
    return page(request, member, "jobs/_job.html" if part else "jobs/job.html", context, status)


@require_POST
def cancel_job(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    member = member_of(request, slug, "view project")
    jobs.cancel(member=member, job=jobs.job_of(member=member, job_id=job_id))
    return redirect("job", slug, job_id)


def _figures(found: Job) -> dict[str, object]:
    return {
        "id": found.pk,
        "kind": found.kind,
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "message": found.message,
        "result": found.result,
    }
