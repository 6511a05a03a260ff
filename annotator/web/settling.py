"""A round's adjudication as a whole: what all agree on taken over at once, and how decisions met annotators."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.core.errors import InvalidError
from annotator.models import AccessEntry
from annotator.queries.adjudication import visible_rounds
from annotator.queries.decided import agreed_lines, bulk_acts, met_lines
from annotator.services import access_log
from annotator.services.agreed import accept_agreed, undo_agreed
from annotator.web.adjudication import adjudicated_round
from projects.models import Round
from projects.queries.codebooks import codebook
from projects.web.pages import member_of, page


@require_safe
def adjudicated(request: HttpRequest, slug: str) -> HttpResponse:
    """`?round=`: where all agree, question by question, and how far annotators and majority met the decisions."""
    member = member_of(request, slug, "adjudicate")
    rounds = list(visible_rounds(member))
    if not rounds:
        return page(request, member, "adjudication/nothing.html", {})
    round = adjudicated_round(member, request.GET.get("round", ""))
    access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.QUEUE)
    met = met_lines(round)
    labels = {variable.key: variable.label for variable in codebook(round.codebook_version_id).variables}
    context = {
        "round": round,
        "rounds": rounds,
        "agreed": [line for line in agreed_lines(round) if line.agreed],
        "batch": uuid4(),
        "bulk": [(act, labels.get(act.variable, act.variable)) for act in bulk_acts(round)],
        "met": met,
        "annotators": [name for name, _rate in met[0].annotators] if met else [],
    }
    return page(request, member, "adjudication/round.html", context)


@require_POST
def accept_all_agreed(request: HttpRequest, slug: str) -> HttpResponse:
    """Take over what all annotators agree on in one question."""
    member = member_of(request, slug, "adjudicate")
    round = adjudicated_round(member, request.POST.get("round", ""))
    key, batch = request.POST.get("question", ""), _batch(request)
    number = accept_agreed(member=member, round=round, variable=key, batch=batch)
    told = ngettext("One decision taken over.", "%(n)d decisions taken over.", number) % {"n": number}
    messages.success(request, told, "good")
    return redirect(_address(slug, round))


@require_POST
def undo_all_agreed(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "adjudicate")
    round = adjudicated_round(member, request.POST.get("round", ""))
    try:
        number = undo_agreed(member=member, round=round, batch=_batch(request))
    except InvalidError as error:
        messages.warning(request, str(error), "doubt")
    else:
        told = ngettext("One decision taken back.", "%(n)d decisions taken back.", number) % {"n": number}
        messages.success(request, told, "good")
    return redirect(_address(slug, round))


def _address(slug: str, round: Round) -> str:
    return f"{reverse('adjudicated', args=[slug])}?round={round.pk}"


def _batch(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("batch", ""))
    except ValueError as error:
        raise InvalidError(_("This form can't be read. Load the page again.")) from error
