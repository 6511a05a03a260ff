"""How many units it takes until the lower end of an interval would pass a mark."""

from collections.abc import Hashable
from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

from .coefficient import ENOUGH_ALIKE, FEWEST_UNITS, RELIABLE, TENTATIVE, Coefficient
from .report import VariableReport


@dataclass(frozen=True)
class UnitsNeeded:
    """For a whole variable (`key` None) or the presence of one value: units compared `now`, and in all for each mark.

    None where no number of units would do, since the figure itself isn't above the mark or isn't defined.
    """

    key: Hashable | None
    now: int
    tentative: int | None
    reliable: int | None


def units_needed(figure: Coefficient, mark: float) -> int | None:
    """Units in all, those at hand included, with which the lower end of the interval would reach `mark`.

    The interval narrows with the square root of the number of units (Efron & Tibshirani 1993, An Introduction to the
    Bootstrap, ch. 12), so n units with the lower end at `low` become n ((value - low) / (value - mark))^2. That
    supposes that new units, and where articles are drawn new articles of the same length, are like those at hand,
    and that the figure stays where it is; a figure from few units may well move. None where the figure doesn't
    lie above the mark. Never fewer than a verdict asks for, see `verdict`.

    >>> units_needed(Coefficient(value=0.9, low=0.7, high=0.95, units=50), 0.8)
    200
    """
    if figure.value is None or figure.low is None or not figure.value > mark:
        return None
    fewest = ENOUGH_ALIKE if figure.without_width else FEWEST_UNITS
    if figure.low >= mark:
        return max(figure.units, fewest)
    times = ((figure.value - figure.low) / (figure.value - mark)) ** 2
    return max(ceil(figure.units * times - 1e-9), fewest)


def units_needed_of(report: VariableReport) -> tuple[UnitsNeeded, ...]:
    """`units_needed` for a variable's headline, then for the alpha of each value's presence; nothing for text."""
    if report.verdict == "no figure" and report.level == "text":
        return ()
    figures = [(None, report.measures[report.headline]), *((value.key, value.alpha) for value in report.values)]
    return tuple(
        UnitsNeeded(key, figure.units, units_needed(figure, TENTATIVE), units_needed(figure, RELIABLE))
        for key, figure in figures
    )


def fewest_units(share: float, mark: float, *, significance: float = 0.05) -> int:
    """Units that two annotators should both answer to tell a value's alpha from one below `mark`, whatever the data.

    A plan before any data, where `units_needed` goes by what was found. `share` is how often the value is expected
    among the answers; the rarest value decides. N = 2 z^2 ((1 + a)(3 - a) / (4 (1 - a) p (1 - p)) - a): Krippendorff
    (2013, Content Analysis, 3rd ed., ch. 12), after Bloch & Kraemer (1989), Biometrics 45, equation 3.7. Raises
    ValueError unless share and mark lie between 0 and 1.

    >>> fewest_units(1 / 4, 0.800)
    139
    """
    if not (0 < share < 1 and 0 < mark < 1):
        raise ValueError("The share of a value and the mark lie between 0 and 1.")
    z = NormalDist().inv_cdf(1 - significance)
    return ceil(2 * z**2 * ((1 + mark) * (3 - mark) / (4 * (1 - mark) * share * (1 - share)) - mark))
