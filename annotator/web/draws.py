"""A new round: who labels which articles, what that would come to, and the round itself."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from annotator.core.errors import ConflictError, InvalidError
from annotator.core.sampling import RETEST
from annotator.models import Job
from annotator.queries.gold import gold_articles
from annotator.services.drawn_rounds import open_or_start
from annotator.web.draw_form import DEALT, EVERYBODY, WITH_HINTS, ask_of, at_first, strata
from annotator.web.draw_sizes import sizes
from annotator.web.jobs import begun_job
from projects.models import Membership, Round
from projects.queries import access, overview
from projects.queries.article_list import choices, filtered
from projects.queries.codebooks import newest_published_or_none
from projects.queries.duplicates import linked_number
from projects.services.draws import Plan, plan_draw
from projects.web.articles import kept_filters, wanted_of
from projects.web.numbers import numbers
from projects.web.pages import member_of, page
from projects.web.round_options import round_options

MOST_LISTED = 200


@dataclass(frozen=True)
class Chosen:
    """An annotator on the form."""

    member: Membership
    chosen: bool
    capacity: str


@dataclass(frozen=True)
class Dealt:
    """What an annotator would get."""

    member: Membership
    articles: int
    units: int


@dataclass(frozen=True)
class Purpose:
    """A purpose with what it ticks on the form."""

    purpose: Round.Purpose
    deal: str
    hints: bool


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; `act=preview` draws without storing anything, else the round is opened."""
    lead = member_of(request, slug, "manage rounds")
    given = request.POST if request.method == "POST" else at_first(request.GET)
    error: ConflictError | InvalidError | None = None
    plan = None
    asked_sizes = given.get("act") == "sizes"
    if request.method == "POST" and not asked_sizes:
        try:
            if given.get("act") != "preview":
                return _opened(request, lead)
            plan = plan_draw(lead=lead, ask=ask_of(given, lead))
        except (ConflictError, InvalidError) as refused:
            error = refused
    context = _offered(lead, given) | _previewed(lead, plan) | {"error": error, "given": given}
    context["sizes"] = sizes(given, lead) if asked_sizes else None
    return page(request, lead, "rounds/new.html", context, status=400 if error else 200)


def _opened(request: HttpRequest, lead: Membership) -> HttpResponse:
    post = request.POST
    made = open_or_start(
        lead=lead,
        name=post.get("name", ""),
        purpose=post.get("purpose", ""),
        ask=ask_of(post, lead),
        seen=post.get("seen", ""),
        **round_options(post, lead),
    )
    if isinstance(made, Job):
        return begun_job(request, lead, made)
    messages.success(request, _("The round “%(name)s” is open.") % {"name": made.name}, "good")
    if "articles" not in post:
        _tell_waiting(request, overview.waiting_for_review(lead.project).count())
    return redirect("round", lead.project.slug, made.pk)


def _tell_waiting(request: HttpRequest, number: int) -> None:
    if number:
        told = ngettext(
            "%(n)s article waits for review and was left out.",
            "%(n)s articles wait for review and were left out.",
            number,
        )
        messages.warning(request, told % {"n": number}, "doubt")


def _offered(lead: Membership, given: QueryDict) -> dict[str, object]:
    """What the form lets choose from."""
    wanted = wanted_of(kept_filters(given))
    found = filtered(lead.project, wanted).filter(linked_to=None).defer("metadata").order_by("-pk")
    articles = list(found[: MOST_LISTED + 1])
    ticked = set(numbers(given.getlist("articles")))
    return {
        "purposes": [Purpose(one, DEALT.get(one, EVERYBODY), one in WITH_HINTS) for one in Round.Purpose],
        "annotators": list(_annotators(lead, given)),
        "articles": articles[:MOST_LISTED],
        "ticked": ticked,
        "too_many": len(articles) > MOST_LISTED,
        "wanted": wanted,
        "narrowed": bool(kept_filters(given)),
        "choices": choices(lead.project),
        "strata": strata(),
        "rounds": Round.objects.filter(project=lead.project),
        "trainings": Round.objects.filter(project=lead.project, purpose=Round.Purpose.TRAINING),
        "gold_there": len(gold_articles(lead.project_id, hidden=True)),
        "left_out": linked_number(lead.project_id),
        "waiting": overview.waiting_for_review(lead.project).count(),
        "codebook_version": newest_published_or_none(lead.project_id),
    }


def _annotators(lead: Membership, given: QueryDict) -> list[Chosen]:
    chosen = set(numbers(given.getlist("members")))
    first = "amount" in given and "members" not in given and "act" not in given
    return [
        Chosen(one, one.pk in chosen or (first and one.role == "annotator"), given.get(f"capacity.{one.pk}", ""))
        for one in access.annotators(lead.project_id).select_related("user")
    ]


def _previewed(lead: Membership, plan: Plan | None) -> dict[str, object]:
    if plan is None:
        return {}
    by_id = {member.pk: member for member in access.annotators(lead.project_id).select_related("user")}
    loads = plan.summary.loads.items()
    return {
        "plan": plan,
        "dealt": [Dealt(by_id[pk], load.articles, load.units) for pk, load in loads if pk in by_id],
        "units": sum(load.units for _, load in loads),
        "again": sum(share.why == RETEST for share in plan.shares),
        "later": len(plan.available),
    }
