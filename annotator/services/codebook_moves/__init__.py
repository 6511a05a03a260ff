"""Rounds moved to a later version of the codebook, and back, without touching an event.

The round takes the version at once, in one short transaction that waits for the saves under way; then its labels
follow, one assignment a transaction, so that annotators who save meanwhile hardly wait. Every step may be done twice:
what was interrupted is finished by doing it again. docs/decisions/003-moved-codebooks.md says why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.models import F, Max
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError
from annotator.models import CodebookMove, Event
from annotator.queries.codebook_moves import move_to_undo, problems
from annotator.services.jobs import Running
from annotator.services.tallies import tallied
from projects.models import Assignment, CodebookVersion, Membership, Round
from projects.permissions import require
from projects.services import audit
from projects.services.freezing import refuse_frozen
from projects.services.transaction import write

from .decisions import move_decisions
from .labels import Followed, bring_along, bring_back

MEANWHILE = "This round was moved to another version meanwhile. Load the page again."
Follow = Callable[[CodebookMove, Assignment], Followed]


def move_round(
    *, member: Membership, round: Round, version: CodebookVersion, running: Running | None = None
) -> CodebookMove:
    """Let a round use a later published version, and change its labels as that says its values became others.

    Raises InvalidError where the version isn't a later one of the project, or lacks what labels are about. A move that
    was interrupted goes on. `running` is the job that does it, if one does.
    """
    require(member, "manage rounds")
    move = _begun(round, version) or _begin(member, round, version)
    return _follow(move, bring_along, running)


def undo_move(*, member: Membership, move: CodebookMove, running: Running | None = None) -> CodebookMove:
    """Let the round use the version from before its last move, with the labels of then.

    What annotators chose since stays if the earlier version has its values, else it waits with the earlier answer.
    """
    require(member, "manage rounds")
    if move.undone_at is None:
        move = _begin_back(member, move)
    return _follow(move, bring_back, running)


def shares(round: Round) -> int:
    """How many steps a move of the round has."""
    return Assignment.objects.filter(round=round).count()


def _begun(round: Round, version: CodebookVersion) -> CodebookMove | None:
    """The move to this version that was interrupted."""
    found = CodebookMove.objects.filter(round=round, to_version=version, undone_at=None, finished_at=None)
    return found.first()


def _begin(member: Membership, round: Round, version: CodebookVersion) -> CodebookMove:
    before = round.codebook_version
    later = version.published_at is not None and version.number > before.number
    if round.project_id != member.project_id or version.project_id != round.project_id or not later:
        raise InvalidError(f"“{round.name}” uses version {before.number}. Choose a later published version.")
    if CodebookMove.objects.filter(round=round, finished_at=None).exists():
        raise InvalidError(f"“{round.name}” is still being moved. Wait for that, or finish it first.")
    found = problems(round, version)
    if found:
        raise InvalidError(f"“{round.name}” was not moved to version {version.number}.", tuple(found))
    with _switched(round, version) as last_event:
        move = CodebookMove.objects.create(
            round=round,
            from_version=before,
            to_version=version,
            member=member,
            last_event=last_event,
            moved_at=timezone.now(),
        )
        told = {"round": round.name, "from": before.number, "to": version.number}
        audit.record(member, "move round to codebook", told)
    return move


def _begin_back(member: Membership, move: CodebookMove) -> CodebookMove:
    round = move.round
    newest = move_to_undo(round)
    if newest is None or newest.pk != move.pk:
        raise ConflictError(MEANWHILE)
    with _switched(round, move.from_version):
        move.undone_at, move.finished_at = timezone.now(), None
        move.save(update_fields=["undone_at", "finished_at"])
        told = {"round": round.name, "from": move.to_version.number, "to": move.from_version.number}
        audit.record(member, "undo move of round", told)
    return move


@contextmanager
def _switched(round: Round, version: CodebookVersion) -> Iterator[int]:
    """Give the round its version in one transaction; the id of the last event before is what is handed out.

    All assignments are locked, so that a save is stored before, or sees the new version when its turn comes.
    """
    with write():
        refuse_frozen(round.pk)
        list(Assignment.objects.select_for_update().filter(round=round).values_list("pk"))
        changed = Round.objects.filter(pk=round.pk, codebook_version_id=round.codebook_version_id)
        if not changed.update(codebook_version=version):
            raise ConflictError(MEANWHILE)
        last = Event.objects.filter(assignment__round=round).aggregate(last=Max("pk"))["last"]
        yield last or 0
    round.codebook_version = version


def _follow(move: CodebookMove, follow: Follow, running: Running | None) -> CodebookMove:
    assignments = list(Assignment.objects.filter(round=move.round_id).order_by("id").values_list("pk", flat=True))
    if running is not None:
        running.begin(len(assignments))
    for pk in assignments:
        with write():
            locked = Assignment.objects.select_for_update(of=("self",)).select_related("round", "text_version")
            assignment = locked.get(pk=pk)
            with tallied(Assignment.objects.filter(pk=pk)):
                done = follow(move, assignment)
            counted = CodebookMove.objects.filter(pk=move.pk)
            if follow is bring_along:
                counted.update(changed=F("changed") + done.changed, asked=F("asked") + done.asked)
            if running is not None:
                running.advance(1)
    move_decisions(move)
    # Not where the move was taken back meanwhile: that is finished by its own undo.
    CodebookMove.objects.filter(pk=move.pk, undone_at=move.undone_at).update(finished_at=timezone.now())
    move.refresh_from_db()
    return move
