"""Which coefficients are reported for a variable, by its level of measurement."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from .alpha import krippendorff_alpha
from .chance import brennan_prediger, fleiss_kappa, gwet_ac
from .char_alpha import char_alpha, char_alpha_binary
from .coding import Coded
from .coefficient import SINGLE, Coefficient, not_defined
from .icc import icc_1, icc_a1
from .pairs import cohen_kappa, scott_pi
from .percent import percent_agreement, percent_agreement_pairable
from .resample import Resampling
from .span_f1 import span_f1_exact, span_f1_exact_unlabelled, span_f1_overlap, span_f1_overlap_unlabelled
from .spans import SpanRatings
from .unitising import u_alpha, u_alpha_binary
from .variable import VariableRatings, coded, numeric, present_values, spans_of

Measures = dict[str, Coefficient]

FREE_TEXT = (
    "free text: answers that mean the same are rarely spelt the same, so chance agreement has no meaning; "
    "the percentage counts identical texts"
)
MOST_VALUES = 2000
TOO_MANY = f"more than {MOST_VALUES} different answers: this is no closed list of values"

UNBOUNDED = ("text", "open", "interval", "ratio")
"""Scales without a closed list of values."""
HEADLINES = {"text": "percent_agreement", "span": "char_alpha"}


@dataclass(frozen=True)
class ValueFigure:
    """How often a value was given and how far annotators agree on it; `char_alpha` for spans only."""

    key: Hashable
    count: int
    alpha: Coefficient
    char_alpha: Coefficient | None = None


@dataclass(frozen=True, eq=False)
class Compared:
    """A variable's ratings made ready once, for all its figures and for each pair of annotators."""

    scale: str
    coded: Coded
    values: Sequence[Hashable]
    codes: Mapping[str, float]
    spans: SpanRatings | None = None

    def of_raters(self, rows: Sequence[int]) -> "Compared":
        """Some of the annotators, in the same order."""
        spans = self.spans.of_raters(rows) if self.spans else None
        return Compared(self.scale, self.coded.of_raters(rows), self.values, self.codes, spans)


def compared(ratings: VariableRatings) -> Compared:
    """Read the answers. Raises ValueError where they don't fit the variable's kind or level."""
    spans = spans_of(ratings) if ratings.kind == "span" else None
    answers = present_values(spans) if spans else coded(ratings)
    scale = ratings.scale
    if scale in ("nominal", "ordinal", "masi", "jaccard") and len(answers.labels) > MOST_VALUES:
        scale = "open"
    return Compared(scale, answers, ratings.values or _seen(answers), ratings.codes, spans)


def headline(scale: str) -> str:
    """The coefficient that the verdict on a variable rests on."""
    return HEADLINES.get(scale, f"krippendorff_alpha_{'nominal' if scale == 'open' else scale}")


def measures(data: Compared, resampling: Resampling) -> Measures:
    """All figures of a variable, the headline first."""
    if data.spans is not None:
        return _of_spans(data.spans, resampling)
    return _ALL[data.scale](data, resampling)


def pair_measures(data: Compared) -> Measures:
    """The figures of two annotators, without intervals: they are there to find who reads the rule differently."""
    if data.spans is not None:
        return _of_spans(data.spans, {})
    found = {"percent_agreement": percent_agreement(data.coded)}
    if data.scale in ("nominal", "ordinal"):
        found["cohen_kappa"] = cohen_kappa(data.coded)
    if data.scale in ("ordinal", "interval", "ratio", "masi", "jaccard"):
        found |= _alphas(data, (data.scale,), {})
    return found


def value_figures(data: Compared, resampling: Resampling) -> list[ValueFigure]:
    """Each value of a closed variable, in codebook order; none for numbers and text."""
    if data.scale in UNBOUNDED:
        return []
    return [_value(data, key, resampling) for key in data.values]


def _value(data: Compared, key: Hashable, resampling: Resampling) -> ValueFigure:
    present = data.coded.presence(key)
    alpha = krippendorff_alpha(present, **resampling)
    if data.spans is None:
        return ValueFigure(key, int(present.patterns.totals(2)[1]), alpha)
    marked = sum(span[2] == key for row in data.spans.marked for own in row for span in own or ())
    return ValueFigure(key, marked, alpha, char_alpha(data.spans, label=key, **resampling))


def _seen(answers: Coded) -> Sequence[Hashable]:
    """The values that occur, where no codebook lists them."""
    if not any(isinstance(label, frozenset) for label in answers.labels):
        return answers.labels
    return sorted({key for label in answers.labels if isinstance(label, frozenset) for key in label}, key=str)


def _alphas(data: Compared, metrics: Sequence[str], resampling: Resampling) -> Measures:
    by_number = numeric(data.coded, data.codes) if {"interval", "ratio"} & set(metrics) else data.coded
    return {
        f"krippendorff_alpha_{metric}": krippendorff_alpha(
            by_number if metric in ("interval", "ratio") else data.coded, metric=metric, **resampling
        )
        for metric in metrics
    }


def _correlations(data: Compared, resampling: Resampling) -> Measures:
    by_number = numeric(data.coded, data.codes)
    return {"icc_1": icc_1(by_number, **resampling), "icc_a1": icc_a1(by_number, **resampling)}


def _percentages(data: Compared, resampling: Resampling) -> Measures:
    return {
        "percent_agreement": percent_agreement(data.coded, **resampling),
        "percent_agreement_pairable": percent_agreement_pairable(data.coded, **resampling),
    }


def _chance_corrected(data: Compared, resampling: Resampling) -> Measures:
    found = {
        "fleiss_kappa": fleiss_kappa(data.coded, **resampling),
        "gwet_ac": gwet_ac(data.coded, **resampling),
        "brennan_prediger": brennan_prediger(data.coded, **resampling),
    }
    if data.coded.raters == 2:
        found["cohen_kappa"] = cohen_kappa(data.coded, **resampling)
        found["scott_pi"] = scott_pi(data.coded, **resampling)
    return found


def _nominal(data: Compared, resampling: Resampling) -> Measures:
    return {
        **_alphas(data, ("nominal",), resampling),
        **_percentages(data, resampling),
        **_chance_corrected(data, resampling),
    }


def _ordinal(data: Compared, resampling: Resampling) -> Measures:
    return {
        **_alphas(data, ("ordinal", "interval", "nominal"), resampling),
        **_percentages(data, resampling),
        **_chance_corrected(data, resampling),
    }


def _interval(data: Compared, resampling: Resampling) -> Measures:
    alphas = _alphas(data, ("interval",), resampling)
    return alphas | _correlations(data, resampling) | _percentages(data, resampling)


def _ratio(data: Compared, resampling: Resampling) -> Measures:
    alphas = _alphas(data, ("ratio", "interval"), resampling)
    return alphas | _correlations(data, resampling) | _percentages(data, resampling)


def _masi(data: Compared, resampling: Resampling) -> Measures:
    return {**_alphas(data, ("masi", "jaccard", "nominal"), resampling), **_percentages(data, resampling)}


def _jaccard(data: Compared, resampling: Resampling) -> Measures:
    return {**_alphas(data, ("jaccard", "masi", "nominal"), resampling), **_percentages(data, resampling)}


def _text(data: Compared, resampling: Resampling) -> Measures:
    return _percent_only(data, FREE_TEXT, resampling)


def _open(data: Compared, resampling: Resampling) -> Measures:
    return _percent_only(data, TOO_MANY, resampling)


def _percent_only(data: Compared, reason: str, resampling: Resampling) -> Measures:
    found = _percentages(data, resampling)
    units = found["percent_agreement"].units
    left_out = data.coded.units - units
    return found | {
        "krippendorff_alpha_nominal": not_defined(reason, units=units, dropped={SINGLE: left_out} if left_out else {})
    }


def _of_spans(spans: SpanRatings, resampling: Resampling) -> Measures:
    return {
        "char_alpha": char_alpha(spans, **resampling),
        "char_alpha_binary": char_alpha_binary(spans, **resampling),
        "u_alpha": u_alpha(spans, **resampling),
        "u_alpha_binary": u_alpha_binary(spans, **resampling),
        "span_f1_exact": span_f1_exact(spans, **resampling),
        "span_f1_exact_unlabelled": span_f1_exact_unlabelled(spans, **resampling),
        "span_f1_overlap": span_f1_overlap(spans, **resampling),
        "span_f1_overlap_unlabelled": span_f1_overlap_unlabelled(spans, **resampling),
    }


_ALL: Mapping[str, Callable[[Compared, Resampling], Measures]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
    "masi": _masi,
    "jaccard": _jaccard,
    "text": _text,
    "open": _open,
}
