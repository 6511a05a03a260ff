"""Which codebook a round uses: what a later version would do to its labels, the move to it, and the way back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import NotFoundError
from annotator.models import CodebookMove, Job
from annotator.queries.codebook_moves import later_versions, move_to_undo, moves_of, outlook
from annotator.queries.datasets import is_hidden
from annotator.services.codebook_moves.job import start_move, start_undo
from annotator.web.jobs import begun_job
from projects.models import CodebookVersion, Membership, Round
from projects.queries import access
from projects.web.numbers import number
from projects.web.pages import member_of, page


@require_safe
def round_codebook(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The version of a round, its moves, and what the move to `to` (else to the newest version) would do."""
    member = member_of(request, slug, "manage rounds")
    round = access.round_of(member, round_id)
    later = later_versions(round)
    to = _version(later, request.GET["to"]) if "to" in request.GET else next(iter(later), None)
    context = {
        "round": round,
        "later": later,
        "to": to,
        "outlook": outlook(round, to) if to else None,
        "hidden": is_hidden(member, round.pk),
        "moves": moves_of(round),
        "undoable": move_to_undo(round),
    }
    return page(request, member, "round_codebook/page.html", context)


@require_POST
def move(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    member = member_of(request, slug, "manage rounds")
    round = access.round_of(member, round_id)
    offered = later_versions(round)
    if moves_of(round).filter(finished_at=None).exists():
        offered.append(round.codebook_version)  # to finish the move to it
    version = _version(offered, request.POST.get("to", ""))
    return _done(request, member, round, start_move(member=member, round=round, version=version))


@require_POST
def undo(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    member = member_of(request, slug, "manage rounds")
    round = access.round_of(member, round_id)
    chosen = number(request.POST.get("move", ""))
    found = moves_of(round).filter(pk=chosen).first() if chosen is not None else None
    if found is None:
        raise NotFoundError("There is no such move.")
    return _done(request, member, round, start_undo(member=member, move=found))


def _done(request: HttpRequest, member: Membership, round: Round, job: Job) -> HttpResponse:
    """Back to the page, which says what came of it; where it has only begun, the job."""
    if job.state == Job.State.WAITING:
        return begun_job(request, member, job)
    if job.state == Job.State.DONE:
        moved = CodebookMove.objects.select_related("from_version", "to_version").get(pk=job.result["move"])
        messages.success(request, _told(moved, hidden=is_hidden(member, round.pk)), "good")
    else:
        messages.error(request, " ".join([job.message, *job.result.get("problems", [])]), "bad")
    return redirect("round_codebook", member.project.slug, round.pk)


def _told(move: CodebookMove, *, hidden: bool) -> str:
    if move.undone_at is not None:
        told = _("The round uses version %(number)s again. Its labels are as they were, but for what was chosen since.")
        return told % {"number": move.from_version.number}
    told = _("The round uses version %(number)s now.") % {"number": move.to_version.number}
    if hidden:
        return told
    counts = [
        (move.followed, ngettext("%(n)s label followed.", "%(n)s labels followed.", move.followed)),
        (move.asked, ngettext("%(n)s is asked again.", "%(n)s are asked again.", move.asked)),
    ]
    return " ".join([told, *(text % {"n": count} for count, text in counts if count)])


def _version(offered: list[CodebookVersion], sent: str) -> CodebookVersion:
    chosen = number(sent)
    found = next((version for version in offered if version.number == chosen), None)
    if found is None:
        raise NotFoundError("There is no such later version of the codebook.")
    return found
