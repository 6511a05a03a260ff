"""Gold answers: which articles have some, where they come from, and what is said of each."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from annotator.core.codebook import Variable
from annotator.core.errors import InvalidError
from annotator.core.gold import NEVER_GOLD
from annotator.models import AccessEntry, Decision
from annotator.queries.datasets import is_hidden
from annotator.queries.gold import accuracy
from annotator.queries.gold_pages import (
    GoldRow,
    decided,
    decided_rounds,
    gold_lines,
    gold_rows,
    hiding_rounds,
    own_finished,
    taken_back,
)
from annotator.services import access_log
from annotator.services.gold import Made, bring_back, explain, gold_from_decisions, gold_from_own, take_back
from annotator.services.gold_scores import keep_waiting_scores
from annotator.web.asking import words
from projects.models import Membership
from projects.queries import access
from projects.queries.codebooks import codebook, newest_published_or_none
from projects.web.numbers import number
from projects.web.pages import member_of, page

AT_ONCE = 50


@dataclass(frozen=True)
class Line:
    """A gold answer in words."""

    row: GoldRow
    question: str
    value: str


@dataclass(frozen=True)
class OneDecision:
    """A decision in words."""

    decision: Decision
    question: str
    value: str


@require_http_methods(["GET", "HEAD", "POST"])
def gold(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles with gold, and what more could be made gold."""
    member = member_of(request, slug, "manage gold")
    error = None
    if request.method == "POST":
        try:
            return redirect(_make(request, member))
        except InvalidError as refused:
            error = refused
    keep_waiting_scores(member.project_id)
    found = gold_lines(member, number(request.GET.get("after", "")) or 0, AT_ONCE + 1)
    context = {
        "error": error,
        "lines": found[:AT_ONCE],
        "after": found[AT_ONCE - 1].article.pk if len(found) > AT_ONCE else None,
        "one": _one(member, number(request.GET.get("decision", ""))),
        "hiding": hiding_rounds(member),
        "rounds": decided_rounds(member),
        "own": own_finished(member),
        "questions": _questions(member),
    }
    return page(request, member, "gold/list.html", context, status=400 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def gold_article(request: HttpRequest, slug: str, article_id: int) -> HttpResponse:
    """The gold answers on one article; by POST one is explained, one or all are taken back, or brought back."""
    member = member_of(request, slug, "manage gold")
    article = access.article(member, article_id)
    error = None
    if request.method == "POST":
        try:
            return redirect(_change(request, member, article_id))
        except InvalidError as refused:
            error = refused
    rows = gold_rows(member, article_id)
    others = {row.came_from for row in rows if not row.is_own(member)}
    access_log.note(member=member, rounds=others, what=AccessEntry.What.ANSWERS)
    back = len(taken_back(member, article_id))
    context = {"article": article, "lines": [_line(row) for row in rows], "back": back, "error": error}
    return page(request, member, "gold/article.html", context, status=400 if error else 200)


def _questions(member: Membership) -> list[Variable]:
    """Those of the newest codebook whose answers can be gold."""
    newest = newest_published_or_none(member.project_id)
    return [v for v in codebook(newest.pk).variables if v.kind not in NEVER_GOLD and not v.retired] if newest else []


def _make(request: HttpRequest, lead: Membership) -> str:
    """Make gold of what the form names; the answer is the page to go on to."""
    variable, decision = request.POST.get("variable", ""), number(request.POST.get("decision", ""))
    if request.POST.get("act") == "own":
        share = number(request.POST.get("share", "")) or 0
        _tell(request, gold_from_own(lead=lead, assignment_id=share, variable=variable))
        return reverse("gold", args=[lead.project.slug])
    round = access.round_of(lead, number(request.POST.get("round", "")) or 0)
    _tell(request, gold_from_decisions(lead=lead, round=round, variable=variable, decision_id=decision))
    if decision is None:
        return reverse("gold", args=[lead.project.slug])
    article = Decision.objects.values_list("unit__text_version__article", flat=True).get(pk=decision)
    return reverse("gold_article", args=[lead.project.slug, article])


def _one(member: Membership, decision_id: int | None) -> OneDecision | None:
    """The decision that the address names, if it can become gold."""
    joined = decided(member).select_related("unit__text_version__article", "round")
    found = joined.filter(pk=decision_id).first() if decision_id is not None else None
    if found is None:
        return None
    access_log.note(member=member, rounds=[found.round_id], what=AccessEntry.What.ANSWERS)
    variable = codebook(found.round.codebook_version_id).variable(found.variable)
    return OneDecision(found, variable.label, words(variable, found.value))


def _tell(request: HttpRequest, made: Made) -> None:
    told = ngettext("%(n)s gold answer was made.", "%(n)s gold answers were made.", made.made) % {"n": made.made}
    if made.left_out:
        left = ngettext(
            "%(n)s answer was left out: words, “cannot tell”, or on a text that was mended since.",
            "%(n)s answers were left out: words, “cannot tell”, or on a text that was mended since.",
            made.left_out,
        )
        told = f"{told} {left % {'n': made.left_out}}"
    messages.success(request, told, "good")


def _change(request: HttpRequest, lead: Membership, article_id: int) -> str:
    """Do what the form says; the answer is the page to go on to."""
    answer = number(request.POST.get("answer", ""))
    if request.POST.get("act") == "explain":
        explained = explain(lead=lead, answer_id=answer or 0, explanation=request.POST.get("explanation", ""))
        messages.success(request, _("The explanation is kept."), "good")
        return f"{request.path}#g{explained.pk}"
    if request.POST.get("act") == "bring back":
        bring_back(lead=lead, article_id=article_id)
        return request.path
    n = take_back(lead=lead, article_id=article_id, answer_id=answer)
    told = ngettext("%(n)s gold answer was taken back.", "%(n)s gold answers were taken back.", n)
    messages.success(request, told % {"n": n}, "good")
    return request.path


def _line(row: GoldRow) -> Line:
    variable = row.book.variable(row.answer.variable)
    return Line(row, variable.label, words(variable, row.answer.value))


@require_safe
def round_gold(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """How each annotator met the gold hidden among the work of a round."""
    member = member_of(request, slug, "manage gold")
    round = access.round_of(member, round_id)
    hidden = is_hidden(member, round.pk)
    found = [] if hidden else accuracy(round)
    access_log.note(member=member, rounds=[] if hidden else [round.pk], what=AccessEntry.What.OVERVIEW)
    return page(request, member, "gold/round.html", {"round": round, "found": found, "hidden": hidden})
