"""Forecasts: the range holds the middle, and is as wide as it says."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.forecast import forecast

DAYS = st.lists(st.integers(0, 500), min_size=1, max_size=28)


@settings(max_examples=50)
@given(st.integers(1, 100_000), DAYS)
def test_the_range_holds_the_middle_and_more_work_takes_no_less_time(remaining: int, days: list[int]) -> None:
    found, more = forecast(remaining, days), forecast(remaining + 100, days)
    assert (found is None) == (more is None)
    if found is not None and more is not None:
        assert 0 < found.earliest <= found.middle <= (found.latest or found.middle)
        assert more.earliest >= found.earliest
        assert more.middle >= found.middle


def test_four_of_five_forecasts_hold() -> None:
    """Days drawn alike: how often the day on which the work was done lay in the range."""
    chance = random.Random(6)

    def day() -> int:
        return chance.choice([0, 0, 20, 30, 40, 50, 60])

    held = 0
    for _ in range(400):
        found = forecast(600, [day() for _ in range(14)])
        assert found is not None
        left, took = 600, 0
        while left > 0:
            left, took = left - day(), took + 1
        held += found.earliest <= took <= (found.latest or took)
    assert 0.74 < held / 400 < 0.92
