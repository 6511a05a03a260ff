"""All figures of a report on one page, without the sentences behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from annotator.core.agreement import Coefficient, VariableReport
from annotator.core.codebook import Codebook
from annotator.formats.reports import short
from annotator.models import AccessEntry
from annotator.queries.access_log import ServedEarly
from annotator.queries.disagreements import Matrix
from annotator.queries.rated import values_of
from annotator.queries.reports import Report
from annotator.web.charts import Drawn, Line, PairLine, ValueLine, drawn, floor_of, line, pair_lines, value_lines
from annotator.web.findings import finding, interval_note, lede, left_out
from annotator.web.measure_names import measure_name
from annotator.web.report_charts import Chart, alphas_chart, question_charts


@dataclass(frozen=True)
class MeasureLine:
    """One figure; `below` is the chance in per cent that it lies under .667 and under .800."""

    name: str
    figure: Drawn
    error: str
    below: str


@dataclass(frozen=True)
class Figures:
    """One question in depth."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    measures: Sequence[MeasureLine]
    matrix: Matrix | None
    left_out: Sequence[str]
    charts: Sequence[Chart]


def figures_context(report: Report, book: Codebook, *, may_change: bool) -> dict[str, object]:
    details = []
    for number, variable in enumerate(report.variables, start=1):
        names = {value.key: value.label for value in values_of(book, variable.key)}
        details.append(figures_of(variable, names, None, f"question-{number}"))
    return {**overview(report), "lede": lede(report, may_change=may_change), "details": details}


def overview(report: Report) -> dict[str, object]:
    """What a page says of all questions together."""
    floor = floor_of(report.variables)
    return {
        "report": report,
        "finding": finding(report),
        "interval_note": interval_note(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "charts": alphas_chart(report.variables, "alphas"),
        "early": [_early(one) for one in report.served_early or ()],
    }


@dataclass(frozen=True)
class Early:
    """An annotator who was served others' answers before he had finished."""

    annotator: str
    what: str
    since: datetime
    times: int


def _early(one: ServedEarly) -> Early:
    what = str(AccessEntry.What(one.what).label)
    return Early(one.annotator, what, datetime.fromisoformat(one.since), one.times)


def figures_of(variable: VariableReport, names: Mapping[str, str], matrix: Matrix | None, prefix: str) -> Figures:
    """`names` are the labels of the values; `prefix` begins the ids of the charts."""
    return Figures(
        variable=variable,
        line=line(variable, floor=0.0),
        values=value_lines(variable, names),
        pairs=pair_lines(variable),
        measures=[_measure(name, figure) for name, figure in variable.measures.items()],
        matrix=matrix,
        left_out=left_out(variable),
        charts=question_charts(variable, names, matrix, prefix),
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
