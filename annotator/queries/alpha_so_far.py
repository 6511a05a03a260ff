"""The figures of a report that an overview shows: small, and never computed for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone

from annotator.core.agreement import Coefficient, VariableReport, Verdict
from annotator.core.plain import plain, rebuilt
from annotator.models import KeptReport
from annotator.queries.ready_reports import selection_sha256
from annotator.queries.reports import Report
from annotator.queries.selections import EVERYTHING
from projects.models import Round

SUMMARY = "summary"
KEPT_SECONDS = 7 * 24 * 3600
FRESH = timedelta(minutes=10)


@dataclass(frozen=True)
class QuestionFigure:
    """The headline of one question, in the order of the codebook."""

    key: str
    label: str
    verdict: Verdict
    units: int
    value: float | None
    low: float | None
    high: float | None
    undefined: str | None

    @property
    def figure(self) -> Coefficient:
        return Coefficient(self.value, self.units, low=self.low, high=self.high, undefined=self.undefined)


@dataclass(frozen=True)
class AlphaSoFar:
    """`agrees`: by pseudonym, the share of an annotator's answers on which another gave the same."""

    questions: tuple[QuestionFigure, ...]
    agrees: Mapping[str, float]
    computed_at: datetime | None = None

    @property
    def weakest(self) -> QuestionFigure | None:
        """The lowest of those that have a figure."""
        figures = [question for question in self.questions if question.verdict != "no figure"]
        return min(figures, key=lambda question: question.value or 0.0, default=None)

    @property
    def is_old(self) -> bool:
        return self.computed_at is None or timezone.now() - self.computed_at > FRESH


def so_far(report: Report) -> AlphaSoFar:
    return AlphaSoFar(tuple(_figure(variable) for variable in report.variables), _agrees(report))


def _figure(variable: VariableReport) -> QuestionFigure:
    main = variable.measures[variable.headline]
    place = variable.key, variable.label, variable.verdict, main.units
    return QuestionFigure(*place, main.value, main.low, main.high, main.undefined)


def _agrees(report: Report) -> dict[str, float]:
    """Over all questions and pairs of annotators, weighted by the units that both answered."""
    units: dict[str, int] = {}
    alike: dict[str, float] = {}
    for pair in (pair for variable in report.variables for pair in variable.pairs):
        percent = pair.measures.get("percent_agreement")
        if percent is None or percent.value is None:
            continue
        for one in (pair.a, pair.b):
            units[one] = units.get(one, 0) + pair.units
            alike[one] = alike.get(one, 0.0) + pair.units * percent.value
    return {one: alike[one] / number for one, number in units.items() if number}


def summary_column() -> Subquery:
    """Of a query of rounds: the summary of the newest kept report, as JSON; read by `summary_of`."""
    reports = KeptReport.objects.filter(round=OuterRef("pk"), selection_sha256=selection_sha256(EVERYTHING))
    return Subquery(reports.annotate(summary=KT(f"result__{SUMMARY}")).values("summary")[:1])


def summary_of(round: Round, kept: str | None) -> AlphaSoFar | None:
    """What `summary_column` gave, else what was computed last for a page; None where there is neither."""
    found: AlphaSoFar | None = rebuilt_summary(kept) if kept else cache.get(_key(round))
    return found


def kept_so_far(round: Round) -> AlphaSoFar | None:
    """The summary of the kept report."""
    kept = Round.objects.filter(pk=round.pk).values_list(summary_column(), flat=True).get()
    return rebuilt_summary(kept) if kept else None


def rebuilt_summary(kept: str) -> AlphaSoFar:
    fields = json.loads(kept)
    return rebuilt(AlphaSoFar, fields | {"computed_at": datetime.fromisoformat(fields["computed_at"])})


def as_summary(report: Report, computed_at: datetime) -> dict[str, object]:
    return plain(so_far(report)) | {"computed_at": computed_at.isoformat()}


def keep_so_far(round: Round, report: Report) -> AlphaSoFar:
    found = so_far(report)
    found = AlphaSoFar(found.questions, found.agrees, timezone.now())
    cache.set(_key(round), found, KEPT_SECONDS)
    return found


def _key(round: Round) -> str:
    return f"alpha-so-far-{round.pk}-{round.codebook_version_id}"
