"""The agreement report of a round."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotator.core.agreement import VariableReport
from annotator.core.errors import NotFoundError
from annotator.models import AccessEntry
from annotator.queries.datasets import is_hidden
from annotator.queries.ready_reports import ready_report
from annotator.queries.reports import Report
from annotator.queries.selections import EVERYTHING
from annotator.services import access_log
from annotator.web.agreement_detail import detail
from annotator.web.agreement_evidence import acts_of
from annotator.web.agreement_pages import chosen_round
from annotator.web.findings import lede
from annotator.web.report_downloads import around_report
from annotator.web.report_figures import overview
from annotator.web.report_query import Asked
from projects.models import Round
from projects.web.pages import member_of, page


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    rounds = Round.objects.filter(project=member.project)
    round = chosen_round(member, request.GET.get("round", ""))
    if round is None:
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "why": "no labels"})
    if is_hidden(member, round.pk):
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round, "why": "hidden"})
    ready = ready_report(round)
    if ready is None:
        return page(request, member, "agreement/computing.html", {"rounds": rounds, "round": round})
    report = ready.frozen.report
    why = _why_empty(report)
    if why:
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round, "why": why})
    chosen = _chosen_variable(request, report)
    access_log.note(member=member, rounds=[round.pk], what=AccessEntry.What.REPORT)
    context = {
        **overview(report),
        "rounds": rounds,
        "round": round,
        "lede": lede(report, may_change=round.closed_at is None),
        "chosen": chosen.key,
        "detail": detail(member, round, chosen),
        **acts_of(member),
        **around_report(member, Asked(round, EVERYTHING), ready),
    }
    return page(request, member, "agreement/report.html", context)


def _why_empty(report: Report) -> str:
    """Why there is nothing to show; empty where there is."""
    if any(variable.pairable_units for variable in report.variables):
        return ""
    return "nothing to pair" if any(variable.units for variable in report.variables) else "no labels"


def _chosen_variable(request: HttpRequest, report: Report) -> VariableReport:
    """The one asked for, else the first that is not there yet."""
    wanted = request.GET.get("variable", "")
    for variable in report.variables:
        if variable.key == wanted:
            return variable
    if wanted:
        raise NotFoundError("The codebook has no such variable.")
    return next((v for v in report.variables if v.verdict == "not yet"), report.variables[0])
