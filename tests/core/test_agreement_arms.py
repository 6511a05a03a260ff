"""Two conditions of one question: told apart, compared within and between, and what one does to the answers."""

import numpy as np
import pytest

from annotator.core.agreement import VariableRatings
from annotator.core.agreement.arms import by_arm, shifts
from annotator.core.agreement.between import between_groups

UNITS = 400


def masked(effect: float) -> VariableRatings:
    """Two annotators in 40 articles; under the first arm the value "a" is given more often by `effect`."""
    chance = np.random.default_rng(3)
    rows = [
        ["a" if chance.random() < 0.4 + effect * (_arm(row, place) == "masked") else "b" for place in range(UNITS)]
        for row in range(2)
    ]
    articles = [place // 10 for place in range(UNITS)]
    return VariableRatings("v", "single", ["A", "B"], rows, [*range(UNITS)], articles, values=["a", "b", "c"])


def _arm(row: int, place: int) -> str:
    return ("masked", "open")[(row + place // 10) % 2]


@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_the_difference_is_found_with_its_interval(effect: float) -> None:
    split, rows = by_arm(masked(effect), _arm, ["masked", "open"])
    first, _second, never = shifts(split, rows["masked"], rows["open"], replicates=400, seed=1)
    assert first.difference.value == pytest.approx(first.first - first.second)
    assert first.difference.low is not None
    assert first.difference.high is not None
    assert first.difference.low < effect < first.difference.high
    assert (first.difference.low > 0) == (effect > 0)
    assert (never.first, never.second, never.difference.value) == (0, 0, 0)


def test_annotators_are_compared_across_arms_alone() -> None:
    ratings = masked(0.0)
    split, rows = by_arm(ratings, _arm, ["masked", "open"])
    between = between_groups(split, rows["masked"], rows["open"])
    # Each unit is masked for one of the two: all pairs are pairs between arms.
    assert between.units == UNITS
    assert all((one is None) != (other is None) for one, other in zip(split.ratings[0], split.ratings[2], strict=True))


def test_sets_count_for_each_member_and_numbers_have_no_shares() -> None:
    sets = VariableRatings("v", "multi", ["A", "B"], [[["a", "b"]], [["b"]]], [1], [1], values=["a", "b"])
    assert [(one.first, one.second) for one in shifts(sets, [0], [1])] == [(1, 0), (1, 1)]
    assert shifts(VariableRatings("v", "number", ["A", "B"], [[1], [2]], [1], [1]), [0], [1]) == []
