"""The agreement report of one variable: figures, intervals, values, pairs, and what to be wary of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from .arrays import BoolArray
from .coefficient import FEWEST_UNITS, SINGLE, Coefficient, Verdict, verdict
from .distribution import AnswerCounts, distribution
from .measures import Compared, ValueFigure, compared, headline, measures, pair_measures, value_figures
from .prevalence import prevalence_warnings
from .resample import Resampling, group_numbers
from .variable import VariableRatings

REPLICATES = 2000
ENOUGH_ARTICLES = 10
"""From so many articles on whole articles are resampled; fewer give no usable spread between articles."""
MOST_PAIRS = 100
FEW_UNITS = 30

Json = dict[str, object]
Resample = Literal["units", "articles"]
"""What is drawn with replacement for the intervals."""


@dataclass(frozen=True)
class PairFigure:
    """The figures of two annotators over the `units` both answered."""

    a: str
    b: str
    units: int
    measures: Mapping[str, Coefficient]

    def as_dict(self) -> Json:
        return {"a": self.a, "b": self.b, "units": self.units, "measures": _plain(self.measures)}


@dataclass(frozen=True)
class VariableReport:
    """One entry of "variables" in the JSON of the agreement report.

    `units` have at least one answer, `pairable_units` two or more. `headline` names the measure that `verdict` rests
    on. `pairs` are at most MOST_PAIRS, those with most common units; `pairs_left_out` says how many are not shown.
    `distribution` counts each annotator's answers by value.
    """

    key: str
    label: str
    kind: str
    level: str
    units: int
    pairable_units: int
    dropped: Mapping[str, int]
    missing: Mapping[str, int]
    annotators: tuple[str, ...]
    headline: str
    verdict: Verdict
    measures: Mapping[str, Coefficient]
    values: tuple[ValueFigure, ...]
    pairs: tuple[PairFigure, ...]
    pairs_left_out: int
    resampled: Resample
    warnings: tuple[str, ...]
    distribution: tuple[AnswerCounts, ...] = ()

    def as_dict(self) -> Json:
        """The JSON of the contract; keys always in this order."""
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.kind,
            "level": self.level,
            "units": self.units,
            "pairable_units": self.pairable_units,
            "dropped": dict(self.dropped),
            "missing": dict(self.missing),
            "annotators": list(self.annotators),
            "headline": self.headline,
            "verdict": self.verdict,
            "measures": _plain(self.measures),
            "values": [_value_as_dict(value) for value in self.values],
            "pairs": [pair.as_dict() for pair in self.pairs],
            "pairs_left_out": self.pairs_left_out,
            "resampled": self.resampled,
            "warnings": list(self.warnings),
            "distribution": [
                {"annotator": own.annotator, "units": own.units, "values": dict(own.values)}
                for own in self.distribution
            ],
        }


def report_variable(
    ratings: VariableRatings,
    *,
    replicates: int | None = REPLICATES,
    seed: int | None = None,
    resample: Resample | None = None,
) -> VariableReport:
    """Everything there is to say about the agreement on one variable.

    Without `resample`, articles are resampled when the compared units come from at least ENOUGH_ARTICLES of them, else
    units. An attribution variable is to be split first, see `attribution_parts`. Raises ValueError on answers that
    don't fit.
    """
    _check_shape(ratings)
    data = compared(ratings)
    answered = ratings.answered()
    pairable = answered.sum(axis=0) >= 2
    articles = len({article for article, kept in zip(ratings.articles, pairable.tolist(), strict=True) if kept})
    by_article = resample == "articles" if resample else articles >= ENOUGH_ARTICLES
    resampling = Resampling(
        replicates=replicates, seed=seed, groups=group_numbers(ratings.articles) if by_article else None
    )
    found = measures(data, resampling)
    values = value_figures(data, resampling)
    pairs, left_out = _pairs(data, ratings.annotators, answered)
    main = headline(data.scale)
    return VariableReport(
        key=ratings.key,
        label=ratings.label or ratings.key,
        kind=ratings.kind,
        level=ratings.scale,
        units=int(answered.any(axis=0).sum()),
        pairable_units=int(pairable.sum()),
        dropped=_dropped(ratings, answered),
        missing=dict(ratings.missing),
        annotators=tuple(ratings.annotators),
        headline=main,
        verdict="no figure" if data.scale in ("text", "open") else verdict(found[main]),
        measures=found,
        values=tuple(values),
        pairs=pairs,
        pairs_left_out=left_out,
        resampled="articles" if by_article else "units",
        warnings=tuple(
            _warnings(found[main], int(pairable.sum()), articles, by_article=by_article)
            + prevalence_warnings(data, values)
            + _left_out(left_out)
        ),
        distribution=distribution(data, ratings.annotators),
    )


def _check_shape(ratings: VariableRatings) -> None:
    if len(ratings.ratings) != len(ratings.annotators):
        raise ValueError(f"{ratings.key}: {len(ratings.ratings)} ratings for {len(ratings.annotators)} annotators.")
    if len(ratings.articles) != len(ratings.units) or any(len(row) != len(ratings.units) for row in ratings.ratings):
        raise ValueError(f"{ratings.key}: give one article and one entry an annotator for each unit.")


def _dropped(ratings: VariableRatings, answered: BoolArray) -> dict[str, int]:
    singles = int((answered.sum(axis=0) == 1).sum())
    return dict(ratings.dropped) | ({SINGLE: singles} if singles else {})


def _pairs(data: Compared, names: Sequence[str], answered: BoolArray) -> tuple[tuple[PairFigure, ...], int]:
    """Figures of the pairs with most common units, in the order of the annotators, and how many pairs are left."""
    shared = answered.astype(np.float64) @ answered.T
    meeting = [(a, b) for a, b in combinations(range(len(names)), 2) if shared[a, b]]
    chosen = sorted(sorted(meeting, key=lambda pair: -shared[pair])[:MOST_PAIRS])
    figures = [
        PairFigure(names[a], names[b], int(shared[a, b]), pair_measures(data.of_raters((a, b)))) for a, b in chosen
    ]
    return tuple(figures), len(meeting) - len(chosen)


def _warnings(main: Coefficient, units: int, articles: int, *, by_article: bool) -> list[str]:
    """What a reader of the figures has to know before quoting them."""
    said = []
    if 0 < units < FEW_UNITS:
        more = "too few to call a figure reliable" if units < FEWEST_UNITS else "mind the interval"
        said.append(f"Only {units} units were answered by two or more annotators; {more}.")
    if main.without_width:
        said.append("The interval has no width because no resample can differ, not because the figure is certain.")
    if by_article and articles < ENOUGH_ARTICLES:
        said.append(f"Whole articles were resampled, but there are only {articles}: intervals are rough.")
    elif not by_article and articles >= ENOUGH_ARTICLES:
        said.append(f"Units were resampled, although they come from {articles} articles: intervals may be narrow.")
    elif 1 < articles < ENOUGH_ARTICLES:
        said.append(f"The units come from only {articles} articles, so units were resampled: intervals may be narrow.")
    return said


def _left_out(pairs: int) -> list[str]:
    return [f"{pairs} pairs of annotators with fewer common units are not shown."] if pairs else []


def _plain(found: Mapping[str, Coefficient]) -> Json:
    return {name: coefficient.as_dict() for name, coefficient in found.items()}


def _value_as_dict(figure: ValueFigure) -> Json:
    """`alpha` is a bare number or null, its interval and reason stand beside it."""
    shown: Json = {"key": figure.key, "count": figure.count}
    shown |= _named("alpha", figure.alpha)
    return shown if figure.char_alpha is None else shown | _named("char_alpha", figure.char_alpha)


def _named(name: str, figure: Coefficient) -> Json:
    return {name if part == "value" else f"{name}_{part}": found for part, found in figure.as_dict().items()}
