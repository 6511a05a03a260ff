"""The report of a table from elsewhere as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from annotator.core.agreement import Coefficient, VariableRatings, VariableReport
from annotator.formats.reports import short
from annotator.queries.disagreements import Matrix, matrix_of
from annotator.queries.reports import Report
from annotator.services.calculator import Calculation
from annotator.web.charts import (
    Drawn,
    Line,
    PairLine,
    ValueLine,
    drawn,
    floor_of,
    in_words,
    line,
    pair_lines,
    value_lines,
)
from annotator.web.findings import finding, interval_note, left_out, standing
from annotator.web.measure_names import measure_name
from annotator.web.report_charts import Chart, alphas_chart, question_charts
from annotator.web.report_downloads import all_formats


@dataclass(frozen=True)
class MeasureLine:
    """One figure; `below` is the chance in per cent that it lies under .667 and under .800."""

    name: str
    figure: Drawn
    error: str
    below: str


@dataclass(frozen=True)
class TableDetail:
    """One question of the table in depth."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    measures: Sequence[MeasureLine]
    matrix: Matrix | None
    left_out: Sequence[str]
    charts: Sequence[Chart]


def report_context(made: Calculation) -> dict[str, object]:
    report = made.report
    floor = floor_of(report.variables)
    return {
        "report": report,
        "finding": finding(report),
        "lede": _lede(report),
        "interval_note": interval_note(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "doubts": made.doubts,
        "charts": alphas_chart(report.variables, "alphas"),
        "details": [
            _detail(variable, ratings, f"question-{number}")
            for number, (variable, ratings) in enumerate(zip(report.variables, made.ratings, strict=True), start=1)
        ],
        "formats": all_formats(),
    }


def _detail(variable: VariableReport, ratings: VariableRatings, prefix: str) -> TableDetail:
    matrix = matrix_of(ratings, {})
    return TableDetail(
        variable=variable,
        line=line(variable, floor=0.0),
        values=value_lines(variable, {}),
        pairs=pair_lines(variable),
        measures=[_measure(name, figure) for name, figure in variable.measures.items()],
        matrix=matrix,
        left_out=left_out(variable),
        charts=question_charts(variable, {}, matrix, prefix),
    )


def _measure(name: str, figure: Coefficient) -> MeasureLine:
    # The marks are those of coefficients that are corrected for chance.
    chances = [] if name.startswith("percent") else [figure.below_tentative, figure.below_reliable]
    return MeasureLine(
        name=measure_name(name),
        figure=drawn(figure, floor=0.0),
        error="" if figure.se is None else short(figure.se),
        below=", ".join(f"{100 * chance:.0f}" for chance in chances if chance is not None),
    )


def _lede(report: Report) -> str:
    units = max(variable.pairable_units for variable in report.variables)
    people = len({name for variable in report.variables for name in variable.annotators})
    said = ngettext(
        "%(name)s: %(n)s unit with two or more answers, %(who)s.",
        "%(name)s: up to %(n)s units with two or more answers, %(who)s.",
        units,
    )
    who = ngettext("%(n)s annotator", "%(n)s annotators", people) % {"n": in_words(people).lower()}
    return " ".join([*standing(report), said % {"name": report.round, "n": units, "who": who}])
