"""Shares as they stood at a moment of the past, worked out backwards from what the audit says was changed since."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from projects.models import Assignment, AuditEntry, Round
from projects.queries import members
from projects.queries.duplicates import UNDO, UNDOABLE, counted_once
from projects.queries.shares import UNDO as UNDO_SHARES
from projects.queries.shares import UNDOABLE as SHARES

MEMBERS = frozenset({members.CHANGE, members.REMOVE, "leave project", "transfer project"})
UNDONE = frozenset({UNDO, UNDO_SHARES, members.UNDO})


@dataclass
class Then:
    """Of what changed since: whether an article lay in the trash, its original, and whether a share was taken back."""

    dropped: dict[int, bool] = field(default_factory=dict)
    linked: dict[int, int | None] = field(default_factory=dict)
    released: dict[int, bool] = field(default_factory=dict)


def shares_at(round: Round, at: datetime) -> QuerySet[Assignment]:
    """The shares of the round that counted then. Which of two linked copies has labels is looked up as of now."""
    then, article = then_of(round.project_id, at), "text_version__article"
    given = _so(~Q(state=Assignment.State.RELEASED), "pk", then.released)
    there = _so(Q(text_version__article__deleted_at=None), article, then.dropped)
    made = Assignment.objects.filter(kind=Assignment.Kind.LABELS, round=round, created_at__lte=at)
    shares = counted_once(made.filter(given, there, round__deleted_at=None), apart=list(then.linked))
    originals = shares.filter(text_version__article__in={original for original in then.linked.values() if original})
    drawn = set(originals.values_list(article, flat=True))
    beside = [pk for pk, original in then.linked.items() if original in drawn]
    return shares.exclude(text_version__article__in=beside, units_done=0) if beside else shares


def then_of(project_id: int, at: datetime) -> Then:
    """Each entry is taken back, newest first, so that what stood before the earliest of them is left."""
    then, acts = Then(), UNDOABLE.union(SHARES, MEMBERS, UNDONE)
    entries = AuditEntry.objects.filter(project=project_id, at__gt=at, act__in=acts).order_by("-pk")
    for entry in entries:
        undo = entry.act in UNDONE
        source = AuditEntry.objects.get(project=project_id, pk=entry.detail["entry"]).detail if undo else entry.detail
        standings = source.get("after" if undo else "before") if "withdrawn" in source else None
        for pk, standing in (standings or {}).items():
            then.dropped[int(pk)] = standing["deleted_at"] is not None
            then.linked[int(pk)] = standing["linked_to"]
        then.released |= dict.fromkeys(
            (*source.get("withdrawn", ()), *source.get("taken", ()), *source.get("released", ())), undo
        )
        then.released |= dict.fromkeys(source.get("given", ()), not undo)
    return then


def _so(now: Q, key: str, then: dict[int, bool]) -> Q:
    """A condition as it held then, by what holds now and what of it was otherwise; True in `then` = it did not hold."""
    changed: Collection[int] = list(then)
    held = [pk for pk, otherwise in then.items() if not otherwise]
    return (now & ~Q(**{f"{key}__in": changed})) | Q(**{f"{key}__in": held})
