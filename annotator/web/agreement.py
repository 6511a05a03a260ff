"""The agreement report of a round, and its downloads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from annotator.core.agreement import Coefficient, PairFigure, VariableReport, verdict
from annotator.core.codebook import Codebook
from annotator.core.errors import InvalidError, NotFoundError
from annotator.formats.reports import REPORT_FORMATS
from annotator.queries.disagreements import Disagreement, Matrix, disagreements, matrix, values_of
from annotator.queries.ratings import round_ratings
from annotator.queries.reports import Report, kept_report, newest_labelled
from annotator.web.charts import Drawn, Line, drawn, floor_of, in_words, line, tone_of
from projects.models import Membership, Round
from projects.queries import access
from projects.web.pages import member_of, page

SHOWN_UNITS = 20


@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    member = member_of(request, slug, "view agreement")
    rounds = Round.objects.filter(project=member.project)
    round = _chosen_round(request, member)
    if round is None:
        return page(request, member, "agreement/empty.html", {"rounds": rounds})
    report = kept_report(round)
    if not any(variable.units for variable in report.variables):
        return page(request, member, "agreement/empty.html", {"rounds": rounds, "round": round})
    floor = floor_of(report.variables)
    chosen = _chosen_variable(request, report)
    context = {
        "rounds": rounds,
        "round": round,
        "report": report,
        "finding": finding(report),
        "lede": lede(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "chosen": chosen.key,
        "detail": _detail(round, chosen),
        "formats": ["csv", "json", "markdown", "latex"],
    }
    return page(request, member, "agreement/report.html", context)


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
    chosen = REPORT_FORMATS[name]
    answer = HttpResponse(
        chosen.write(kept_report(round).as_dict()), content_type=f"{chosen.content_type}; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slug}-agreement-{round.pk}.{chosen.ending}"'
    return answer


def finding(report: Report) -> str:
    """The heading says what was found."""
    reliable, all_of = _count(report, "reliable"), len(report.variables)
    text = ngettext(
        "%(reliable)s of %(all)s questions is reliable", "%(reliable)s of %(all)s questions are reliable", reliable or 2
    )
    return text % {"reliable": in_words(reliable), "all": in_words(all_of).lower()}


def lede(report: Report) -> str:
    tentative, not_yet = _count(report, "tentative"), _count(report, "not yet")
    units = max(variable.pairable_units for variable in report.variables)
    names = {name for variable in report.variables for name in variable.annotators}
    text = _(
        "%(tentative)s allow tentative conclusions, %(not_yet)s are not there yet. "
        "%(round)s: up to %(units)s units with two or more answers, %(people)s annotators."
    )
    return text % {
        "tentative": in_words(tentative),
        "not_yet": in_words(not_yet).lower(),
        "round": report.round,
        "units": units,
        "people": len(names),
    }


@dataclass(frozen=True)
class ValueLine:
    label: str
    count: int
    figure: Drawn


@dataclass(frozen=True)
class PairLine:
    names: str
    units: int
    percent: str
    figure: str


@dataclass(frozen=True)
class Detail:
    """One variable in depth."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    matrix: Matrix | None
    units: Sequence[Disagreement]
    left_out: Sequence[tuple[str, int]]


def _detail(round: Round, variable: VariableReport) -> Detail:
    ratings = round_ratings(round)
    return Detail(
        variable=variable,
        line=line(variable, floor=0.0),
        values=_values(ratings.book, variable),
        pairs=[_pair(pair) for pair in variable.pairs],
        matrix=matrix(ratings, variable.key),
        units=disagreements(ratings, variable.key, most=SHOWN_UNITS),
        left_out=[*variable.dropped.items(), *variable.missing.items()],
    )


def _values(book: Codebook, variable: VariableReport) -> list[ValueLine]:
    names = {value.key: value.label for value in values_of(book, variable.key)}
    return [
        ValueLine(
            label=names.get(str(value.key), str(value.key)),
            count=value.count,
            figure=_value_figure(value.char_alpha or value.alpha),
        )
        for value in variable.values
    ]


def _value_figure(figure: Coefficient) -> Drawn:
    return drawn(figure, floor=0.0, tone=tone_of(verdict(figure)))


def _pair(pair: PairFigure) -> PairLine:
    agree = pair.measures.get("percent_agreement")
    others = [figure for name, figure in pair.measures.items() if not name.startswith("percent")]
    return PairLine(
        names=f"{pair.a} · {pair.b}",
        units=pair.units,
        percent=f"{100 * agree.value:.1f}" if agree and agree.value is not None else "—",
        figure=(drawn(others[0], floor=0.0).value or "—") if others else "—",
    )


def _count(report: Report, wanted: str) -> int:
    return sum(variable.verdict == wanted for variable in report.variables)


def _chosen_round(request: HttpRequest, member: Membership) -> Round | None:
    wanted = request.GET.get("round", "")
    if not wanted:
        return newest_labelled(member.project_id)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        raise NotFoundError("There is no such round.")
    return access.round_of(member, int(wanted))


def _chosen_variable(request: HttpRequest, report: Report) -> VariableReport:
    """The one asked for, else the first that is not there yet."""
    wanted = request.GET.get("variable", "")
    for variable in report.variables:
        if variable.key == wanted:
            return variable
    if wanted:
        raise NotFoundError("The codebook has no such variable.")
    return next((v for v in report.variables if v.verdict == "not yet"), report.variables[0])
