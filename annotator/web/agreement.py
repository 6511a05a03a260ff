"""The agreement report of a round."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotator.core.agreement import VariableReport
from annotator.core.errors import NotFoundError
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.disagreements import Disagreement, Matrix, kept_evidence, values_of
from annotator.queries.ready_reports import ready_report
from annotator.queries.reports import Report, newest_comparable
from annotator.queries.selections import EVERYTHING
from annotator.web.charts import Line, PairLine, ValueLine, floor_of, line, pair_lines, value_lines
from annotator.web.findings import finding, interval_note, lede, left_out
from annotator.web.report_downloads import around_report
from annotator.web.report_query import Asked
from projects.models import Membership, Round
from projects.permissions import can
from projects.queries import access
from projects.queries.codebooks import codebook
from projects.web.numbers import number
from projects.web.pages import member_of, page

SHOWN_UNITS = 20


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    rounds = Round.objects.filter(project=member.project)
    round = _chosen_round(request, member)
    if round is None:
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "why": "no labels"})
    if is_hidden(member, round):
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round, "why": "hidden"})
    ready = ready_report(round)
    if ready is None:
        return page(request, member, "agreement/computing.html", {"rounds": rounds, "round": round})
    report = ready.frozen.report
    why = _why_empty(report)
    if why:
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round, "why": why})
    floor = floor_of(report.variables)
    chosen = _chosen_variable(request, report)
    context = {
        "rounds": rounds,
        "round": round,
        "report": report,
        "finding": finding(report),
        "lede": lede(report, round),
        "interval_note": interval_note(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "chosen": chosen.key,
        "detail": _detail(round, chosen, member),
        **around_report(member, Asked(round, EVERYTHING), ready),
    }
    return page(request, member, "agreement/report.html", context)


def _why_empty(report: Report) -> str:
    """Why there is nothing to show; empty where there is."""
    if any(variable.pairable_units for variable in report.variables):
        return ""
    return "nothing to pair" if any(variable.units for variable in report.variables) else "no labels"


@dataclass(frozen=True)
class Detail:
    """One variable in depth."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    matrix: Matrix | None
    units: Sequence[Disagreement]
    left_out: Sequence[str]


def _detail(round: Round, variable: VariableReport, member: Membership) -> Detail:
    evidence = kept_evidence(round, variable.key, most=SHOWN_UNITS)
    book = codebook(round.codebook_version_id)
    names = {value.key: value.label for value in values_of(book, variable.key)}
    return Detail(
        variable=variable,
        line=line(variable, floor=0.0),
        values=value_lines(variable, names),
        pairs=pair_lines(variable),
        matrix=evidence.matrix,
        units=evidence.units if can(member, "view labels of all") else (),
        left_out=left_out(variable),
    )


def _chosen_round(request: HttpRequest, member: Membership) -> Round | None:
    wanted = request.GET.get("round", "")
    if not wanted:
        return newest_comparable(member.project_id)
    chosen = number(wanted)
    if chosen is None:
        raise NotFoundError("There is no such round.")
    return access.round_of(member, chosen)


def is_hidden(member: Membership, round: Round) -> bool:
    """Whoever annotates in an open blind round is shown no agreement of it, lead or not."""
    return open_rounds_hidden_from(member).filter(pk=round.pk).exists()


def _chosen_variable(request: HttpRequest, report: Report) -> VariableReport:
    """The one asked for, else the first that is not there yet."""
    wanted = request.GET.get("variable", "")
    for variable in report.variables:
        if variable.key == wanted:
            return variable
    if wanted:
        raise NotFoundError("The codebook has no such variable.")
    return next((v for v in report.variables if v.verdict == "not yet"), report.variables[0])
