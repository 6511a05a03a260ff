"""All figures of a report on one page, without the sentences behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableReport
from annotator.core.codebook import Codebook
from annotator.queries.rated import values_of
from annotator.queries.reports import Report
from annotator.web.charts import Drawn, Line, PairLine, ValueLine, drawn, floor_of, line, pair_lines, value_lines
from annotator.web.findings import finding, interval_note, lede, left_out
from annotator.web.measure_names import measure_name
from projects.models import Round


def figures_context(report: Report, round: Round, book: Codebook) -> dict[str, object]:
    floor = floor_of(report.variables)
    return {
        "report": report,
        "finding": finding(report),
        "lede": lede(report, round),
        "interval_note": interval_note(report),
        "lines": [line(variable, floor=floor) for variable in report.variables],
        "from_40": floor > 0,
        "details": [_detail(book, variable) for variable in report.variables],
    }


@dataclass(frozen=True)
class Figures:
    """One question in depth."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    measures: Sequence[tuple[str, Drawn]]
    left_out: Sequence[str]


def _detail(book: Codebook, variable: VariableReport) -> Figures:
    names = {value.key: value.label for value in values_of(book, variable.key)}
    return Figures(
        variable=variable,
        line=line(variable, floor=0.0),
        values=value_lines(variable, names),
        pairs=pair_lines(variable),
        measures=[(measure_name(name), drawn(figure, floor=0.0)) for name, figure in variable.measures.items()],
        left_out=left_out(variable),
    )
