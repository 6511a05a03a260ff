"""One annotator's labels put back as they stood at a moment of the past: a lead's act, by events that nobody chose.

What was labelled since stays in the history. It goes share by share, each in a transaction of its own, so that the
annotator can go on meanwhile: a choice that he made on what stood before is a conflict, and he is shown both. Every
step may be done twice: what was interrupted is finished by doing it again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from annotator.core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from annotator.models import CodebookMove, LabelRestore
from annotator.queries.datasets import is_hidden
from annotator.services.appending import Change, append
from annotator.services.counting import count_again
from annotator.services.jobs import Running
from annotator.services.notices import notify
from annotator.services.tallies import tallied
from projects.models import Article, Assignment, Membership, Round
from projects.permissions import require
from projects.services import audit
from projects.services.freezing import refuse_frozen
from projects.services.transaction import write

from .planning import before, planned, shares_changed_by, shares_since

LOOKED_AT = 50
"""Shares that a preview reads; what it says of more would take too long for a page."""


@dataclass(frozen=True)
class Preview:
    """What would change, in the shares that were looked at; `others` were changed since, and not looked at."""

    changes: Sequence[Change]
    others: int


def preview_restore(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> Preview:
    _refuse(member, round, annotator)
    shares = shares_since(round, annotator, at, article)
    looked_at = _joined(Assignment.objects.filter(pk__in=shares[:LOOKED_AT]))
    return Preview([change for share in looked_at for change in planned(share, at)], len(shares[LOOKED_AT:]))


def begin_restore(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> LabelRestore:
    """Write down that the labels in the round, or on one article of it, go back to `at`; `carry_out` does it."""
    found = preview_restore(member=member, round=round, annotator=annotator, at=at, article=article)
    if not found.changes and not found.others:
        raise InvalidError("Nothing would change: these labels stand as they stood then.")
    with write():
        told = {"round": round.name, "annotator": annotator.pseudonym, "as_of": at.isoformat()}
        audit.record(member, "restore labels", told | ({"article": article.external_id} if article else {}))
        return LabelRestore.objects.create(round=round, annotator=annotator, article=article, member=member, as_of=at)


def carry_out(restore: LabelRestore, running: Running | None = None) -> LabelRestore:
    def put_back(share: Assignment) -> int:
        return len(append(planned(share, restore.as_of), restore=restore))

    shares = shares_since(restore.round, restore.annotator, restore.as_of, restore.article)
    for changed in _each(shares, put_back, running):
        LabelRestore.objects.filter(pk=restore.pk).update(changed=F("changed") + changed)
    restore.refresh_from_db()
    _tell(restore)
    return restore


def restore_labels(
    *, member: Membership, round: Round, annotator: Membership, at: datetime, article: Article | None = None
) -> LabelRestore:
    """Both at once."""
    return carry_out(begin_restore(member=member, round=round, annotator=annotator, at=at, article=article))


def begin_undo(*, member: Membership, restore: LabelRestore) -> None:
    """Write down that a restore is undone; `carry_back` does it. An undo that was interrupted may be begun again."""
    _refuse(member, restore.round, restore.annotator)
    with write():
        first = LabelRestore.objects.filter(pk=restore.pk, undone_at=None).update(undone_at=timezone.now())
        if not first and not shares_changed_by(restore):
            raise ConflictError("This was undone already.")
        told = {"round": restore.round.name, "annotator": restore.annotator.pseudonym}
        audit.record(member, "undo restore of labels", told)


def carry_back(restore: LabelRestore, running: Running | None = None) -> int:
    """Give back the labels that still stand as the restore left them; how many there were."""

    def give_back(share: Assignment) -> int:
        return len(append(before(share, restore), restore=restore))

    undone = sum(_each(shares_changed_by(restore), give_back, running))
    _tell(restore)
    return undone


def undo_restore(*, member: Membership, restore: LabelRestore) -> int:
    """Both at once."""
    begin_undo(member=member, restore=restore)
    return carry_back(restore)


def _tell(restore: LabelRestore) -> None:
    """His answers changed without him; where they do again by the undo, he is told again."""
    if restore.annotator.user_id is not None:
        project = restore.annotator.project
        link = reverse("own_labels", args=[project.slug])
        to, parts = [restore.annotator.user_id], {"project": project.title}
        notify("labels restored", to=to, project=project.pk, link=link, parts=parts)


def _each(shares: Sequence[int], change: Callable[[Assignment], int], running: Running | None) -> Iterator[int]:
    """What `change` gives for each share, locked; its counters and tallies are set right afterwards."""
    if running is not None:
        running.begin(len(shares))
    for pk in shares:
        with write(), _locked(pk) as share:
            refuse_frozen(share.round_id)
            yield change(share)
            if running is not None:
                running.advance(1)


@contextmanager
def _locked(pk: int) -> Iterator[Assignment]:
    share = _joined(Assignment.objects.select_for_update(of=("self",))).get(pk=pk)
    with tallied(Assignment.objects.filter(pk=pk)):
        yield share
        count_again([share])
        # Other answers, though as many: what was kept of it, such as how it met gold, is old.
        share.save(update_fields=["updated_at"])


def _joined(shares: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return shares.select_related("round__codebook_version", "text_version__article").order_by("pk")


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
