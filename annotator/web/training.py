"""Training: what an annotator reached, and who of all has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from annotator.core.errors import ConflictError, NotFoundError
from annotator.core.gold import Rate, rate
from annotator.queries.datasets import is_hidden
from annotator.queries.gold import Judged, score
from annotator.queries.training import Standing, judged_try, standings, waiting_for
from annotator.services.training import begin_try, conclude, conclude_all, let_through, may_try_again
from annotator.web.judged import Line, line, tell_access
from projects.models import Assignment, Membership, Round, Unit
from projects.queries import access
from projects.queries.masking import shown_title
from projects.web.numbers import number
from projects.web.pages import member_of, page


@dataclass(frozen=True)
class OfQuestion:
    question: str
    rate: Rate


@dataclass(frozen=True)
class Missed:
    """A sentence with an answer that missed gold; the title is empty where the round keeps it from the annotator."""

    title: str
    language: str
    text: str
    line: Line


@require_http_methods(["GET", "HEAD", "POST"])
def training(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """What came of the member's own training, with the gold answers of a finished try; by POST the next try."""
    member = member_of(request, slug, "annotate")
    round = _training_round(member, round_id)
    if request.method == "POST":
        try:
            begin_try(member=member, round=round)
            return redirect("code", slug)
        except ConflictError as error:
            messages.warning(request, str(error), "doubt")
    conclude(member)
    standing = next(iter(standings(round, member)), None)
    if standing is None and round not in waiting_for(member):
        raise NotFoundError("You have no part in this training.")
    return page(request, member, "training/result.html", {"round": round, **_result(round, standing)})


@require_http_methods(["GET", "HEAD", "POST"])
def trained(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """Who has passed a training round; by POST somebody is let through, or no longer."""
    member = member_of(request, slug, "manage rounds")
    round = _training_round(member, round_id)
    if request.method == "POST":
        chosen = number(request.POST.get("member", "")) or 0
        let_through(lead=member, round=round, member_id=chosen, let=request.POST.get("act") == "let")
        return redirect("trained", slug, round.pk)
    conclude_all(lead=member, round=round)
    found = standings(round)
    context = {
        "round": round,
        "standings": found,
        "passed": sum(one.passed for one in found),
        "mark": _per_cent(round.pass_mark),
        "hidden": is_hidden(member, round.pk),
        "required_by": round.required_by.all(),
    }
    return page(request, member, "training/trained.html", context)


def _training_round(member: Membership, round_id: int) -> Round:
    found = access.round_of(member, round_id)
    if found.purpose != Round.Purpose.TRAINING:
        raise NotFoundError("There is no such training.")
    return found


def _result(round: Round, standing: Standing | None) -> dict[str, object]:
    shown: dict[str, object] = {"standing": standing, "mark": _per_cent(round.pass_mark)}
    concluded = [one for one in standing.tries if one.result] if standing else []
    if standing is None or not concluded:
        return shown
    last = concluded[-1]
    found = judged_try(standing.member.pk, round.pk, last.occasion)
    judged = [one for _share, some in found for one in some]
    tell_access(standing.member, judged)
    return shown | {
        "last": last,
        "again": may_try_again(standing, round),
        "left": round.tries - standing.last.occasion,
        "questions": _by_question(judged),
        "missed": _missed(found),
    }


def _by_question(judged: Sequence[Judged]) -> list[OfQuestion]:
    keys = {one.gold.variable.key: one.gold.variable.label for one in judged}
    of = {key: [one for one in judged if one.gold.variable.key == key] for key in keys}
    return [OfQuestion(keys[key], rate(*score(some))) for key, some in of.items()]


def _missed(found: Sequence[tuple[Assignment, Sequence[Judged]]]) -> list[Missed]:
    wrong = [(share, one) for share, some in found for one in some if not one.met]
    units = Unit.objects.in_bulk({one.gold.unit for _share, one in wrong})
    return [
        Missed(shown_title(share), share.text_version.article.language, _words(share, units[one.gold.unit]), line(one))
        for share, one in wrong
    ]


def _words(share: Assignment, unit: Unit) -> str:
    return share.text_version.text[unit.start : unit.end] if unit.index else ""


def _per_cent(share: float | None) -> float | None:
    return None if share is None else share * 100
