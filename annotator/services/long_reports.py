"""The report of a long round, computed as a job and kept for its page."""

from django.utils import timezone

from annotator.core.errors import NotAllowedError
from annotator.core.plain import plain, rebuilt
from annotator.models import Job, KeptReport
from annotator.queries.alpha_so_far import SUMMARY, as_summary
from annotator.queries.datasets import is_hidden
from annotator.queries.frozen import to_stored
from annotator.queries.ready_reports import selection_sha256
from annotator.queries.reports import frozen_report, labels_state
from annotator.queries.selections import Selection
from annotator.services import jobs
from projects.models import Membership, Round
from projects.permissions import require
from projects.services.transaction import write

KIND = "compute report"
MOST_KEPT = 20
"""So many reports of a round are kept, one a selection."""


def start_report(*, member: Membership, round: Round, selection: Selection) -> Job:
    """A job that computes it; the one that does so already, where there is one."""
    require(member, "view agreement")
    require_shown(member, round)
    spec = {"round": round.pk, "selection": plain(selection)}
    open_jobs = Job.objects.filter(project=member.project_id, kind=KIND, state__in=jobs.OPEN, cancel_asked=False)
    for job in open_jobs:
        if job.spec["round"] == round.pk and rebuilt(Selection, job.spec["selection"]) == selection:
            return job
    return jobs.start(member=member, kind=KIND, spec=spec)


def require_shown(member: Membership, round: Round) -> None:
    """Whoever annotates in an open blind round is shown no agreement of it, lead or not."""
    if is_hidden(member, round.pk):
        raise NotAllowedError("You annotate in this blind round. Its agreement shows when the round is closed.")


def work(running: jobs.Running) -> None:
    spec = running.job.spec
    round = Round.objects.select_related("project", "codebook_version").get(
        pk=spec["round"], project=running.job.project_id
    )
    require_shown(running.job.member, round)
    selection = rebuilt(Selection, spec["selection"])
    # Taken before the labels are read: what is saved meanwhile makes the report an old one.
    state = labels_state(round)

    def progress(done: int, total: int) -> None:
        if not done:
            running.begin(total)
        else:
            with write():
                running.advance(1)

    frozen = frozen_report(round, selection, progress=progress)
    now = timezone.now()
    result = to_stored(frozen) | {SUMMARY: as_summary(frozen.report, now)}
    fields = {"state": state, "computed_at": now, "result": result, "ratings": frozen.ratings.data}
    with write():
        KeptReport.objects.update_or_create(round=round, selection_sha256=selection_sha256(selection), defaults=fields)
        newest = KeptReport.objects.filter(round=round).order_by("-computed_at").values("pk")[:MOST_KEPT]
        KeptReport.objects.filter(round=round).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
        running.finish({"query": selection.query(round.pk), "part": bool(selection)})


def undo(job: Job) -> None:
    """Nothing: the report of before stays until there is a newer one."""


def ended(job: Job) -> None:
    """Nothing was kept for it."""
