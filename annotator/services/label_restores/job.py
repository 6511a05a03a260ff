"""Labels put back, or that undone, from the site: at once where few shares are concerned, else as a job."""

from datetime import datetime

from annotator.models import Job, LabelRestore
from annotator.services import jobs
from projects.models import Article, Membership, Round
from projects.permissions import require
from projects.services.transaction import write

from . import LOOKED_AT, begin_restore, begin_undo, carry_back, carry_out
from .planning import shares_changed_by, shares_since

KIND = "restore labels"


def start_restore(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> Job:
    made = begin_restore(member=member, round=round, annotator=annotator, at=at, article=article)
    return _start(member, len(shares_since(round, annotator, at, article)), {"restore": made.pk})


def start_undo(*, member: Membership, restore: LabelRestore) -> Job:
    require(member, "restore labels")
    shares = len(shares_changed_by(restore))
    begin_undo(member=member, restore=restore)
    return _start(member, shares, {"restore": restore.pk, "undo": True})


def work(running: jobs.Running) -> None:
    joined = LabelRestore.objects.select_related("round", "annotator", "article")
    restore = joined.get(pk=running.job.spec["restore"], round__project=running.job.project_id)
    undo = bool(running.job.spec.get("undo"))
    changed = carry_back(restore, running) if undo else carry_out(restore, running).changed
    with write():
        running.finish({"round": restore.round_id, "changed": changed, "undone": undo})


def undo(job: Job) -> None:
    """Nothing: doing it once more finishes it."""


def ended(job: Job) -> None:
    """Nothing was kept for it."""


def _start(member: Membership, shares: int, spec: dict[str, object]) -> Job:
    begin = jobs.run_here if shares <= LOOKED_AT else jobs.start
    return begin(member=member, kind=KIND, spec=spec)
