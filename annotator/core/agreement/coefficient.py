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


@dataclass(frozen=True)
class Coefficient:
    """One figure with all that a reader needs to weigh it.

    `value` is None exactly when `undefined` says why. `se` is the analytic standard error where the literature
    gives one. `low` and `high` bound the bootstrap interval; `replicates` counts the replicates on which the
    coefficient was defined and which the interval therefore rests on. `units` were used, `dropped` were not
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

    def as_dict(self) -> dict[str, float | str | None]:
        """The four fields that stand in the JSON of the agreement report."""
        return {"value": self.value, "low": self.low, "high": self.high, "undefined": self.undefined}


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

    >>> verdict(Coefficient(value=0.85, low=0.7, high=0.95, units=200))
    'tentative'
    """
    if coefficient.value is None or coefficient.low is None:
        return "no figure"
    if coefficient.low >= RELIABLE:
        return "reliable"
    return "tentative" if coefficient.low >= TENTATIVE else "not yet"
