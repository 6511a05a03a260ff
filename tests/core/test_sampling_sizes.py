"""How many units to label twice, against the published tables."""

import numpy as np
import pytest

from annotator.core.agreement import krippendorff_alpha
from annotator.core.sampling import lacy_riffe, units_for_agreement, units_for_width

# Lacy & Riffe (1996), tables 1 and 2: units in all, and units to test where 85, 90 or 95 % agreement is expected.
AT_95 = {10_000: (141, 100, 54), 1000: (125, 92, 52), 500: (111, 84, 49), 250: (91, 72, 45), 100: (59, 51, 36)}
AT_99 = {10_000: (271, 193, 104), 1000: (218, 165, 95), 500: (179, 142, 87), 250: (132, 111, 75), 100: (74, 67, 52)}


@pytest.mark.parametrize(("table", "error"), [(AT_95, 0.03), (AT_99, 0.05 / 2.33)])
def test_lacy_and_riffe_give_their_tables(table: dict[int, tuple[int, ...]], error: float) -> None:
    for population, printed in table.items():
        found = [lacy_riffe(population, expected, error) for expected in (0.85, 0.90, 0.95)]
        assert max(abs(ours - theirs) for ours, theirs in zip(found, printed, strict=True)) <= 1


def test_more_certainty_takes_more_units_and_never_more_than_there_are() -> None:
    found = [units_for_agreement(1000, 0.9, 0.85, significance=p) for p in (0.1, 0.05, 0.01)]
    assert found == sorted(found)
    assert units_for_agreement(3, 0.9, 0.89) <= 3


@pytest.mark.parametrize(("share", "alpha", "half"), [(0.5, 0.8, 0.1), (0.2, 0.7, 0.1)])
def test_the_width_is_that_of_simulated_data(share: float, alpha: float, half: float) -> None:
    units, random = units_for_width(share, alpha, half), np.random.default_rng(1)
    values = []
    for _ in range(250):
        first, other = random.random(units) < share, random.random(units) < share
        second = np.where(random.random(units) < alpha, first, other)
        found = krippendorff_alpha([first.astype(int).tolist(), second.astype(int).tolist()])
        values.append(found.value)
    low, high = np.quantile(values, [0.025, 0.975])
    assert (high - low) / 2 == pytest.approx(half, rel=0.2)


@pytest.mark.parametrize(("expected", "least"), [(0.8, 0.8), (1.0, 0.9), (0.8, 0.0)])
def test_what_cannot_be_planned_is_refused(expected: float, least: float) -> None:
    with pytest.raises(ValueError, match="between"):
        units_for_agreement(100, expected, least)
    with pytest.raises(ValueError, match="between"):
        units_for_width(0, 0.8, 0.1)
