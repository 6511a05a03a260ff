"""One annotator's labels put back as they stood at a moment of the past: a lead's act, by events that nobody chose.

What was labelled since stays in the history. Boundaries that were mended meanwhile stay mended, and the round keeps its
codebook: the labels of then are brought along to both. A label whose question or value the codebook of now doesn't
have, and one on a question that the codebook of then had not, stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from annotator.core.carrying import Held
from annotator.core.codebook import Codebook, Variable, moved, unknown
from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import CodebookMove, Event, Label, LabelRestore
from annotator.queries.boundaries import mendings_since, step_of, units_of
from annotator.queries.datasets import is_hidden
from annotator.queries.editions import text_version_at, version_at
from annotator.services.appending import Change, append
from annotator.services.boundaries.carrying import to_carry
from annotator.services.counting import count_again
from annotator.services.tallies import tallied
from projects.models import Article, Assignment, Membership, Round, TextVersion
from projects.permissions import require
from projects.queries.codebooks import codebook
from projects.services import audit
from projects.services.transaction import write

OnUnits = Mapping[int, Mapping[str, Held]]
"""Labels by the index of their unit and the key of their variable."""


def restore_labels(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> LabelRestore:
    """Put the annotator's labels in the round, or on one article of it, back as they stood at `at`.

    One share a transaction, so that he can go on meanwhile: a choice that he made on what stood before is a conflict,
    and he is shown both.
    """
    if not preview_restore(member=member, round=round, annotator=annotator, at=at, article=article):
        raise InvalidError("Nothing would change: these labels stand as they stood then.")
    with write():
        restore = LabelRestore.objects.create(
            round=round, annotator=annotator, article=article, member=member, as_of=at
        )
        told = {"round": round.name, "annotator": annotator.pseudonym, "as_of": at.isoformat()}
        audit.record(member, "restore labels", told | ({"article": article.external_id} if article else {}))
    for share in shares_of(round, annotator, article):
        with _changing(share) as locked:
            changes = append(planned(locked, at), restore=restore)
            LabelRestore.objects.filter(pk=restore.pk).update(changed=F("changed") + len(changes))
    restore.refresh_from_db()
    return restore


def preview_restore(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> list[Change]:
    """What `restore_labels` would change now."""
    _refuse(member, round, annotator)
    return [change for share in shares_of(round, annotator, article) for change in planned(share, at)]


def undo_restore(*, member: Membership, restore: LabelRestore) -> int:
    """Give the labels back that a restore changed, but for those that changed again since; how many there were."""
    _refuse(member, restore.round, restore.annotator)
    with write():
        if not LabelRestore.objects.filter(pk=restore.pk, undone_at=None).update(undone_at=timezone.now()):
            raise ConflictError("This was undone already.")
        told = {"round": restore.round.name, "annotator": restore.annotator.pseudonym}
        audit.record(member, "undo restore of labels", told)
    undone = 0
    for share in shares_of(restore.round, restore.annotator, restore.article):
        with _changing(share) as locked:
            undone += len(append(_before(locked, restore), restore=restore))
    return undone


def shares_of(round: Round, annotator: Membership, article: Article | None = None) -> list[Assignment]:
    """The shares whose labels would be put back, in order."""
    given = Assignment.objects.filter(round=round, member=annotator, kind=Assignment.Kind.LABELS)
    found = _joined(given.exclude(state=Assignment.State.RELEASED))
    return list(found if article is None else found.filter(text_version__article=article))


def planned(assignment: Assignment, at: datetime) -> list[Change]:
    """What would change in a share, in order of its units."""
    asked, asked_then = _asked(assignment.round.codebook_version_id), _asked(version_at(assignment.round, at).pk)
    wanted = dict(_under_codebook_of_now(assignment, at, _on_units_of_now(assignment, at)))
    labels = {
        (label.unit.index, label.variable): label
        for label in Label.objects.select_related("unit").filter(
            assignment=assignment, unit__text_version=assignment.text_version_id
        )
    }
    units = units_of(assignment.text_version)
    changes = []
    for index, key in sorted(wanted.keys() | labels.keys()):
        held = wanted.get((index, key), Held(None))
        fits = key in asked and key in asked_then and not unknown(asked[key], held.value)
        label = labels.get((index, key)) or Label(
            assignment=assignment, unit=units[index], variable=key, round_id=assignment.round_id, version=0
        )
        change = Change(label, held.value, held.to_confirm)
        if fits and change.is_one:
            changes.append(change)
    return changes


def _refuse(member: Membership, round: Round, annotator: Membership) -> None:
    require(member, "restore labels")
    if round.project_id != member.project_id or annotator.project_id != member.project_id:
        raise NotFoundError("There is no such round or annotator.")
    if is_hidden(member, round.pk) and annotator.pk != member.pk:
        raise NotAllowedError("You annotate in this round, it is blind, and it is still open.")
    if round.frozen_at is not None:
        raise InvalidError(f"“{round.name}” is frozen: nothing of it changes any more.")
    if CodebookMove.objects.filter(round=round, finished_at=None).exists():
        raise InvalidError(f"“{round.name}” is being moved to another codebook. Wait for that.")


def _asked(version: int) -> dict[str, Variable]:
    return {variable.key: variable for variable in codebook(version).variables}


def _joined(shares: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return shares.select_related("round__codebook_version", "text_version__article").order_by("pk")


@contextmanager
def _changing(share: Assignment) -> Iterator[Assignment]:
    """The share as it stands, locked; its counters and tallies are set right afterwards."""
    with write():
        locked = _joined(Assignment.objects.select_for_update(of=("self",))).get(pk=share.pk)
        with tallied(Assignment.objects.filter(pk=share.pk)):
            yield locked
            count_again([locked])


def _on_units_of_now(assignment: Assignment, at: datetime) -> OnUnits:
    """The labels of then, carried through every mending since. An undone one gives back what stood before it."""
    now, then = assignment.text_version, text_version_at(assignment.text_version, at)
    on: dict[int, OnUnits] = {then.pk: _said(assignment, then, at)}
    for mending in mendings_since(now.article_id, then.number, now.number):
        if mending.restores_id in on:
            on[mending.after_id] = on[mending.restores_id]
            continue
        step = step_of(mending)
        held = {step.old[index].pk: labels for index, labels in on[mending.before_id].items()}
        carried: dict[int, dict[str, Held]] = {}
        for row in to_carry(step, assignment, held):
            carried.setdefault(row.unit.index, {})[row.variable] = row.held
        on[mending.after_id] = carried
    return on[now.pk]


def _said(assignment: Assignment, text: TextVersion, at: datetime) -> OnUnits:
    events = Event.objects.filter(assignment=assignment, unit__text_version=text, server_time__lte=at)
    found: dict[int, dict[str, Held]] = {}
    rows = events.order_by("sequence").values_list("unit__index", "variable", "value", "to_confirm")
    for index, variable, value, to_confirm in rows:
        found.setdefault(index, {})[variable] = Held(value, bool(to_confirm))
    return found


def _under_codebook_of_now(
    assignment: Assignment, at: datetime, said: OnUnits
) -> Iterator[tuple[tuple[int, str], Held]]:
    """By unit and question what a label of then is under each version to which the round was moved since."""
    moves = CodebookMove.objects.filter(round=assignment.round_id, moved_at__gt=at, undone_at=None).order_by("pk")
    books = [codebook(move.to_version_id) for move in moves]
    for index, labels in said.items():
        for key, held in labels.items():
            yield (index, key), _moved(books, key, held)


def _moved(books: Sequence[Codebook], key: str, held: Held) -> Held:
    for book in books:
        variable = next((variable for variable in book.variables if variable.key == key), None)
        if variable is not None and held.value is not None:
            after = moved(variable, held.value)
            held = Held(after.value, after.asked or held.to_confirm)
    return held


def _before(assignment: Assignment, restore: LabelRestore) -> Iterator[Change]:
    """What the labels were that still stand as the restore left them."""
    asked = _asked(assignment.round.codebook_version_id)
    earlier = {
        (event.unit_id, event.variable, event.sequence): event
        for event in Event.objects.filter(assignment=assignment, unit__text_version=assignment.text_version_id)
    }
    for label in Label.objects.filter(assignment=assignment, last_event__restore=restore).order_by("pk"):
        event = earlier.get((label.unit_id, label.variable, label.version - 1))
        value, to_confirm = (event.value, bool(event.to_confirm)) if event else (None, False)
        if label.variable in asked and not unknown(asked[label.variable], value):
            yield Change(label, value, to_confirm)
