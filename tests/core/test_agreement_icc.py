"""Intraclass correlations against published values and the mean squares of an analysis of variance."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import agreement

SHROUT_FLEISS = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
"""Four judges of six targets, Shrout & Fleiss (1979), table 2."""
BOTH = [agreement.icc_1, agreement.icc_a1]


@st.composite
def tables(draw: st.DrawFn, missing: bool) -> list[list[float | None]]:
    entry = st.sampled_from([1.0, 2.0, 4.0, 4.5, 7.0, *([None, None] if missing else [])])
    raters, units = draw(st.integers(2, 4)), draw(st.integers(2, 8))
    return draw(st.lists(st.lists(entry, min_size=units, max_size=units), min_size=raters, max_size=raters))


def test_the_published_values() -> None:
    assert agreement.icc_1(SHROUT_FLEISS).value == pytest.approx(0.17, abs=0.005)
    assert agreement.icc_a1(SHROUT_FLEISS).value == pytest.approx(0.29, abs=0.005)


def left_over(values: np.ndarray, *factors: np.ndarray) -> float:
    """Sum of squares that a linear model of the factors leaves, by least squares."""
    dummies = [np.ones((len(values), 1)), *(np.equal.outer(factor, np.unique(factor)) for factor in factors)]
    design = np.hstack(dummies).astype(float)
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(((values - fitted) ** 2).sum())


def same(found: agreement.Coefficient, part: float, whole: float) -> None:
    if whole < 1e-9:
        assert found.value is None
        assert "no variation" in (found.undefined or "")
    else:
        assert found.value == pytest.approx(part / whole, abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(rows=tables(missing=True))
def test_icc_1_is_that_of_a_one_way_analysis_of_variance(rows: list[list[float | None]]) -> None:
    columns = [column for column in zip(*rows, strict=True) if sum(value is not None for value in column) > 1]
    found = agreement.icc_1(rows)
    if len(columns) < 2:
        assert found.value is None
        return
    cells = [(unit, value) for unit, column in enumerate(columns) for value in column if value is not None]
    unit, values = np.array([unit for unit, _ in cells]), np.array([value for _, value in cells])
    n, total, sizes = len(columns), len(cells), np.bincount(unit)
    within = left_over(values, unit)
    units, error = (left_over(values) - within) / (n - 1), within / (total - n)
    k = (total - (sizes**2).sum() / total) / (n - 1)
    same(found, units - error, units + (k - 1) * error)


@settings(max_examples=60, deadline=None)
@given(rows=tables(missing=False))
def test_icc_a1_is_that_of_a_two_way_analysis_of_variance(rows: list[list[float | None]]) -> None:
    k, n = np.shape(rows)
    values, unit, rater = np.ravel(rows), np.tile(np.arange(n), k), np.repeat(np.arange(k), n)
    whole, neither = left_over(values), left_over(values, unit, rater)
    units, by = (whole - left_over(values, unit)) / (n - 1), (whole - left_over(values, rater)) / (k - 1)
    error = neither / ((n - 1) * (k - 1))
    same(agreement.icc_a1(rows), units - error, units + (k - 1) * error + k / n * (by - error))


@pytest.mark.parametrize("icc", BOTH)
@settings(max_examples=40, deadline=None)
@given(rows=tables(missing=True))
def test_order_a_shift_a_scale_and_an_empty_rater_change_nothing(icc: Any, rows: list[list[float | None]]) -> None:
    first = icc(rows)
    moved = [[None if value is None else 1e6 - 3 * value for value in reversed(row)] for row in reversed(rows)]
    again = icc([*moved, [None] * len(rows[0])])
    assert (first.value is None) == (again.value is None)
    assert first.value is None or again.value == pytest.approx(first.value, abs=1e-6)
    assert (again.units, again.dropped) == (first.units, first.dropped)


def test_a_rater_who_is_always_stricter_lowers_both() -> None:
    truth = list(range(10))
    for icc in BOTH:
        assert icc([truth, truth]).value == pytest.approx(1.0)
        assert icc([truth, [value + 3 for value in truth]]).value < 0.8


@pytest.mark.parametrize("icc", BOTH)
def test_a_replicate_without_variance_is_not_defined_whatever_the_rounding(icc: Any) -> None:
    """Four of five units are all .1: replicates of these alone are left out, as they are for alpha."""
    rows = [[0.1, 0.1, 0.1, 0.1, other] for other in (0.64, 0.27, 0.04)]
    found = icc(rows, replicates=400, seed=1)
    assert found.replicates == agreement.krippendorff_alpha(rows, metric="interval", replicates=400, seed=1).replicates
    assert 200 < found.replicates < 350


def test_icc_1_takes_units_of_two_and_icc_a1_only_those_of_all() -> None:
    rows = [[1, 5, 3, None, 2], [2, 5, 3, 4, 2], [1, 4, None, None, 3]]
    one, all_of_them = agreement.icc_1(rows), agreement.icc_a1(rows)
    assert (one.units, one.dropped) == (4, {"fewer than two ratings": 1})
    assert (all_of_them.units, all_of_them.dropped) == (3, {"not rated by every rater": 2})
    complete = [[row[unit] for unit in (0, 1, 4)] for row in rows]
    assert all_of_them.value == agreement.icc_a1(complete).value


@pytest.mark.parametrize("icc", BOTH)
def test_why_it_is_not_defined(icc: Any) -> None:
    assert "no variation" in icc([[3, 3, 3], [3, 3, 3]]).undefined
    assert "only one unit" in icc([[3, None], [4, None]]).undefined
    assert "no unit has two" in icc([[3, 4]]).undefined
    assert "no ratings" in icc([[None], [None]]).undefined
    assert agreement.icc_a1([[1, None], [None, 2]]).undefined == "no unit was rated by every rater"
    with pytest.raises(ValueError, match="is not a number"):
        icc([["a", "b"], ["a", "b"]])


@pytest.mark.parametrize("icc", BOTH)
def test_its_interval_is_that_of_drawing_units_one_by_one(icc: Any) -> None:
    generator = np.random.default_rng(3)
    truth = generator.normal(0, 2, 40)
    table = truth + generator.normal(0, 1, (3, 40)).round(1)
    found = icc(table, replicates=4000, seed=1)
    drawn = [icc(table[:, generator.integers(0, 40, 40)]).value for _ in range(1500)]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.03)
    articles = icc(table, replicates=500, seed=1, groups=[unit // 5 for unit in range(40)])
    assert articles.value == pytest.approx(found.value)
    assert (articles.low, articles.high) != (found.low, found.high)
