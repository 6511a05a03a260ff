"""Rounds: who labels what, and how far they are."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotator.core.errors import InvalidError
from projects.models import Article, Membership, Round
from projects.permissions import can
from projects.queries import access, overview
from projects.queries.codebooks import newest_published_or_none
from projects.queries.duplicates import linked_number
from projects.services.rounds import open_round, set_closed
from projects.web.numbers import numbers
from projects.web.pages import member_of, page
from projects.web.round_options import round_options

MOST_LISTED = 200
# Hints pull annotators together: where agreement is measured they stay off unless the lead ticks them.
WITH_HINTS = (Round.Purpose.TRAINING, Round.Purpose.MAIN)


@require_safe
def round_list(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view rounds")
    lines = [(line, overview.work_in(line.round)) for line in overview.round_lines(member.project)]
    return page(request, member, "rounds/list.html", {"lines": lines, "may_manage": can(member, "manage rounds")})


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "manage rounds")
    error = None
    if request.method == "POST":
        try:
            made = _open(request, member)
            messages.success(request, _("The round “%(name)s” is open.") % {"name": made.name}, "good")
            if request.POST.get("all_articles"):
                _tell_waiting(request, overview.waiting_for_review(member.project).count())
            return redirect("rounds", slug)
        except InvalidError as refused:
            error = refused
    articles = list(_drawable(member)[: MOST_LISTED + 1])
    context = {
        "error": error,
        "too_many": len(articles) > MOST_LISTED,
        "name": request.POST.get("name", ""),
        "purposes": Round.Purpose.choices,
        "purpose": request.POST.get("purpose", Round.Purpose.RELIABILITY),
        "with_hints": " ".join(WITH_HINTS),
        "hints": bool(request.POST.get("hints")),
        "due_on": request.POST.get("due_on", ""),
        "articles": articles[:MOST_LISTED],
        "left_out": linked_number(member.project_id),
        "waiting": overview.waiting_for_review(member.project).count(),
        "annotators": access.annotators(member.project_id).select_related("user"),
        "codebook_version": newest_published_or_none(member.project_id),
    }
    return page(request, member, "rounds/new.html", context, status=400 if error else 200)


@require_POST
def close_round(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Close a round, or open it again where the form says so: a second click changes nothing."""
    member = member_of(request, slug, "manage rounds")
    found = access.round_of(member, round_id)
    set_closed(lead=member, round=found, closed=request.POST.get("state") != "open")
    return redirect("rounds", slug)


def _drawable(member: Membership) -> QuerySet[Article]:
    """Linked copies are labelled with their originals, so no round draws them."""
    return overview.articles(member.project).filter(linked_to=None)


def _tell_waiting(request: HttpRequest, number: int) -> None:
    if number:
        told = ngettext(
            "%(n)s article waits for review and was left out.",
            "%(n)s articles wait for review and were left out.",
            number,
        )
        messages.warning(request, told % {"n": number}, "doubt")


def _open(request: HttpRequest, lead: Membership) -> Round:
    articles = _drawable(lead)
    if not request.POST.get("all_articles"):
        articles = articles.filter(pk__in=numbers(request.POST.getlist("articles")))
    return open_round(
        lead=lead,
        name=request.POST.get("name", ""),
        purpose=request.POST.get("purpose", ""),
        articles=list(articles),
        members=list(access.annotators(lead.project_id).filter(pk__in=numbers(request.POST.getlist("members")))),
        **round_options(request.POST),
    )
