"""What must hold of every coefficient whatever the ratings are."""

import math
import warnings
from collections.abc import Callable
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats import inter_rater

from annotator.core import agreement
from annotator.core.agreement.distance import distance_matrix
from annotator.core.agreement.patterns import by_count, by_rater

VALUES = [0, 1, 2, 3]
Rows = list[list[int | None]]


@st.composite
def tables(draw: st.DrawFn, raters: tuple[int, int] = (2, 5), missing: bool = True) -> Rows:
    entry = st.sampled_from([*VALUES, None] if missing else VALUES)
    number, units = draw(st.integers(*raters)), draw(st.integers(1, 12))
    return draw(st.lists(st.lists(entry, min_size=units, max_size=units), min_size=number, max_size=number))


MANY_RATERS: dict[str, Callable[..., agreement.Coefficient]] = {
    "percent_agreement": agreement.percent_agreement,
    "percent_agreement_pairable": agreement.percent_agreement_pairable,
    "krippendorff_alpha": agreement.krippendorff_alpha,
    "ordinal alpha": lambda rows, **more: agreement.krippendorff_alpha(rows, metric="ordinal", **more),
    "interval alpha": lambda rows, **more: agreement.krippendorff_alpha(rows, metric="interval", **more),
    "fleiss_kappa": agreement.fleiss_kappa,
    "gwet_ac": agreement.gwet_ac,
    "brennan_prediger": agreement.brennan_prediger,
    "conger_kappa": agreement.conger_kappa,
    "light_kappa": agreement.light_kappa,
}


MORE: dict[str, Callable[..., agreement.Coefficient]] = {
    "AC2": lambda rows, **more: agreement.gwet_ac(rows, weights="ordinal", **more),
    "icc_1": agreement.icc_1,
    "icc_a1": agreement.icc_a1,
}


def same(first: agreement.Coefficient, second: agreement.Coefficient) -> bool:
    if first.value is None or second.value is None:
        return first.value is None and second.value is None
    return math.isclose(first.value, second.value, abs_tol=1e-9)


@pytest.mark.parametrize("name", MANY_RATERS)
@settings(max_examples=40, deadline=None)
@given(rows=tables(), seed=st.randoms(use_true_random=False))
def test_the_order_of_raters_and_units_does_not_matter(name: str, rows: Rows, seed: object) -> None:
    order = list(range(len(rows[0])))
    seed.shuffle(order)
    shuffled = [[row[unit] for unit in order] for row in reversed(rows)]
    assert same(MANY_RATERS[name](rows, categories=VALUES), MANY_RATERS[name](shuffled, categories=VALUES))


@pytest.mark.parametrize("name", [name for name in MANY_RATERS if "alpha" not in name or name == "krippendorff_alpha"])
@settings(max_examples=40, deadline=None)
@given(rows=tables(), renamed=st.permutations(["d", "c", "b", "a"]))
def test_the_names_of_nominal_values_do_not_matter(name: str, rows: Rows, renamed: list[str]) -> None:
    other = [[None if value is None else renamed[value] for value in row] for row in rows]
    assert same(MANY_RATERS[name](rows, categories=VALUES), MANY_RATERS[name](other, categories=renamed))


@pytest.mark.parametrize("name", MANY_RATERS)
@settings(max_examples=40, deadline=None)
@given(rows=tables())
def test_a_figure_is_never_nan_and_never_above_one(name: str, rows: Rows) -> None:
    found = MANY_RATERS[name](rows, categories=VALUES, replicates=20, seed=1)
    if found.value is None:
        assert found.undefined
        assert found.low is None
        assert found.high is None
    else:
        assert found.undefined is None
        assert found.value <= 1 + 1e-9
        assert not math.isnan(found.value)
        assert found.low is None or found.low <= found.high


@pytest.mark.parametrize("name", [*MANY_RATERS, *MORE])
@settings(max_examples=20, deadline=None)
@given(rows=tables())
def test_an_unrated_unit_and_an_empty_rater_change_nothing(name: str, rows: Rows) -> None:
    measure = (MANY_RATERS | MORE)[name]
    found = measure(rows, replicates=20, seed=1)
    more = measure([[*row[:1], None, *row[1:]] for row in [*rows, [None] * len(rows[0])]], replicates=20, seed=1)
    for part in ("value", "se", "low", "high", "replicates", "units", "undefined"):
        assert getattr(more, part) == pytest.approx(getattr(found, part), abs=1e-9), part


@settings(max_examples=30, deadline=None)
@given(rows=tables(missing=False))
def test_alpha_is_fleiss_corrected_for_the_number_of_ratings(rows: Rows) -> None:
    """Krippendorff (2004, Human Communication Research 30): 1 - alpha = (1 - kappa) (N - 1) / N with N ratings."""
    alpha, fleiss = agreement.krippendorff_alpha(rows).value, agreement.fleiss_kappa(rows).value
    assert (alpha is None) == (fleiss is None)
    if alpha is not None:
        ratings = len(rows) * len(rows[0])
        assert 1 - alpha == pytest.approx((1 - fleiss) * (ratings - 1) / ratings)


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic", "ordinal"])
@settings(max_examples=20, deadline=None)
@given(rows=tables())
def test_ac2_of_two_values_is_ac1_whatever_the_weights(weights: str, rows: Rows) -> None:
    two = [[None if value is None else value % 2 for value in row] for row in rows]
    first, second = (agreement.gwet_ac(two, weights=name, categories=[0, 1]) for name in ("identity", weights))
    assert same(first, second)
    assert (first.se is None) == (second.se is None)
    assert first.se is None or first.se == pytest.approx(second.se, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(rows=tables())
def test_ac1_is_counted_pair_by_pair(rows: Rows) -> None:
    """Gwet (2008): chance is 1/(q - 1) sum_k p_k (1 - p_k) with p_k the mean share of a value over the rated units."""
    found = agreement.gwet_ac(rows, categories=VALUES)
    units = [[value for value in unit if value is not None] for unit in zip(*rows, strict=True)]
    pairs = [[a == b for a, b in combinations(unit, 2)] for unit in units if len(unit) > 1]
    assert (found.value is None) == (not pairs)
    if pairs:
        agreeing = np.mean([np.mean(unit) for unit in pairs])
        shares = [np.mean([unit.count(value) / len(unit) for unit in units if unit]) for value in VALUES]
        chance = sum(share * (1 - share) for share in shares) / (len(VALUES) - 1)
        assert found.value == pytest.approx((agreeing - chance) / (1 - chance))


@settings(max_examples=30, deadline=None)
@given(rows=tables(raters=(2, 2)))
def test_scott_and_bennett_are_fleiss_and_brennan_of_the_units_that_both_rated(rows: Rows) -> None:
    shared = [pair for pair in zip(*rows, strict=True) if None not in pair]
    both = [[pair[rater] for pair in shared] for rater in range(2)]
    for two, many in ((agreement.scott_pi, agreement.fleiss_kappa), (agreement.bennett_s, agreement.brennan_prediger)):
        first, second = two(rows, categories=VALUES), many(both, categories=VALUES)
        assert same(first, second)
        assert first.value is None or first.se == second.se


@settings(max_examples=40, deadline=None)
@given(rows=tables())
def test_an_array_with_nan_is_read_like_lists_with_none(rows: Rows) -> None:
    array = np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)
    assert agreement.krippendorff_alpha(array) == agreement.krippendorff_alpha(rows)


@pytest.mark.parametrize(
    "numbers", [[-3, 0, 2], [0.5, 1.5, 7], [-10_000, 10_000, 0], [70_000, -3, 2], [2020, 2024, 2050], [1e300, 0, 1]]
)
def test_an_array_of_any_numbers_has_them_for_labels_in_their_order(numbers: list[float]) -> None:
    rows = [[*numbers, None, numbers[0]], [numbers[1], None, *numbers]]
    array = np.array(rows, dtype=float)
    found, wanted = agreement.encode(array), agreement.encode(rows)
    assert found.labels == wanted.labels == tuple(sorted(numbers))
    assert (found.codes == wanted.codes).all()
    assert agreement.encode(array, categories=[*numbers, 99]).labels == (*numbers, 99)
    if all(isinstance(number, int) for number in numbers):
        whole = agreement.encode(np.array([numbers, numbers]))
        assert [type(label) for label in whole.labels] == [int, int, int]


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
@settings(max_examples=60, deadline=None)
@given(rows=tables())
def test_alpha_equals_the_krippendorff_package(metric: str, rows: Rows) -> None:
    found = agreement.krippendorff_alpha(rows, metric=metric)
    assume(found.value is not None)
    array = np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = krippendorff.alpha(reliability_data=array, level_of_measurement=metric)
    assert found.value == pytest.approx(wanted, abs=1e-9)


def test_a_slider_of_a_hundred_values_has_the_ordinal_alpha_of_the_krippendorff_package() -> None:
    generator = np.random.default_rng(8)
    truth = generator.integers(0, 101, 400)
    array = np.clip(truth + generator.integers(-20, 21, (3, 400)), 0, 100).astype(float)
    array[generator.random(array.shape) < 0.2] = np.nan
    found = agreement.krippendorff_alpha(array, metric="ordinal", replicates=500, seed=1)
    wanted = krippendorff.alpha(reliability_data=array, level_of_measurement="ordinal")
    assert found.value == pytest.approx(wanted, abs=1e-9)
    assert found.low < found.value < found.high


def test_ranks_of_the_whole_sample_give_nearly_the_interval_of_ranks_drawn_anew(monkeypatch: Any) -> None:
    generator = np.random.default_rng(8)
    truth = generator.integers(0, 20, 300)
    array = np.clip(truth + generator.integers(-6, 7, (3, 300)), 0, 19).astype(float)
    anew = agreement.krippendorff_alpha(array, metric="ordinal", replicates=4000, seed=1)
    monkeypatch.setattr("annotator.core.agreement.distance.MOST_RANKS", 5)
    kept = agreement.krippendorff_alpha(array, metric="ordinal", replicates=4000, seed=1)
    assert kept.value == pytest.approx(anew.value, abs=1e-9)
    assert (kept.low, kept.high) == pytest.approx((anew.low, anew.high), abs=0.005)


@settings(max_examples=40, deadline=None)
@given(rows=tables(missing=False))
def test_fleiss_equals_statsmodels(rows: Rows) -> None:
    found = agreement.fleiss_kappa(rows)
    assume(found.value is not None)
    table, _ = inter_rater.aggregate_raters(np.array(rows).T)
    assert found.value == pytest.approx(inter_rater.fleiss_kappa(table), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(rows=tables(raters=(2, 2), missing=False), weights=st.sampled_from([None, "linear", "quadratic"]))
def test_cohen_and_its_error_equal_statsmodels(rows: Rows, weights: str | None) -> None:
    plain = weights is None
    found = (
        agreement.cohen_kappa(rows, categories=VALUES)
        if plain
        else agreement.cohen_kappa_weighted(rows, weights=weights, categories=VALUES)
    )
    assume(found.value is not None)
    table = np.zeros((len(VALUES), len(VALUES)))
    np.add.at(table, (rows[0], rows[1]), 1)
    with np.errstate(all="ignore"):
        wanted = inter_rater.cohens_kappa(table, wt=weights)
    assert found.value == pytest.approx(wanted.kappa, abs=1e-9)
    assert found.se == pytest.approx(math.sqrt(max(wanted.var_kappa, 0)), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(rows=tables(raters=(2, 2)))
def test_conger_and_light_are_cohen_for_two_raters(rows: Rows) -> None:
    shared = [pair for pair in zip(*rows, strict=True) if None not in pair]
    both = [[pair[rater] for pair in shared] for rater in range(2)]
    cohen = agreement.cohen_kappa(both, categories=VALUES)
    assert same(cohen, agreement.conger_kappa(both, categories=VALUES))
    assert same(cohen, agreement.light_kappa(rows, categories=VALUES))


@pytest.mark.parametrize("metric", ["masi", "jaccard", "dice"])
@given(sets=st.lists(st.frozensets(st.sampled_from("abcd")), min_size=1, max_size=8))
def test_the_matrix_of_distances_holds_the_distance_of_each_pair(metric: str, sets: list[frozenset[str]]) -> None:
    matrix = distance_matrix(metric, sets)
    for row, a in enumerate(sets):
        for column, b in enumerate(sets):
            assert matrix[row, column] == pytest.approx(agreement.set_distance(a, b, metric), abs=1e-12)


@given(rows=tables())
def test_patterns_give_every_unit_back(rows: Rows) -> None:
    codes = agreement.encode(rows, VALUES).codes
    kept = by_rater(codes)
    assert (codes == kept.slots[kept.of_unit].T).all()
    counted = by_count(kept)
    assert (counted.counts(len(VALUES))[counted.of_unit] == [[(c == v).sum() for v in VALUES] for c in codes.T]).all()
    assert len({tuple(slots) for slots in counted.slots.tolist()}) == len(counted.slots)


def test_patterns_stay_exact_where_one_key_would_overflow() -> None:
    codes = np.full((40, 63), 62)
    codes[0] = np.arange(63)
    kept = by_rater(codes)
    assert len(kept.slots) == 63
    assert (codes == kept.slots[kept.of_unit].T).all()


def test_percent_agreement_is_the_share_of_equal_pairs_with_hundreds_of_different_texts() -> None:
    texts = [[f"{rater} says {unit // (rater + 1)}" for unit in range(300)] for rater in range(3)]
    texts[1][:30] = texts[0][:30]
    found = agreement.percent_agreement(texts)
    assert found.value == pytest.approx(30 / 3 / 300)


@settings(max_examples=30, deadline=None)
@given(rows=tables(raters=(3, 4)))
def test_light_is_the_mean_of_the_pairs(rows: Rows) -> None:
    pairs = agreement.cohen_kappa_pairs(rows, categories=VALUES)
    assert pairs.keys() == set(combinations(range(len(rows)), 2))
    defined = [kappa.value for kappa in pairs.values() if kappa.value is not None]
    found = agreement.light_kappa(rows, categories=VALUES)
    assert (found.value is None) == (not defined)
    if defined:
        assert found.value == pytest.approx(np.mean(defined), abs=1e-9)


@pytest.mark.parametrize("value", [0.1, 0.3, 1.1, 2.7, 1e6 + 0.1])
@pytest.mark.parametrize("units", [3, 7, 1001])
def test_equal_numbers_do_not_vary_by_rounding(value: float, units: int) -> None:
    rows = [[value] * units + [value + 0.7], [value] * units + [None]]
    assert "no variation" in (agreement.krippendorff_alpha(rows, metric="interval").undefined or "")


@pytest.mark.parametrize("units", [3, 69_357, 999_950])
def test_equal_ranks_do_not_vary_by_rounding(units: int) -> None:
    rows = np.full((3, units), 2.0)
    found = agreement.krippendorff_alpha(rows, metric="ordinal", categories=[1, 2, 3])
    assert "no variation" in (found.undefined or "")


def test_a_rater_who_rated_nothing_does_not_change_conger() -> None:
    rows = [["a", "b", "b", "a"], ["a", "b", "a", "a"], ["b", "b", "b", "a"]]
    found = agreement.conger_kappa([*rows, [None] * 4])
    assert found.value is not None
    assert found == agreement.conger_kappa(rows)


def test_an_unknown_value_and_ragged_raters_are_refused() -> None:
    with pytest.raises(ValueError, match="'c' is not one of the categories"):
        agreement.krippendorff_alpha([["a", "c"], ["a", "b"]], categories=["a", "b"])
    with pytest.raises(ValueError, match="Rater 2 has 1 entries, rater 1 has 2"):
        agreement.krippendorff_alpha([["a", "b"], ["a"]])
    with pytest.raises(ValueError, match="is not a number"):
        agreement.krippendorff_alpha([["a", "b"], ["a", "b"]], metric="interval")
    with pytest.raises(ValueError, match="this coefficient compares two"):
        agreement.cohen_kappa([["a"], ["b"], ["a"]])


def test_two_empty_sets_agree_and_an_empty_set_is_not_missing() -> None:
    found = agreement.krippendorff_alpha([[[], ["a"], None], [[], ["a"], []]], metric="masi")
    assert found.value == 1.0
    assert found.units == 2
    assert found.dropped == {"fewer than two ratings": 1}
