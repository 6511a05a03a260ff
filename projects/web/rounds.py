"""Rounds: who labels what, and how far they are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import InvalidError
from projects.permissions import can
from projects.queries import access, overview
from projects.services.rounds import set_closed
from projects.web.pages import member_of, page
from projects.web.undo import tell_refusal


@require_safe
def round_list(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view rounds")
    lines = [(line, overview.work_in(line.round)) for line in overview.round_lines(member.project)]
    return page(request, member, "rounds/list.html", {"lines": lines, "may_manage": can(member, "manage rounds")})


@require_POST
def close_round(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Close a round, or open it again where the form says so: a second click changes nothing."""
    member = member_of(request, slug, "manage rounds")
    found = access.round_of(member, round_id)
    try:
        set_closed(lead=member, round=found, closed=request.POST.get("state") != "open")
    except InvalidError as error:
        tell_refusal(request, error)
    return redirect("round", slug, found.pk)
