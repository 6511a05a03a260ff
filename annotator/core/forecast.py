"""When work will be done, by the pace of the last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean, variance

FEWEST_DAYS, FEWEST_UNITS = 3, 20
"""Of fewer days with work, or fewer units, no pace can be told."""
NORMAL_90 = 1.2816
"""The 90 % point of the normal distribution: four of five work days to come end between both ends of the range."""


@dataclass(frozen=True)
class Forecast:
    """Days from now: the earliest and latest that are likely, and the middle. `latest`: None where nobody can tell."""

    earliest: int
    middle: int
    latest: int | None


def forecast(remaining: int, per_day: Sequence[int]) -> Forecast | None:
    """When `remaining` units will be done if days go on like those given (whole days); None: too little to tell.

    d days bring m d units, with m the mean of n days and s their standard deviation; the sum of d days to come varies
    with s^2 d, and what the mean itself may be off with s^2 d^2 / n. The range of 80 % ends where m d is 1.28 standard
    deviations above, or below, what remains: the roots of (R - m d)^2 = 1.28^2 s^2 (d + d^2 / n).

    >>> forecast(100, [10, 10, 10, 10])
    Forecast(earliest=10, middle=10, latest=10)
    >>> forecast(100, [0, 20, 5, 15, 10, 10])
    Forecast(earliest=7, middle=10, latest=18)
    >>> forecast(100, [0, 0, 40]) is None
    True
    """
    if sum(day > 0 for day in per_day) < FEWEST_DAYS or sum(per_day) < FEWEST_UNITS:
        return None
    if remaining <= 0:
        return Forecast(0, 0, 0)
    mean, spread = fmean(per_day), NORMAL_90**2 * variance(per_day)
    half = 2 * mean * remaining + spread
    square = mean**2 - spread / len(per_day)
    root = half + sqrt(max(0.0, half**2 - 4 * square * remaining**2))
    earliest, middle = 2 * remaining**2 / root, remaining / mean
    return Forecast(_days(earliest), _days(middle), _days(root / (2 * square)) if square > 0 else None)


def _days(number: float) -> int:
    """Whole days; what a float is off must not make one more."""
    return ceil(number - 1e-9)
