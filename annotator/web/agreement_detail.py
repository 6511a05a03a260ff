"""One variable of the report in depth: its figures, what to do about them, and the units behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.core.agreement import VariableReport
from annotator.web.agreement_evidence import Shown, evidence_of, names_of
from annotator.web.agreement_next import Step, next_steps
from annotator.web.report_figures import Figures, figures_of
from projects.models import Membership, Round

MOST_INLINE = 20_000
"""Answers, given or not, that are read again within the time of a page."""


@dataclass(frozen=True)
class Detail(Figures):
    """One variable in depth. `shown` is None where so much stands behind the figure that the page comes without it."""

    shown: Shown | None
    steps: Sequence[Step]

    @property
    def question(self) -> str:
        """The key of the variable, without the part of an attribution."""
        return self.variable.key.partition(".")[0]


def detail(member: Membership, round: Round, variable: VariableReport) -> Detail:
    names, is_large = names_of(round, variable.key), variable.units * len(variable.annotators) > MOST_INLINE
    shown = None if is_large else evidence_of(member, round, variable.key)
    figures = figures_of(variable, names, shown.evidence.matrix if shown else None, "chart")
    return Detail(**vars(figures), shown=shown, steps=next_steps(variable, names))
