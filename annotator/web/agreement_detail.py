"""One variable of the report in depth: its values, its pairs of annotators, and the units behind its figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableReport
from annotator.web.agreement_evidence import Shown, evidence_of, names_of
from annotator.web.agreement_next import Step, next_steps
from annotator.web.charts import Line, PairLine, ValueLine, line, pair_lines, value_lines
from annotator.web.findings import left_out
from annotator.web.report_charts import Chart, question_charts
from projects.models import Membership, Round

MOST_INLINE = 20_000
"""Answers, given or not, that are read again within the time of a page."""


@dataclass(frozen=True)
class Detail:
    """One variable in depth. `shown` is None where so much stands behind the figure that the page comes without it."""

    variable: VariableReport
    line: Line
    values: Sequence[ValueLine]
    pairs: Sequence[PairLine]
    shown: Shown | None
    steps: Sequence[Step]
    charts: Sequence[Chart]
    left_out: Sequence[str]


def detail(member: Membership, round: Round, variable: VariableReport) -> Detail:
    names, is_large = names_of(round, variable.key), variable.units * len(variable.annotators) > MOST_INLINE
    shown = None if is_large else evidence_of(member, round, variable.key)
    return Detail(
        variable=variable,
        line=line(variable, floor=0.0),
        values=value_lines(variable, names),
        pairs=pair_lines(variable),
        shown=shown,
        steps=next_steps(variable, names),
        charts=question_charts(variable, names, shown.evidence.matrix if shown else None, "chart"),
        left_out=left_out(variable),
    )
