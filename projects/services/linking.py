"""Where an article stands: linked to its original, in the trash, or neither. Each change can be undone.

The audit entry of a change holds what was before and after it; an undo puts back what nobody has changed since.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from annotator.core.duplicates import groups
from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import Article, Assignment, AuditEntry, CopyPair, Membership
from projects.permissions import require
from projects.queries.duplicates import UNDO, UNDOABLE, comparable
from projects.queries.trash import DROP_ARTICLES, refuse_expired

from . import audit
from .article_metadata import put_back_column
from .duplicates import reopen_pairs
from .transaction import write

MOST_TOLD = 20
"""Reasons against a change that are named; the first of them is enough to refuse it."""


@dataclass(frozen=True)
class Standing:
    linked_to: int | None
    deleted_at: datetime | None


class Written(TypedDict):
    """A standing as it stands in an audit entry."""

    linked_to: int | None
    deleted_at: str | None


@dataclass(frozen=True)
class Changed:
    """What came of a change: the number of its audit entry, of articles, and of shares that were withdrawn."""

    entry: int
    articles: int
    withdrawn: int


def link(*, member: Membership, original: int, copies: Collection[int]) -> Changed:
    """Let the copies stand for nothing of their own: labelled once, as the original, and never drawn beside it.

    What was linked to a copy is linked to the original from now on. Shares in the copies that nobody has begun are
    withdrawn where the original is in the same round.
    """
    require(member, "manage articles")
    with write():
        known = _standings(member, {original, *copies})
        first = known[original].linked_to or original
        chosen = set(copies) - {first}
        if _gone(known, {original, *chosen}) or not chosen:
            raise InvalidError("Choose at least two articles that are not in the trash.")
        below = _of_project(member).filter(linked_to__in=chosen)
        moved = {pk: Standing(first, deleted) for pk, deleted in below.values_list("pk", "deleted_at") if pk != first}
        after = moved | {i: Standing(first, None) for i in chosen}
        return _apply(member, "link copies", _standings(member, after.keys()), after)


def link_same_wording(*, member: Membership) -> Changed:
    """Link every article whose wording another has too to the first of them that came in."""
    require(member, "manage articles")
    exact = CopyPair.objects.filter(
        project_id=member.project_id, kept_at=None, kind__in=(CopyPair.Kind.FILE, CopyPair.Kind.WORDING)
    )
    joined = groups(exact.values_list("article_id", "other_id"))
    with write():
        open_ones = set(comparable(member.project_id).values_list("pk", flat=True))
        waiting = [members for group in joined if len(members := [i for i in group if i in open_ones]) > 1]
        first_of = {i: members[0] for members in waiting for i in members[1:]}
        if not first_of:
            raise ConflictError("There is nothing of the same wording to link any more.")
        below = _of_project(member).filter(linked_to__in=first_of)
        moved = {
            pk: Standing(first_of[first], deleted)
            for pk, first, deleted in below.values_list("pk", "linked_to_id", "deleted_at")
            if first is not None
        }
        after = moved | {i: Standing(first, None) for i, first in first_of.items()}
        return _apply(member, "link copies", _standings(member, after.keys()), after)


def unlink(*, member: Membership, articles: Collection[int]) -> Changed:
    """Let copies be articles of their own again."""
    require(member, "manage articles")
    with write():
        before = {i: s for i, s in _standings(member, articles).items() if s.linked_to}
        return _apply(member, "unlink copies", before, {i: replace(s, linked_to=None) for i, s in before.items()})


def drop(*, member: Membership, articles: Collection[int]) -> Changed:
    """Move articles to the trash: out of lists and rounds. An article that somebody has labelled stays where it is."""
    require(member, "manage articles")
    now = timezone.now()
    with write():
        before = {i: s for i, s in _standings(member, articles).items() if s.deleted_at is None}
        if problems := (*_labelled(before), *_left_behind(member, before)):
            raise InvalidError("Nothing was dropped.", problems)
        return _apply(member, DROP_ARTICLES, before, {i: replace(s, deleted_at=now) for i, s in before.items()})


def restore(*, member: Membership, articles: Collection[int], operator: bool = False) -> Changed:
    """Bring articles back from the trash. A copy whose original stays there is no copy any more.

    What is there for too long is left to the operator.
    """
    require(member, "manage articles")
    with write():
        before = {i: s for i, s in _standings(member, articles).items() if s.deleted_at}
        if not operator:
            refuse_expired([s.deleted_at for s in before.values() if s.deleted_at])
        originals = _of_project(member).filter(pk__in={s.linked_to for s in before.values()}, deleted_at=None)
        there = set(originals.values_list("pk", flat=True)) | before.keys()
        after = {i: Standing(s.linked_to if s.linked_to in there else None, None) for i, s in before.items()}
        return _apply(member, "restore articles", before, after)


def undo(*, member: Membership, entry: int) -> str:
    """Put back what a change made by this module, by `keep_apart` or by `set_column`, has changed; its name."""
    require(member, "manage articles")
    found = AuditEntry.objects.filter(project_id=member.project_id, pk=entry, act__in=UNDOABLE).first()
    if found is None:
        raise NotFoundError("There is no such change.")
    with write():
        if "apart" in found.detail:
            reopen_pairs(member, found.detail["apart"])
        elif "was" in found.detail:
            put_back_column(member, **found.detail)
        else:
            _put_back(member, found)
        audit.record(member, UNDO, {"entry": entry, "act": found.act})
    return found.act


def _labelled(articles: Collection[int]) -> tuple[str, ...]:
    """What stands against dropping them: the figures and datasets of a round would change with what was labelled."""
    begun = Assignment.objects.filter(
        text_version__article__in=articles, state__in=(Assignment.State.STARTED, Assignment.State.DONE)
    )
    rows = begun.values_list("text_version__article__title", "round__name").distinct().order_by()[:MOST_TOLD]
    return tuple(f"“{title}” is labelled in the round “{name}” and stays in its figures." for title, name in rows)


def _left_behind(member: Membership, articles: Collection[int]) -> tuple[str, ...]:
    copies = _of_project(member).filter(linked_to__in=articles, deleted_at=None).exclude(pk__in=articles)
    titles = copies.values_list("linked_to__title", flat=True).distinct().order_by()[:MOST_TOLD]
    return tuple(f"“{title}” has linked copies. Unlink them first, or drop them too." for title in titles)


def _put_back(member: Membership, entry: AuditEntry) -> None:
    before, after = (_read(entry.detail[name]) for name in ("before", "after"))
    if _standings(member, after.keys()) != after:
        raise ConflictError("Some of these articles were changed again since. Nothing was undone.")
    refuse_expired([s.deleted_at for i, s in after.items() if s.deleted_at and not before[i].deleted_at])
    originals = {s.linked_to for s in before.values() if s.linked_to and s.deleted_at is None} - before.keys()
    if comparable(member.project_id).filter(pk__in=originals).count() < len(originals):
        raise ConflictError("An original was linked to another article or dropped since. Nothing was undone.")
    if _labelled([i for i, standing in before.items() if standing.deleted_at and not after[i].deleted_at]):
        raise ConflictError("Some of these articles were labelled since. Nothing was undone.")
    _store(before)
    ours = Assignment.objects.filter(round__project_id=member.project_id, round__frozen_at=None)
    withdrawn = ours.filter(pk__in=entry.detail["withdrawn"], state=Assignment.State.RELEASED)
    withdrawn.update(state=Assignment.State.WAITING)


def _apply(member: Membership, act: str, before: Mapping[int, Standing], after: Mapping[int, Standing]) -> Changed:
    if not after:
        raise InvalidError("Choose at least one article to which this applies.")
    _store(after)
    withdrawn = _withdraw(after)
    detail = {"before": _written(before), "after": _written(after), "withdrawn": withdrawn}
    entry = audit.record(member, act, detail)
    return Changed(entry.pk, len(after), len(withdrawn))


def _of_project(member: Membership) -> QuerySet[Article]:
    return Article.objects.filter(project_id=member.project_id)


def _standings(member: Membership, articles: Collection[int]) -> dict[int, Standing]:
    """Where articles stand, locked until the transaction ends. Raises NotFoundError where one isn't of the project."""
    rows = _of_project(member).filter(pk__in=articles).order_by("pk").select_for_update()
    found = {pk: Standing(linked, deleted) for pk, linked, deleted in rows.values_list("pk", "linked_to", "deleted_at")}
    if found.keys() != set(articles):
        raise NotFoundError("There is no such article.")
    return found


def _gone(known: Mapping[int, Standing], articles: Collection[int]) -> bool:
    return any(known[i].deleted_at for i in articles if i in known)


def _store(after: Mapping[int, Standing]) -> None:
    same: dict[Standing, list[int]] = {}
    for article, standing in after.items():
        same.setdefault(standing, []).append(article)
    for standing, ids in same.items():
        Article.objects.filter(pk__in=ids).update(linked_to=standing.linked_to, deleted_at=standing.deleted_at)


def _withdraw(after: Mapping[int, Standing]) -> list[int]:
    """Release what nobody has begun in open rounds, of dropped articles, and of copies beside their originals."""
    waiting = Assignment.objects.filter(
        text_version__article__in=after,
        state=Assignment.State.WAITING,
        units_done=0,
        kind=Assignment.Kind.LABELS,
        round__closed_at=None,
    ).values_list("pk", "round_id", "text_version__article")
    originals = {standing.linked_to for standing in after.values() if standing.linked_to}
    drawn = Assignment.objects.filter(text_version__article__in=originals).exclude(state=Assignment.State.RELEASED)
    beside = set(drawn.values_list("round_id", "text_version__article").distinct().order_by())
    ids = [
        pk
        for pk, round_id, article in waiting
        if after[article].deleted_at or (round_id, after[article].linked_to) in beside
    ]
    # Who begins his share at this very moment keeps it.
    still = Assignment.objects.filter(pk__in=ids, state=Assignment.State.WAITING, units_done=0)
    still.update(state=Assignment.State.RELEASED)
    return ids


def _written(standings: Mapping[int, Standing]) -> dict[str, Written]:
    return {
        str(i): Written(linked_to=s.linked_to, deleted_at=s.deleted_at.isoformat() if s.deleted_at else None)
        for i, s in standings.items()
    }


def _read(written: Mapping[str, Written]) -> dict[int, Standing]:
    return {
        int(i): Standing(s["linked_to"], parse_datetime(s["deleted_at"]) if s["deleted_at"] else None)
        for i, s in written.items()
    }
