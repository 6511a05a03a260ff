"""Rounds drawn at random: what would be drawn, the round itself, and the same draw once more."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Unpack

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from annotator.core.codebook import Json
from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from annotator.core.sampling import (
    BITS,
    RETEST,
    Candidate,
    Draw,
    Share,
    Summary,
    draw,
    draw_retest,
    room_beside,
    summarise,
)
from projects.models import Article, Assignment, Membership, Round, TextVersion
from projects.permissions import require
from projects.queries import access
from projects.queries.article_list import filtered
from projects.queries.candidates import Drawable, Text, candidates, drawable, finished_shares, may_be_drawn, texts_of
from projects.queries.codebooks import codebook, newest_published
from projects.queries.duplicates import newest_of
from projects.queries.progress import counts

from . import audit
from .asks import Ask, asked, written
from .bulk import in_batches
from .rounds import NewShare, RoundOptions, create_round, insert_shares, named_once, unfit
from .transaction import write

FORM = 1
"""Of what a round keeps of its draw; changes when the same ask would draw otherwise."""
CHANGED = "This is not the draw that you saw: the form, articles or annotators changed since. Look at it again."
MOST_STRATA = 100
Finished = Mapping[int, Sequence[int]]
"""By member the articles of an earlier round that he may get again."""


@dataclass(frozen=True)
class Plan:
    """What would be drawn. The hashes tell two plans apart."""

    shares: Sequence[Share]
    texts: Mapping[int, Text]
    available: Mapping[tuple[int, int], datetime]
    """When a (member, article) is due again; without, at once."""
    finished: Finished
    summary: Summary
    candidates: int
    candidates_sha256: str
    shares_sha256: str
    at: datetime


@dataclass(frozen=True)
class DrawnAgain:
    """Whether the articles to draw from are still the same, and whether they give the same shares."""

    same_candidates: bool
    same_shares: bool


def plan_draw(*, lead: Membership, ask: Ask, at: datetime | None = None, finished: Finished | None = None) -> Plan:
    """Draw without storing anything; `at` draws from what was there at that moment, as far as that is known.

    `finished` is what was then: a share tells only when it changed last. Raises InvalidError with what would be
    possible.
    """
    require(lead, "manage rounds")
    at = at or timezone.now()
    _refuse_foreign(lead, ask)
    pool = candidates(_articles(lead, ask, at), ask.by) if ask.new_articles else Drawable([], {})
    gold = candidates(drawable(lead.project, until=at).filter(pk__in=ask.gold))
    own, due = _finished(lead, ask, at)
    own = own if finished is None else finished
    drawn = _drawn(ask, pool, gold, own)
    shares = drawn.shares
    if ask.retest is not None:
        shares = draw_retest(own, ask.retest.number, ask.seed, drawn.shares, ask.members)
    again = {(share.annotator, share.article) for share in shares if share.why == RETEST}
    texts = {**pool.texts, **gold.texts}
    texts |= texts_of(_texts_of({share.article for share in shares} - texts.keys()))
    shares = [share for share in shares if share.article in texts]
    if not shares:
        raise InvalidError("Nobody has finished an article of that round yet, so none can be given again.")
    sizes = [Candidate(article, text.units) for article, text in texts.items()]
    return Plan(
        shares=shares,
        texts=texts,
        available={key: when for key, when in due.items() if key in again and when > at},
        finished=own,
        summary=summarise(pool.candidates, sizes, [one.id for one in ask.members], Draw(drawn.articles, shares)),
        candidates=len(pool.candidates),
        candidates_sha256=_sha256((*one, pool.texts[one.id].id) for one in pool.candidates),
        shares_sha256=_sha256(shares),
        at=at,
    )


def shares_asked(*, lead: Membership, ask: Ask) -> int:
    """About how many shares a draw would come to, without drawing."""
    require(lead, "manage rounds")
    articles = _articles(lead, ask, timezone.now()).count() if ask.new_articles else 0
    drawn = sum(ask.by_stratum.values()) or ask.number or round((ask.part or 1) * articles)
    again = len(ask.gold) + (ask.retest.number if ask.retest else 0)
    return round(min(drawn, articles) * (ask.overlap + ask.double)) + again * len(ask.members)


def open_drawn_round(
    *,
    lead: Membership,
    name: str,
    purpose: str,
    ask: Ask,
    seen: str = "",
    stored: Callable[[Round], None] | None = None,
    **options: Unpack[RoundOptions],
) -> Round:
    """Draw and store. `seen` is the hash of the shares of a preview: another draw than that one is refused.

    `stored` is called inside the transaction when all is stored.
    """
    require(lead, "manage rounds")
    with named_once(name) as name:
        if problems := unfit(name, purpose):
            raise InvalidError("The round was not opened.", tuple(problems))
        version = newest_published(lead.project_id)
        plan = plan_draw(lead=lead, ask=ask)
        if seen not in ("", plan.shares_sha256):
            raise ConflictError(CHANGED)
        whole = int(counts(codebook(version.pk), 0))
        with write():
            _refuse_changed(lead, plan)
            kept = {"draw": _kept(ask, plan), "seed": ask.seed, "retest_of_id": ask.retest and ask.retest.round}
            made = create_round(lead, name, purpose, overlap=ask.overlap, **kept, **options)
            if made.codebook_version_id != version.pk:
                raise ConflictError("Another version of the codebook was published meanwhile. Open the round again.")
            insert_shares(made, [_new(share, plan, whole) for share in plan.shares])
            told = {"articles": plan.summary.articles, "members": len(ask.members), "seed": ask.seed}
            audit.record(lead, "open round", {"round": made.name, **told})
            if stored is not None:
                stored(made)
    _count_again(made, plan, whole)
    return made


def draw_again(*, lead: Membership, round: Round) -> DrawnAgain:
    """Draw a round once more from what was there when it was drawn, and compare."""
    require(lead, "manage rounds")
    kept = round.draw
    if kept is None or kept["form"] != FORM or "elsewhere" in kept:
        raise NotFoundError("This round was not drawn at random, or not here by this version of the program.")
    finished = dict(kept["finished"]) if "finished" in kept else None
    try:
        plan = plan_draw(lead=lead, ask=asked(kept["ask"]), at=parse_datetime(kept["at"]), finished=finished)
    except InvalidError:
        return DrawnAgain(same_candidates=False, same_shares=False)
    return DrawnAgain(plan.candidates_sha256 == kept["candidates_sha256"], plan.shares_sha256 == kept["shares_sha256"])


def _articles(lead: Membership, ask: Ask, at: datetime) -> QuerySet[Article]:
    found = filtered(lead.project, replace(ask.wanted, state="")).filter(may_be_drawn(), created_at__lte=at)
    if ask.by_hand is not None:
        found = found.filter(pk__in=ask.by_hand)
    if ask.undrawn:
        given = Assignment.objects.filter(text_version__article=OuterRef("pk"), created_at__lt=at)
        shares = given.filter(round__deleted_at=None)
        found = found.exclude(Exists(shares.exclude(state=Assignment.State.RELEASED)))
    return found


def _drawn(ask: Ask, pool: Drawable, gold: Drawable, own: Finished) -> Draw:
    if not ask.new_articles:
        if ask.retest is None:
            raise InvalidError("Choose the round whose articles are given again.")
        return Draw([], [])
    if not pool.candidates:
        raise InvalidError("No article fits. Linked copies and articles that wait for review are never drawn.")
    members = room_beside(ask.members, own, ask.retest.number) if ask.retest else ask.members
    return draw(pool.candidates, members, ask.spec(gold.candidates))


def _finished(lead: Membership, ask: Ask, at: datetime) -> tuple[Finished, dict[tuple[int, int], datetime]]:
    """What may be given again by then, and when each (member, article) of it is due."""
    own: dict[int, list[int]] = {}
    due: dict[tuple[int, int], datetime] = {}
    if ask.retest is not None:
        of = [one.id for one in ask.members]
        for member, article, when in finished_shares(lead.project, of, ask.retest.round, at):
            own.setdefault(member, []).append(article)
            due[member, article] = when + timedelta(days=ask.retest.days)
    return own, due


def _new(share: Share, plan: Plan, whole: int) -> NewShare:
    text = plan.texts[share.article]
    due = plan.available.get((share.annotator, share.article))
    return NewShare(text.id, share.annotator, text.units + whole, share.why, due)


def _texts_of(articles: Iterable[int]) -> QuerySet[TextVersion]:
    return TextVersion.objects.filter(article__in=sorted(articles), article__deleted_at=None)


def _refuse_foreign(lead: Membership, ask: Ask) -> None:
    of_project = access.annotators(lead.project_id).filter(pk__in=[one.id for one in ask.members])
    if not ask.members or of_project.count() < len(ask.members):
        raise InvalidError("Choose at least one annotator, all of this project.")
    if ask.retest and not Round.objects.filter(project=lead.project_id, pk=ask.retest.round).exists():
        raise NotFoundError("There is no such round.")


def _refuse_changed(lead: Membership, plan: Plan) -> None:
    """Whoever mends, links, drops or holds an article takes the same locks, and comes before or after the draw."""
    fresh = {share.article for share in plan.shares if share.why != RETEST}
    for some in in_batches(iter(sorted({share.article for share in plan.shares}))):
        locked = Article.objects.select_for_update().filter(pk__in=some, deleted_at=None).order_by("pk")
        there = locked.filter(may_be_drawn() | ~Q(pk__in=fresh.intersection(some))).values_list("pk", flat=True)
        newest = newest_of(_texts_of(some)).values_list("article_id", "pk")
        if len(there) < len(some) or any(plan.texts[article].id != text for article, text in newest):
            raise ConflictError(CHANGED)


def _count_again(made: Round, plan: Plan, whole: int) -> None:
    """Mend totals where units changed between plan and round: from now on they change no more without a new version."""
    drawn = TextVersion.objects.filter(pk__in=Assignment.objects.filter(round=made).values("text_version"))
    for article, text in texts_of(drawn).items():
        if plan.texts[article].units != text.units:
            Assignment.objects.filter(round=made, text_version=text.id).update(units_total=text.units + whole)


def _kept(ask: Ask, plan: Plan) -> dict[str, Json]:
    strata: list[Json] = [list(line) for line in plan.summary.strata[:MOST_STRATA]]
    return {
        "form": FORM,
        "bits": BITS,
        "ask": written(ask),
        "at": plan.at.isoformat(),
        "finished": [[member, [*articles]] for member, articles in sorted(plan.finished.items())],
        "candidates": plan.candidates,
        "candidates_sha256": plan.candidates_sha256,
        "shares": len(plan.shares),
        "shares_sha256": plan.shares_sha256,
        "shared": plan.summary.shared,
        "pairs": list(plan.summary.pairs) if plan.summary.pairs else None,
        "strata": strata,
    }


def _sha256(rows: Iterable[Sequence[object]]) -> str:
    return hashlib.sha256(json.dumps(list(rows), ensure_ascii=False).encode()).hexdigest()
