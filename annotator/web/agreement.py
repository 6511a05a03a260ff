"""The agreement report of a round, and its downloads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator.core.agreement import VariableReport
from annotator.core.errors import InvalidError, NotAllowedError, NotFoundError
from annotator.formats.reports import REPORT_FORMATS
from annotator.queries.datasets import open_rounds_hidden_from
from annotator.queries.disagreements import Disagreement, Matrix, kept_evidence, values_of
from annotator.queries.reports import Report, kept_report, newest_comparable
from annotator.web.charts import Line, PairLine, ValueLine, floor_of, line, pair_lines, value_lines
from annotator.web.findings import finding, interval_note, lede, left_out
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
    why = _why_empty(round, member)
    if why:
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round, "why": why})
    report = kept_report(round)
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
        "formats": {"csv": _("Table, CSV"), "json": "JSON", "markdown": "Markdown", "latex": "LaTeX"}.items(),
        "may_export": can(member, "export"),
    }
    return page(request, member, "agreement/report.html", context)


def _why_empty(round: Round, member: Membership) -> str:
    """Why there is nothing to show; empty where there is."""
    if is_hidden(member, round):
        return "hidden"
    variables = kept_report(round).variables
    if any(variable.pairable_units for variable in variables):
        return ""
    return "nothing to pair" if any(variable.units for variable in variables) else "no labels"


@require_safe
def agreement_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole report as a file."""
    member = member_of(request, slug, "view agreement")
    name = request.GET.get("format", "csv")
    if name not in REPORT_FORMATS:
        raise InvalidError(f"There is no format {name[:20]!r}; choose one of {', '.join(REPORT_FORMATS)}.")
    round = _chosen_round(request, member)
    if round is None:
        raise NotFoundError("No round has labels yet.")
    if is_hidden(member, round):
        raise NotAllowedError("You annotate in this blind round. Its agreement shows when the round is closed.")
    chosen = REPORT_FORMATS[name]
    answer = HttpResponse(
        chosen.write(kept_report(round).as_dict()), content_type=f"{chosen.content_type}; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slug}-agreement-{round.pk}.{chosen.ending}"'
    return answer


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
