"""Figures as a reader sees them: where a point lies on the axis, how a number is written, which words go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotator.core.agreement import Coefficient, PairFigure, VariableReport, Verdict, verdict
from annotator.formats.reports import short

AXIS_FLOOR = 0.4
STATES: dict[Verdict, str] = {"reliable": "good on", "tentative": "doubt half", "not yet": "bad", "no figure": ""}


def in_words(number: int) -> str:
    """Numbers up to twelve as words, as in running text."""
    words = [_("None"), _("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight")]
    words += [_("Nine"), _("Ten"), _("Eleven"), _("Twelve")]
    return words[number] if number < len(words) else str(number)


def level_name(level: str) -> str:
    names = {
        "nominal": _("nominal"),
        "ordinal": _("ordinal"),
        "interval": _("interval"),
        "ratio": _("ratio"),
        "masi": _("set, MASI"),
        "jaccard": _("set, Jaccard"),
        "text": _("text"),
        "span": _("spans"),
    }
    return names.get(level, level)


def verdict_name(verdict: Verdict) -> str:
    names = {
        "reliable": _("reliable"),
        "tentative": _("tentative"),
        "not yet": _("not yet"),
        "no figure": _("no figure"),
    }
    return names[verdict]


@dataclass(frozen=True)
class Drawn:
    """A figure with its interval; positions are per cent of the axis."""

    value: str
    interval: str
    x: str
    x_low: str
    x_high: str
    tone: str
    undefined: str

    @property
    def has_interval(self) -> bool:
        return bool(self.interval)


def drawn(figure: Coefficient, *, floor: float, tone: str = "") -> Drawn:
    if figure.value is None:
        return Drawn("", "", "", "", "", "", figure.undefined or "")
    if figure.low is None or figure.high is None:
        return Drawn(short(figure.value), "", _place(figure.value, floor), "", "", tone, "")
    return Drawn(
        value=short(figure.value),
        interval=f"{short(figure.low)} – {short(figure.high)}",
        x=_place(figure.value, floor),
        x_low=_place(figure.low, floor),
        x_high=_place(figure.high, floor),
        tone=tone,
        undefined="",
    )


def tone_of(verdict: Verdict) -> str:
    return STATES[verdict].split(" ")[0]


def _place(value: float, floor: float) -> str:
    """Per cent from the start of the axis; what lies outside stands at its end."""
    return f"{100 * min(1.0, max(0.0, (value - floor) / (1 - floor))):.1f}%"


@dataclass(frozen=True)
class Line:
    """One variable in the table of all."""

    key: str
    label: str
    level: str
    figure: Drawn
    units: int
    percent: str
    verdict: str
    state: str


def line(variable: VariableReport, *, floor: float) -> Line:
    agree = variable.measures.get("percent_agreement")
    percent = f"{100 * agree.value:.1f}" if agree is not None and agree.value is not None else "—"
    return Line(
        key=variable.key,
        label=variable.label,
        level=level_name(variable.level),
        figure=drawn(alpha_of(variable), floor=floor, tone=tone_of(variable.verdict)),
        units=variable.pairable_units,
        percent=percent,
        verdict=verdict_name(variable.verdict),
        state=STATES[variable.verdict],
    )


def alpha_of(variable: VariableReport) -> Coefficient:
    """The figure that the verdict rests on. The percentage of free text is none: it knows no chance."""
    if variable.level == "text":
        reason = _("free text has no agreement coefficient; it is exported as it is")
        return Coefficient(value=None, units=variable.pairable_units, undefined=reason)
    return variable.measures[variable.headline]


def floor_of(variables: Sequence[VariableReport]) -> float:
    """The axis begins at .4 where no figure and no interval ends lower, else at 0."""
    figures = [alpha_of(variable) for variable in variables]
    ends = [figure.value if figure.low is None else figure.low for figure in figures]
    return AXIS_FLOOR if all(end >= AXIS_FLOOR for end in ends if end is not None) else 0.0


@dataclass(frozen=True)
class ValueLine:
    """One value of a variable against the rest."""

    label: str
    count: int
    figure: Drawn


@dataclass(frozen=True)
class PairLine:
    """Two annotators."""

    names: str
    units: int
    percent: str
    figure: str


def value_lines(variable: VariableReport, names: Mapping[str, str]) -> list[ValueLine]:
    """`names` are the values' labels; a value without one is shown by its key."""
    return [
        ValueLine(
            label=names.get(str(value.key), str(value.key)),
            count=value.count,
            figure=_value_figure(value.char_alpha or value.alpha),
        )
        for value in variable.values
    ]


def pair_lines(variable: VariableReport) -> list[PairLine]:
    return [_pair(pair) for pair in variable.pairs]


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
