"""Copies among the articles of a project: found, looked at side by side, and decided."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import ConflictError, InvalidError
from projects.models import CopyPair, Membership
from projects.permissions import can
from projects.queries.copy_pages import shown_groups
from projects.queries.duplicates import copy_groups, looked
from projects.services.duplicates import keep_apart, look_for_copies
from projects.services.linking import drop, link, link_same_wording
from projects.web.numbers import number
from projects.web.pages import member_of, page
from projects.web.undo import back_to, done_notice, tell_refusal, with_done

PER_PAGE = 10


@require_safe
def duplicates(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups of copies that wait for a decision; in its group `original` comes first."""
    member = member_of(request, slug, "view articles")
    start = number(request.GET.get("from", "")) or 0
    found = copy_groups(member.project_id, original=number(request.GET.get("original", "")))
    context = {
        "groups": shown_groups(found[start : start + PER_PAGE]),
        "number": len(found),
        "articles": sum(len(group.others) for group in found),
        "same_wording": sum(group.kinds[i] != CopyPair.Kind.NEAR for group in found for i in group.others),
        "start": start,
        "next": start + PER_PAGE if start + PER_PAGE < len(found) else None,
        "looked": looked(member.project_id),
        "may_manage": can(member, "manage articles"),
        "done": done_notice(request, member),
    }
    return page(request, member, "duplicates/list.html", context)


@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "manage articles")
    try:
        found = look_for_copies(member=member)
        told = ngettext("%(n)s article was compared.", "%(n)s articles were compared.", found.articles)
        messages.success(request, told % {"n": found.articles}, extra_tags="good")
    except InvalidError as error:
        tell_refusal(request, error)
    return redirect("duplicates", slug)


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep, link or drop a copy, or all of a group, or link all of the same wording."""
    member = member_of(request, slug, "manage articles")
    original, copy = number(request.POST.get("original", "")), number(request.POST.get("article", ""))
    back = back_to(request, slug)
    if not back.startswith(reverse("duplicates", args=[slug])):
        back = reverse("duplicates", args=[slug])
    try:
        entry = _decide(member, request.POST.get("act", ""), original, copy)
        return redirect(with_done(back, entry))
    except (ConflictError, InvalidError) as error:
        tell_refusal(request, error)
        return redirect(back)


def _decide(member: Membership, act: str, original: int | None, copy: int | None) -> int:
    if act == "link_same_wording":
        return link_same_wording(member=member).entry
    if act in ("link_all", "keep_all") and original is not None:
        others = _others(member, original)
        if act == "link_all":
            return link(member=member, original=original, copies=others).entry
        return keep_apart(member=member, articles=[original, *others])
    if act == "keep" and copy is not None:
        return keep_apart(member=member, articles=[copy])
    if act == "drop" and copy is not None:
        return drop(member=member, articles=[copy]).entry
    if act == "link" and copy is not None and original is not None:
        return link(member=member, original=original, copies=[copy]).entry
    raise InvalidError(_("Choose what to do with the copy."))


def _others(member: Membership, original: int) -> Sequence[int]:
    """The copies of a group as they are now: others may have decided on some meanwhile."""
    groups = copy_groups(member.project_id, original=original)
    found = next((group for group in groups if group.original == original), None)
    if found is None:
        raise ConflictError(_("This group is decided already."))
    return found.others
