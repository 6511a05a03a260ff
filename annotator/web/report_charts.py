"""What the charts of a report show. They are drawn in the browser (charts.js); each has its figures in a table, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotator.core.agreement import Coefficient, VariableReport, verdict
from annotator.core.agreement.coefficient import RELIABLE, TENTATIVE
from annotator.queries.disagreements import Matrix
from annotator.web.charts import alpha_of, tone_of

Data = dict[str, object]
MOST_ROWS = 60
MOST_NAMED = 20
"""More annotators than these are points without names."""


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """A drawing: `data` for the script, `described` for who can't see it, `table` where no other stands on the page.

    One that only draws a table of the page once more is there to be saved, and `again`.
    """

    id: str
    caption: str
    described: str
    data: Data
    table: Table | None = None
    again: bool = True


def alphas_chart(variables: Sequence[VariableReport], id: str) -> list[Chart]:
    """Every question with its interval; none where there is nothing to compare them with."""
    rows = [_row(variable.label, alpha_of(variable)) for variable in variables]
    rows = [row for row in rows if row["value"] is not None]
    if not 2 <= len(rows) <= MOST_ROWS:
        return []
    described = _("Alpha of %(n)s questions with intervals, against .667 and .800.") % {"n": len(rows)}
    return [Chart(id, _("Alpha of every question"), described, _intervals(rows))]


def time_chart(parts: Sequence[tuple[str, Coefficient]], id: str) -> list[Chart]:
    """The agreement on one question in the order of time; `parts` are named. None where there is nothing to compare."""
    rows = [_row(name, figure) for name, figure in parts if figure.value is not None]
    if not 2 <= len(rows) <= MOST_ROWS:
        return []
    described = _("Alpha of %(n)s parts in the order of time, with intervals.") % {"n": len(rows)}
    return [Chart(id, _("In the order of time"), described, _intervals(rows) | {"kind": "time"}, again=False)]


def question_charts(
    variable: VariableReport, names: Mapping[str, str], matrix: Matrix | None, prefix: str
) -> list[Chart]:
    """The charts of one question; `names` are its values' labels."""
    found = [
        _values(variable, names, f"{prefix}-values"),
        _matrix(matrix, f"{prefix}-matrix"),
        _distribution(variable, names, f"{prefix}-answers"),
        _pairs(variable, f"{prefix}-pairs"),
    ]
    return [chart for chart in found if chart]


def _values(variable: VariableReport, names: Mapping[str, str], id: str) -> Chart | None:
    rows = [
        _row(names.get(str(value.key), str(value.key)), value.char_alpha or value.alpha, count=value.count)
        for value in variable.values
    ]
    rows = [row for row in rows if row["value"] is not None]
    if not 2 <= len(rows) <= MOST_ROWS:
        return None
    described = _("Alpha of %(n)s values against the rest, with intervals.") % {"n": len(rows)}
    return Chart(id, _("Each value against the rest"), described, _intervals(rows))


def _distribution(variable: VariableReport, names: Mapping[str, str], id: str) -> Chart | None:
    people = [own for own in variable.distribution if own.units]
    used = [str(value.key) for value in variable.values if value.count]
    if not people or not 1 <= len(used) <= MOST_ROWS:
        return None
    rows = [
        {"label": names.get(key, key), "who": own.annotator, "share": own.values[key] / own.units}
        for key in used
        for own in people
    ]
    described = _("Share of each value among the answers of each of %(n)s annotators.") % {"n": len(people)}
    data: Data = {"kind": "shares", "rows": rows, "axis": _("share of the annotator’s answers, %")}
    table = Table(
        [_("Annotator"), _("Answers"), *(names.get(key, key) for key in used)],
        [[own.annotator, str(own.units), *(str(own.values[key]) for key in used)] for own in people],
    )
    return Chart(id, _("Which answers each annotator gives"), described, data, table, again=False)


def _matrix(matrix: Matrix | None, id: str) -> Chart | None:
    if matrix is None or not matrix.pairs:
        return None
    rows = [
        {"row": name, "column": column, "count": cell.count, "heat": "same" if cell.same else str(cell.heat)}
        for name, cells in matrix.rows
        for column, cell in zip(matrix.columns, cells, strict=False)
    ]
    described = _("How often two values were given to one unit, %(n)s pairs of answers.") % {"n": matrix.pairs}
    return Chart(id, _("Who was taken for whom"), described, {"kind": "matrix", "rows": rows})


def _pairs(variable: VariableReport, id: str) -> Chart | None:
    found = [(pair, _figure(pair.measures)) for pair in variable.pairs]
    rows = [
        {"a": pair.a, "b": pair.b, "value": figure.value, "units": pair.units, "tone": _mark(figure.value)}
        for pair, figure in found
        if figure and figure.value is not None
    ]
    people = {str(row[side]) for row in rows for side in ("a", "b")}
    if len(people) < 3:
        return None
    kind = "pairs" if len(people) <= MOST_NAMED else "points"
    described = _("Kappa or alpha of %(n)s pairs of annotators.") % {"n": len(rows)}
    names = [name for name in variable.annotators if name in people]
    data: Data = {"kind": kind, "rows": rows, "names": names, "axis": _("kappa or alpha")}
    return Chart(id, _("Pair by pair"), described, data, again=False)


def _figure(measures: Mapping[str, Coefficient]) -> Coefficient | None:
    return next((figure for name, figure in measures.items() if not name.startswith("percent")), None)


def _mark(value: float) -> str:
    return "good" if value >= RELIABLE else "doubt" if value >= TENTATIVE else "bad"


def _row(label: str, figure: Coefficient, **more: object) -> Data:
    tone = tone_of(verdict(figure)) if figure.value is not None else ""
    return {"label": label, "value": figure.value, "low": figure.low, "high": figure.high, "tone": tone, **more}


def _intervals(rows: Sequence[Data]) -> Data:
    return {"kind": "intervals", "rows": rows, "axis": _("alpha, 95 % interval"), "marks": [TENTATIVE, RELIABLE]}
