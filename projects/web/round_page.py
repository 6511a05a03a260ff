"""A round: how it was drawn, who has which shares of it, and what a lead can still change of that."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import ConflictError, InvalidError, NotFoundError
from projects.models import Assignment, Membership, Round
from projects.permissions import can
from projects.queries import access
from projects.queries.draw_words import draw_words
from projects.queries.shares import Change, Holder, change, holders, shares_of
from projects.services.draws import draw_again
from projects.services.freezing import freeze_round
from projects.services.late_shares import add_to_overlap, take_from_others
from projects.services.shares import Moved, reassign_shares, release_shares, undo_shares
from projects.web.numbers import number, numbers
from projects.web.pages import member_of, page
from projects.web.undo import tell_refusal

PER_PAGE = 100


@dataclass(frozen=True)
class Line:
    """A share of somebody, as the lead sees it."""

    share: Assignment
    movable: bool


@require_safe
def round_page(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """How the round was drawn, and how far its annotators are; `again=1` draws once more and compares."""
    member = member_of(request, slug, "view rounds")
    round = access.round_of(member, round_id)
    manages = can(member, "manage rounds")
    found = holders(round)
    context = {
        "round": round,
        "words": draw_words(round),
        "again": draw_again(lead=member, round=round) if manages and round.draw and "again" in request.GET else None,
        "holders": found,
        "others": _others(round, found) if manages and round.closed_at is None else [],
        "may_manage": manages,
        "changed": _changed(request, member) if manages else None,
    }
    return page(request, member, "rounds/round.html", context)


@require_safe
def member_shares(request: HttpRequest, slug: str, round_id: int, member_id: int) -> HttpResponse:
    """One annotator's shares of a round, a page at a time from the share `after`."""
    lead = member_of(request, slug, "manage rounds")
    round, member = access.round_of(lead, round_id), _member(lead, member_id)
    after = number(request.GET.get("after", "")) or 0
    found = list(shares_of(round, member).filter(pk__gt=after).order_by("pk")[: PER_PAGE + 1])
    open_states = (Assignment.State.WAITING, Assignment.State.STARTED)
    frozen = round.frozen_at is not None
    context = {
        "round": round,
        "holder": member,
        "lines": [Line(share, share.state in open_states and not frozen) for share in found[:PER_PAGE]],
        "next": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "others": access.annotators(lead.project_id).exclude(pk=member.pk),
        "changed": _changed(request, lead),
    }
    return page(request, lead, "rounds/shares.html", context)


@require_POST
def move_shares(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Take shares back, give them to somebody, let somebody join, or undo one of these."""
    lead = member_of(request, slug, "manage rounds")
    round = access.round_of(lead, round_id)
    back = reverse("round", args=[slug, round.pk])
    if request.POST.get("back") == "shares" and (holder := number(request.POST.get("member", ""))) is not None:
        back = reverse("member_shares", args=[slug, round.pk, holder])
    try:
        moved = _moved(request, lead, round)
    except (ConflictError, InvalidError) as error:
        tell_refusal(request, error)
        return redirect(back)
    if request.POST.get("act") == "undo":
        messages.success(request, _("That is undone."), "good")
        return redirect(back)
    return redirect(f"{back}?done={moved.entry}")


@require_POST
def freeze(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    lead = member_of(request, slug, "manage rounds")
    round = access.round_of(lead, round_id)
    try:
        freeze_round(lead=lead, round=round)
    except InvalidError as error:
        tell_refusal(request, error)
    return redirect("round", slug, round.pk)


def _moved(request: HttpRequest, lead: Membership, round: Round) -> Moved:
    post = request.POST
    act = post.get("act", "")
    if act == "undo":
        return undo_shares(lead=lead, entry=number(post.get("entry", "")) or 0)
    if act == "release":
        shares = numbers(post.getlist("shares")) if "single" in post else None
        member = _member(lead, number(post.get("member", "")))
        return release_shares(lead=lead, member=member, round=round, shares=shares, begun="single" in post)
    to = _member(lead, number(post.get("to", "")))
    if act == "give":
        own = shares_of(round, _member(lead, number(post.get("member", ""))))
        waiting = own.filter(state=Assignment.State.WAITING).values_list("pk", flat=True)
        return reassign_shares(
            lead=lead, shares=numbers(post.getlist("shares")) if "single" in post else waiting, to=to
        )
    wanted = number(post.get("number", "").strip())
    if act == "overlap":
        return add_to_overlap(lead=lead, round=round, to=to, number=_asked(wanted))
    return take_from_others(lead=lead, round=round, to=to, number=None if wanted is None else _asked(wanted))


def _asked(wanted: int | None) -> int:
    if not wanted:
        raise InvalidError("Write how many articles.")
    return wanted


def _member(lead: Membership, member_id: int | None) -> Membership:
    found = Membership.objects.filter(project_id=lead.project_id, pk=member_id or 0).select_related("user").first()
    if found is None:
        raise NotFoundError("There is no such member.")
    return found


def _others(round: Round, found: list[Holder]) -> list[Membership]:
    """Who may join, those first who have nothing in the round."""
    held = {holder.member.pk for holder in found if holder.articles}
    return sorted(access.annotators(round.project_id), key=lambda member: (member.pk in held, member.pk))


def _changed(request: HttpRequest, lead: Membership) -> tuple[Change, str] | None:
    entry = number(request.GET.get("done", ""))
    found = change(lead.project_id, entry) if entry is not None else None
    return None if found is None else (found, _told(found))


def _told(done: Change) -> str:
    if not done.taken and not done.given:
        return _("%(name)s has no share here that nobody has begun.") % {"name": done.pseudonym}
    if not done.given:
        told = ngettext(
            "%(n)s share was taken back from %(name)s.", "%(n)s shares were taken back from %(name)s.", done.taken
        )
        return told % {"n": done.taken, "name": done.pseudonym}
    told = ngettext("%(name)s got %(n)s share.", "%(name)s got %(n)s shares.", done.given)
    return told % {"n": done.given, "name": done.pseudonym}
