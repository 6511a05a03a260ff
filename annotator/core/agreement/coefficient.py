"""What every coefficient answers with, and how far a figure may be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

NO_RATINGS = "there are no ratings"
NOT_PAIRABLE = "no unit has two ratings, so there is nothing to compare"
NO_VARIATION = "no variation: all comparable ratings have the same value, so chance cannot be told from agreement"
ONE_VALUE = "only one value is possible, so chance agreement is complete"
NO_SPANS = "nobody marked a span"
SINGLE = "fewer than two ratings"

Verdict = Literal["reliable", "tentative", "not yet", "no figure"]
RELIABLE = 0.800
TENTATIVE = 0.667
POINT = 1e-9
FEWEST_UNITS = 10
"""With fewer no figure counts as tentative or reliable: the bootstrap knows only the units it was given."""
ENOUGH_ALIKE = 30
"""So many units without a disagreement make it unlikely (5 %) that more than a tenth of all units hold one: the rule
of three, Hanley & Lippman-Hand (1983), Journal of the American Medical Association 249."""


@dataclass(frozen=True)
class Coefficient:
    """One figure with all that a reader needs to weigh it.

    `value` is None exactly when `undefined` says why. `se` is the analytic standard error where the literature
    gives one. `low` and `high` bound the bootstrap interval; `replicates` counts the replicates on which the
    coefficient was defined and which the interval therefore rests on; `below_tentative` and `below_reliable` are the
    shares of them under .667 and .800, the chance that it lies there. `units` were used, `dropped` were not
    (reason -> number of units).
    """

    value: float | None
    units: int
    se: float | None = None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    replicates: int = 0
    below_tentative: float | None = None
    below_reliable: float | None = None

    @property
    def without_width(self) -> bool:
        """Whether the interval is a point, since whatever is drawn gives the same figure."""
        return self.low is not None and self.high is not None and self.high - self.low < POINT

    def as_dict(self) -> dict[str, float | str | None]:
        """The fields that stand in the JSON of the agreement report."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "undefined": self.undefined,
            "se": self.se,
            "below_667": self.below_tentative,
            "below_800": self.below_reliable,
        }


def not_defined(reason: str, *, units: int = 0, dropped: Mapping[str, int] | None = None) -> Coefficient:
    """A coefficient without a value, and why.

    >>> not_defined(NO_RATINGS).undefined
    'there are no ratings'
    """
    return Coefficient(value=None, units=units, undefined=reason, dropped=dropped or {})


def verdict(coefficient: Coefficient) -> Verdict:
    """How far data with this agreement may be relied on.

    Krippendorff (2004, Content Analysis, 2nd ed., p. 241) asks for .800, and .667 where tentative conclusions
    are acceptable. The lower end of the interval has to reach the mark, not the figure itself: a high alpha on
    seven units proves little. Without an interval there is no verdict.

    The lower end is believed only where the interval can be. From fewer than FEWEST_UNITS units, and from an interval
    without width on fewer than ENOUGH_ALIKE, the verdict is "not yet": there is a figure, but reliability is still to
    be shown, and more units may show it. An interval without width never makes "reliable", however many the units,
    but at most "tentative": drawing again from units that all agree can't tell how often others would not. With
    a tenth of the units in disagreement alpha is .8 where half would be expected to, and less where values are uneven.

    >>> verdict(Coefficient(value=0.85, low=0.7, high=0.95, units=200))
    'tentative'
    >>> verdict(Coefficient(value=1.0, low=1.0, high=1.0, units=8))
    'not yet'
    """
    if coefficient.value is None or coefficient.low is None:
        return "no figure"
    enough = ENOUGH_ALIKE if coefficient.without_width else FEWEST_UNITS
    if coefficient.units < enough or coefficient.low < TENTATIVE:
        return "not yet"
    return "reliable" if coefficient.low >= RELIABLE and not coefficient.without_width else "tentative"
