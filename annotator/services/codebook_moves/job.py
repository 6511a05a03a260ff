"""A round moved or taken back from the site: at once where it is short, else as a job."""

from annotator.core.errors import NotFoundError
from annotator.models import CodebookMove, Job
from annotator.queries.codebook_moves import outlook
from annotator.services import jobs
from annotator.services.codebook_moves import move_round, shares, undo_move
from projects.models import CodebookVersion, Membership, Round
from projects.permissions import require
from projects.services.transaction import write

KIND = "move round"
# So much is done within a page: about a second. More becomes a job.
SHORT_LABELS, SHORT_SHARES = 3_000, 50


def start_move(*, member: Membership, round: Round, version: CodebookVersion) -> Job:
    require(member, "manage rounds")
    told = outlook(round, version)
    return _start(member, round, told.changed + told.asked, {"version": version.pk})


def start_undo(*, member: Membership, move: CodebookMove) -> Job:
    require(member, "manage rounds")
    return _start(member, move.round, move.changed, {"undo": move.pk})


def work(running: jobs.Running) -> None:
    member, spec = running.job.member, running.job.spec
    round = Round.objects.select_related("codebook_version").get(pk=spec["round"], project=member.project_id)
    if "undo" in spec:
        move = CodebookMove.objects.select_related("from_version", "to_version").filter(round=round, pk=spec["undo"])
        done = undo_move(member=member, move=_one(move.first()), running=running)
    else:
        version = CodebookVersion.objects.get(pk=spec["version"], project=member.project_id)
        done = move_round(member=member, round=round, version=version, running=running)
    with write():
        running.finish({"round": round.pk, "move": done.pk})


def undo(job: Job) -> None:
    """Nothing: doing it once more finishes it."""


def ended(job: Job) -> None:
    """Nothing was kept for it."""


def _start(member: Membership, round: Round, labels: int, spec: dict[str, int]) -> Job:
    short = labels <= SHORT_LABELS and shares(round) <= SHORT_SHARES
    begin = jobs.run_here if short else jobs.start
    return begin(member=member, kind=KIND, spec={"round": round.pk} | spec)


def _one(move: CodebookMove | None) -> CodebookMove:
    if move is None:
        raise NotFoundError("There is no such move.")
    return move
