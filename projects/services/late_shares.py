"""Shares for an annotator who joins a round that is under way."""

from django.db.models import QuerySet

from annotator.core.errors import InvalidError
from annotator.core.sampling import add_overlap, assign_arms, take_over
from annotator.core.sampling.chance import Chance
from projects.models import Assignment, Membership, Round
from projects.permissions import require
from projects.queries.shares import JOIN

from . import audit
from .shares import Moved, give, refuse_no_annotator, refuse_other_project, take_back
from .transaction import write

State = Assignment.State


def take_from_others(*, lead: Membership, round: Round, to: Membership, number: int | None = None) -> Moved:
    """Give `to` waiting shares of those who have most to do: `number`, or as many as leave all with about the same."""
    _refuse(lead, round, to)
    with write():
        waiting = _shares(round).filter(state=State.WAITING).exclude(member=to).select_for_update(of=("self",))
        rows = waiting.order_by("pk").values_list("member_id", "text_version_id", "pk")
        found = {(member, text): share for member, text, share in rows}
        of: dict[int, list[int]] = {}
        for member, text in found:
            of.setdefault(member, []).append(text)
        ids = [found[place] for place in take_over(of, _held(round, to), number, round.seed)]
        if not ids:
            raise InvalidError("Nobody has a share to spare that he hasn't begun.")
        taken = list(Assignment.objects.filter(pk__in=ids).order_by("pk"))
        back = take_back(Assignment.objects.filter(pk__in=ids))
        return _given(lead, round, to, back, taken)


def add_to_overlap(*, lead: Membership, round: Round, to: Membership, number: int) -> Moved:
    """Let `to` label `number` articles that others have too: those that fewest have, spread over all others."""
    _refuse(lead, round, to)
    with write():
        there = _shares(round).exclude(member=to).order_by("pk")
        given = there.values_list("member_id", "text_version_id")
        chosen = add_overlap(given, _held(round, to), number, round.seed)
        if not chosen:
            raise InvalidError(f"{to.pseudonym} has every article of this round already.")
        found = {share.text_version_id: share for share in there.filter(text_version__in=chosen)}
        for share in found.values():
            share.why, share.available_from = Assignment.Why.OVERLAP, None
        return _given(lead, round, to, [], _in_own_arms(round, to, [found[text] for text in chosen]))


def _given(lead: Membership, round: Round, to: Membership, taken: list[int], like: list[Assignment]) -> Moved:
    """Give shares like these, and the round's hidden gold that everybody has, in a random order."""
    held = {*_held(round, to), *(share.text_version_id for share in like)}
    gold = Assignment.objects.filter(round=round, why=Assignment.Why.GOLD).exclude(text_version__in=held)
    once = {share.text_version_id: share for share in gold.order_by("pk")}
    beside = _in_own_arms(round, to, [*once.values()])
    given = give(Chance(round.seed, f"order {to.pk}").shuffled([*like, *beside]), to)
    entry = audit.record(lead, JOIN, {"member": to.pseudonym, "taken": taken, "given": given})
    return Moved(entry.pk, len(taken), len(given))


def _in_own_arms(round: Round, to: Membership, like: list[Assignment]) -> list[Assignment]:
    """What others have too goes to arms that are drawn for him: those of the others say nothing of his."""
    keys = [arm["key"] for arm in round.arms]
    arms = assign_arms([(share.text_version_id, to.pk) for share in like], keys, round.seed)
    for share, arm in zip(like, arms, strict=True):
        share.arm = arm
    return like


def _held(round: Round, member: Membership) -> list[int]:
    """The articles of the round that the member has or once had."""
    own = Assignment.objects.filter(round=round, member=member).exclude(state=State.RELEASED)
    return list(own.values_list("text_version_id", flat=True))


def _shares(round: Round) -> QuerySet[Assignment]:
    """Those that could be somebody else's: what comes again is for its own annotator alone, and gold for everybody."""
    shares = Assignment.objects.filter(round=round, kind=Assignment.Kind.LABELS, text_version__article__deleted_at=None)
    return shares.exclude(state=State.RELEASED).exclude(why__in=(Assignment.Why.RETEST, Assignment.Why.GOLD))


def _refuse(lead: Membership, round: Round, to: Membership) -> None:
    require(lead, "manage rounds")
    refuse_other_project(lead, to)
    refuse_no_annotator(to)
    if round.closed_at is not None:
        raise InvalidError("The round is closed. Open it again first.")
