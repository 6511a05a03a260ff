"""Boundaries mended, before and after labelling, without losing a label.

A mending never changes a text version: it makes the next one, and moves the assignments of open rounds to it with all
their labels. Closed rounds stay on the version that they were labelled on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from annotator.core.align import Alignment
from annotator.core.codebook import Json
from annotator.core.errors import ConflictError, InvalidError
from annotator.core.mending import Draft, Edit, MendingError, Piece, mend, proven, written
from annotator.models import Mending, Note, QueuedUnit
from annotator.queries.boundaries import (
    Step,
    alignment_of,
    draft_of,
    mending_to_undo,
    piece_of,
    units_of,
)
from annotator.queries.mending_pages import hidden_shares
from annotator.services.counting import count_again
from annotator.services.tallies import tallied
from projects.models import Article, Assignment, Membership, TextVersion, Unit
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.queries.masking import hidden_by
from projects.queries.texts import newest_text
from projects.services import audit
from projects.services.articles import is_codable, locked_articles
from projects.services.rounds import unit_totals
from projects.services.transaction import write

from .carrying import Carried, held_labels, not_placed, store_carried, to_carry
from .decisions import carry_decisions
from .gold import carry_gold
from .undoing import restored_from
from .versions import store_step

__all__ = ["Mended", "mend_boundaries", "undo_mending"]

MEANWHILE = "The boundaries of this article were mended meanwhile. Load the page again and look at them first."


@dataclass(frozen=True)
class Mended:
    """The text version that came of a mending, and the labels that now stand on it, as far as its maker may know."""

    version: TextVersion
    labels: int
    to_confirm: int
    to_settle: int
    unplaced: int


@dataclass(frozen=True)
class _Next:
    """A text version to be made."""

    text: str
    pieces: Sequence[Piece]
    alignment: Alignment
    edits: Sequence[Edit] = ()
    restores: TextVersion | None = None


def mend_boundaries(*, member: Membership, article: Article, base: int, edits: Sequence[Edit]) -> Mended:
    """Apply edits to the newest text version, which has to be number `base`, and carry all labels over.

    Raises InvalidError for an edit that can't be made and ConflictError where another mending came first.
    """
    before, units = _begin(member, article, base)
    offered = member.project.codable_kinds or None
    try:
        draft = mend(draft_of(before, units), edits, lambda kind: is_codable(kind, offered))
    except MendingError as error:
        raise InvalidError(str(error)) from error
    if draft.text == before.text and _shape(draft.pieces) == _shape([piece_of(unit) for unit in units[1:]]):
        raise InvalidError("Nothing was changed.")
    return _store(member, before, units, _Next(draft.text, draft.pieces, draft.alignment, edits))


def undo_mending(*, member: Membership, article: Article, base: int) -> Mended:
    """Bring the units and labels from before the last mending back, as a new text version.

    What annotators chose since stays: where it can't stand on the units as they were, it is carried like any label.
    """
    before, units = _begin(member, article, base)
    mending = mending_to_undo(before)
    if mending is None:
        raise InvalidError("There is no mending to undo.")
    wanted = mending.before
    pieces = [piece_of(unit) for unit in units_of(wanted)[1:]]
    return _store(member, before, units, _Next(wanted.text, pieces, alignment_of(mending).reversed(), restores=wanted))


def _begin(member: Membership, article: Article, base: int) -> tuple[TextVersion, list[Unit]]:
    require(member, "mend boundaries")
    if article.item_text:
        raise InvalidError("This is one item of a coded table; its one unit is what was coded, and can't be mended.")
    before = newest_text(article)
    if before.number != base:
        raise ConflictError(MEANWHILE)
    return before, units_of(before)


def _shape(pieces: Sequence[Piece]) -> list[tuple[int, int, str, bool]]:
    return [(piece.start, piece.end, piece.kind, piece.codable) for piece in pieces]


def _store(member: Membership, before: TextVersion, units: Sequence[Unit], following: _Next) -> Mended:
    proof = proven(Draft(following.text, tuple(following.pieces), following.alignment))
    try:
        with write():
            assignments = _to_move(before)
            _refuse_hidden_kinds(assignments, following.pieces)
            step = store_step(before, units, following.text, following.pieces, following.alignment, proof)
            mended = _carry(member, step, assignments, following)
    except IntegrityError as error:
        raise ConflictError(MEANWHILE) from error
    return mended


def _refuse_hidden_kinds(assignments: Sequence[Assignment], pieces: Sequence[Piece]) -> None:
    """An annotator who may not see a byline can't label it, and would never be done."""
    offered = {piece.kind for piece in pieces if piece.codable}
    for hiding in {assignment.round for assignment in assignments}:
        for kind in sorted(hidden_by(hiding) & offered):
            raise InvalidError(
                f"“{hiding.name}” keeps the {kind} from its annotators, so no {kind} can be offered for labelling. "
                "Leave it out, give it another kind, or close the round first."
            )


def _to_move(before: TextVersion) -> list[Assignment]:
    """The assignments of open rounds on this version, locked: a save that comes meanwhile waits and then follows.

    A round that is opened meanwhile waits too, and then draws the next version.
    """
    locked_articles([before.article_id])
    found = Assignment.objects.select_for_update(of=("self",)).select_related("round")
    return list(found.filter(text_version=before, round__closed_at=None))


def _carry(member: Membership, step: Step, assignments: Sequence[Assignment], following: _Next) -> Mended:
    wanted = following.restores
    restored = restored_from(wanted, step.before, assignments) if wanted is not None else None
    rows, lost = [], []
    for assignment in assignments:
        held = held_labels(assignment, step.old)
        own = list(to_carry(step, assignment, held, restored))
        lost += list(not_placed(step, assignment, held, own, restored))
        rows += own
    with tallied(Assignment.objects.filter(pk__in=[assignment.pk for assignment in assignments])):
        store_carried(rows)
        _move(step, assignments)
    carry_decisions(step, {assignment.round for assignment in assignments}, wanted)
    carry_gold(step, wanted)
    Mending.objects.create(
        after=step.after,
        before=step.before,
        restores=wanted,
        member=member,
        edits=written(following.edits),
        blocks=None if step.before.sha256 == step.after.sha256 else [list(block) for block in step.alignment.blocks],
        unplaced=lost,
    )
    act = "mend boundaries" if wanted is None else "undo a mending"
    audit.record(member, act, {"article": step.after.article.external_id, "text_version": step.after.number})
    return _told(member, step.after, rows, lost)


def _told(
    member: Membership, after: TextVersion, rows: Sequence[Carried], lost: Sequence[Mapping[str, Json]]
) -> Mended:
    hidden = hidden_shares(after.article, member)
    told = [row.held for row in rows if row.assignment.pk not in hidden]
    count = Counter("settle" if held.open else "confirm" for held in told if held.to_confirm)
    unplaced = sum(item["assignment"] not in hidden for item in lost)
    return Mended(after, len(told), count["confirm"], count["settle"], unplaced)


def _move(step: Step, assignments: Sequence[Assignment]) -> None:
    """Let assignments, notes and what waits for adjudication follow, and count again."""
    for assignment in assignments:
        assignment.text_version = step.after
        book = codebook(assignment.round.codebook_version_id)
        assignment.units_total = unit_totals(book, [step.after])[step.after.pk]
        assignment.save(update_fields=["text_version", "units_total", "updated_at"])
    count_again(assignments)
    rounds = {assignment.round_id for assignment in assignments}
    homes = {step.old[link.old].pk: step.new[link.new] for link in step.links if link.home}
    for note in Note.objects.filter(round__in=rounds, unit__in=homes):
        note.unit = homes[note.unit_id]
        note.save(update_fields=["unit"])
    for queued in QueuedUnit.objects.filter(round__in=rounds, unit__in=homes):
        there = homes[queued.unit_id]
        QueuedUnit.objects.get_or_create(
            round_id=queued.round_id, unit=there, variable=queued.variable, defaults={"member_id": queued.member_id}
        )
        queued.delete()
