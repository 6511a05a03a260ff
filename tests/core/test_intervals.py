"""Bootstrap intervals: repeatable, right in the limit, by unit or by article."""

import numpy as np
import pytest

from annotator.core import agreement
from annotator.core.agreement import resample
from annotator.core.agreement.coefficient import Coefficient, verdict
from annotator.core.agreement.patterns import by_rater
from annotator.core.agreement.resample import Rows, estimate, rows


def coded(units: int, seed: int = 5) -> np.ndarray:
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 3, units)
    return np.array([np.where(generator.random(units) < 0.8, truth, generator.integers(0, 3, units)) for _ in range(3)])


@pytest.mark.parametrize("units", [12, 5000])
def test_the_same_seed_gives_the_same_interval_and_another_seed_another(units: int) -> None:
    ratings = coded(units)
    first, again, other = (agreement.krippendorff_alpha(ratings, replicates=300, seed=seed) for seed in (1, 1, 2))
    assert (first.low, first.high) == (again.low, again.high)
    assert (first.low, first.high) != (other.low, other.high)
    assert first.low < first.value < first.high


def test_drawing_patterns_equals_drawing_units_one_by_one() -> None:
    ratings = coded(80)
    generator = np.random.default_rng(11)
    figures = [
        agreement.krippendorff_alpha(ratings[:, generator.integers(0, 80, 80)], metric="ordinal").value
        for _ in range(1500)
    ]
    found = agreement.krippendorff_alpha(ratings, metric="ordinal", replicates=20_000, seed=4)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(figures, [0.025, 0.975])), abs=0.02)


def test_articles_are_drawn_whole() -> None:
    ratings = np.repeat(coded(20), 10, axis=1)
    articles = np.repeat(np.arange(20), 10).tolist()
    by_unit = agreement.krippendorff_alpha(ratings, replicates=2000, seed=1)
    by_article = agreement.krippendorff_alpha(ratings, replicates=2000, seed=1, groups=articles)
    assert by_article.value == by_unit.value
    assert by_article.high - by_article.low > 2 * (by_unit.high - by_unit.low)


def test_articles_of_one_unit_each_give_the_interval_of_units() -> None:
    ratings = coded(200)
    by_unit = agreement.fleiss_kappa(ratings, replicates=20_000, seed=1)
    by_article = agreement.fleiss_kappa(ratings, replicates=20_000, seed=1, groups=list(range(200)))
    assert (by_article.low, by_article.high) == pytest.approx((by_unit.low, by_unit.high), abs=0.01)


def test_a_group_for_each_unit_is_asked_for() -> None:
    with pytest.raises(ValueError, match="2 groups for 12 units"):
        agreement.krippendorff_alpha(coded(12), replicates=10, groups=["a", "b"])


def test_rows_of_groups_add_up_to_the_rows_of_units() -> None:
    columns = np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    patterns = by_rater(np.array([[0, 1, 1, 2, 0]]))
    grouped = rows(columns, patterns, np.array([0, 0, 1, 1, 1]))
    assert grouped.sums.tolist() == [[11.0, 22.0], [111.0, 222.0]]
    assert grouped.total().tolist() == rows(columns, patterns).total().tolist()


def test_articles_are_summed_and_drawn_the_same_in_small_and_in_large_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings, articles = coded(120), np.arange(120) // 4
    whole = agreement.krippendorff_alpha(ratings, replicates=70, seed=3, groups=articles)
    monkeypatch.setattr(resample, "CELLS", 300)
    monkeypatch.setattr(resample, "CACHED_CELLS", 100)
    resample._kept_counts.cache_clear()
    found = agreement.krippendorff_alpha(ratings, replicates=70, seed=3, groups=[f"a{number}" for number in articles])
    resample._kept_counts.cache_clear()
    assert (found.value, found.low, found.high) == pytest.approx((whole.value, whole.low, whole.high), abs=1e-12)


def test_another_number_of_articles_or_replicates_is_drawn_anew() -> None:
    kept = [resample._kept_counts(*what) for what in ((5, 10, 1), (5, 10, 2), (5, 12, 1), (6, 10, 1), (5, 10, 1))]
    assert [counts.shape for counts in kept] == [(10, 5), (10, 5), (12, 5), (10, 6), (10, 5)]
    assert all((counts.sum(axis=1) == counts.shape[1]).all() for counts in kept)
    assert (kept[0] == kept[4]).all()
    assert (kept[0] != kept[1]).any()


def test_there_is_no_interval_from_one_unit_nor_without_replicates() -> None:
    assert agreement.krippendorff_alpha([[1], [2]], replicates=100, seed=1).low is None
    assert agreement.krippendorff_alpha([[1, 2], [1, 2]]).low is None


def test_there_is_no_interval_when_most_replicates_are_not_defined() -> None:
    def defined_in_a_third(sums: np.ndarray) -> np.ndarray:
        return np.where(np.arange(len(sums)) % 3 == 0, sums[:, 0], np.nan)

    drawn = Rows(np.ones((4, 1)), np.ones(4, dtype=np.int64))
    found = estimate(drawn, defined_in_a_third, units=4, undefined="", resampling={"replicates": 90, "seed": 1})
    assert (found.value, found.low, found.high, found.below_reliable, found.replicates) == (4.0, None, None, None, 30)


def test_replicates_that_are_not_defined_are_left_out_and_counted() -> None:
    found = agreement.krippendorff_alpha([[1] * 9 + [2] * 2, [1] * 10 + [2]], replicates=500, seed=1)
    assert 250 < found.replicates < 500
    assert found.low is not None


@pytest.mark.parametrize(
    ("low", "said"),
    [(0.8, "reliable"), (0.799, "tentative"), (0.667, "tentative"), (0.666, "not yet"), (None, "no figure")],
)
def test_the_verdict_goes_by_the_lower_end(low: float | None, said: str) -> None:
    assert verdict(Coefficient(value=0.95, units=50, low=low, high=1.0)) == said


@pytest.mark.parametrize(("units", "said"), [(9, "not yet"), (10, "reliable")])
def test_nothing_is_reliable_on_fewer_than_ten_units(units: int, said: str) -> None:
    assert verdict(Coefficient(value=0.95, units=units, low=0.9, high=1.0)) == said


@pytest.mark.parametrize(("units", "said"), [(29, "not yet"), (30, "tentative"), (5000, "tentative")])
def test_an_interval_without_width_is_never_reliable(units: int, said: str) -> None:
    ratings = [["a", "b"] * 2500] * 2
    found = agreement.krippendorff_alpha([row[:units] for row in ratings], replicates=200, seed=1)
    assert (found.low, found.high) == (1.0, 1.0)
    assert verdict(found) == said


def test_rounding_makes_no_width() -> None:
    assert verdict(Coefficient(value=0.9, units=50, low=0.9 - 1e-12, high=0.9)) == "tentative"
    assert verdict(Coefficient(value=0.5, units=50, low=0.5, high=0.5)) == "not yet"


def test_what_is_not_defined_has_no_verdict() -> None:
    assert verdict(agreement.krippendorff_alpha([[1, 1], [1, 1]])) == "no figure"
