"""The same figures from other people's programs, on 200 random tables (with missing ratings, some degenerate).

krippendorff, statsmodels, scikit-learn and nltk are run. irrCAC 0.4.4 (the Python port of Gwet's R package) asks for an
old numpy: `tests/data/irrcac.csv` holds its figures, and `random_tables.py` says how they were made.
"""

import csv
import math
import warnings
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest
from nltk.metrics import agreement as nltk_agreement
from nltk.metrics import binary_distance, jaccard_distance
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from annotator.core import agreement
from annotator.core.agreement.weights import agreement_weights
from tests.core.random_tables import NUMBER, table, values_of, weights_of

IRRCAC = list(csv.DictReader((Path(__file__).parents[1] / "data" / "irrcac.csv").open(encoding="utf-8")))
TABLES = [table(number) for number in range(NUMBER)]
COMPLETE = [ratings[:, ~np.isnan(ratings).any(axis=0)].astype(int) for ratings in TABLES]
VARIED = [ratings for ratings in COMPLETE if len(set(ratings.ravel().tolist())) > 1]
SETS = {number: frozenset("abc"[bit] for bit in range(3) if number >> bit & 1) for number in range(1, 7)}


def weighted_alpha(coded: agreement.Coded, weights: str) -> agreement.Coefficient:
    apart = 1 - agreement_weights(weights, len(coded.labels))
    distance = {f"{a}|{b}": apart[i, j] for i, a in enumerate(coded.labels) for j, b in enumerate(coded.labels)}
    return agreement.krippendorff_alpha(coded, metric="custom", distance=distance)


BY_IRRCAC: dict[str, Callable[..., agreement.Coefficient]] = {
    "krippendorff": weighted_alpha,
    "fleiss": lambda coded, weights: agreement.fleiss_kappa(coded, weights=weights),
    "gwet": lambda coded, weights: agreement.gwet_ac(coded, weights=weights),
    "bp": lambda coded, weights: agreement.brennan_prediger(coded, weights=weights),
    "conger": lambda coded, weights: agreement.conger_kappa(coded, weights=weights),
}


@pytest.mark.parametrize("name", BY_IRRCAC)
def test_figures_and_standard_errors_equal_irrcac(name: str) -> None:
    assert len(IRRCAC) == NUMBER
    for number, (ratings, row) in enumerate(zip(TABLES, IRRCAC, strict=True)):
        found = BY_IRRCAC[name](agreement.encode(ratings, values_of(ratings)), weights_of(number))
        wanted = {part: float(text) if text else None for part, text in row.items()}
        assert found.value == pytest.approx(wanted[name], abs=1e-8), number
        assert found.se == pytest.approx(wanted[f"{name}_se"], abs=1e-8), number


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_equals_the_krippendorff_package(metric: str) -> None:
    for number, ratings in enumerate(TABLES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                wanted = krippendorff.alpha(reliability_data=ratings, level_of_measurement=metric)
            except ValueError:
                wanted = math.nan
        found = agreement.krippendorff_alpha(ratings, metric=metric).value
        assert found == (None if math.isnan(wanted) else pytest.approx(wanted, abs=1e-9)), number


def test_most_tables_have_units_that_all_rated() -> None:
    assert len(VARIED) > 160
    assert {len(ratings) for ratings in VARIED} == {2, 3, 4, 5, 6}


def test_fleiss_equals_statsmodels() -> None:
    for ratings in VARIED:
        counts, _ = inter_rater.aggregate_raters(ratings.T)
        assert agreement.fleiss_kappa(ratings).value == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-9)


def test_cohen_equals_scikit_learn() -> None:
    for number, ratings in enumerate(VARIED):
        values, weights = values_of(ratings), (None, "linear", "quadratic")[number % 3]
        pair = agreement.encode(ratings[[0, -1]], values)
        found = agreement.cohen_kappa_weighted(pair, weights=weights) if weights else agreement.cohen_kappa(pair)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = cohen_kappa_score(*ratings[[0, -1]], labels=values, weights=weights)
        assert found.value == (None if math.isnan(wanted) else pytest.approx(wanted, abs=1e-9)), number


def task(ratings: np.ndarray, distance: Callable[..., float], read: Callable[[int], Any]) -> Any:
    given = zip(*np.nonzero(~np.isnan(ratings)), strict=True)
    data = [(str(rater), str(unit), read(int(ratings[rater, unit]))) for rater, unit in given]
    return nltk_agreement.AnnotationTask(data=data, distance=distance)


@pytest.mark.parametrize(("metric", "distance"), [("nominal", binary_distance), ("jaccard", jaccard_distance)])
def test_alpha_of_sets_equals_nltk(metric: str, distance: Callable[..., float]) -> None:
    for ratings in TABLES:
        sets = [[None if np.isnan(value) else SETS[int(value)] for value in row] for row in ratings]
        found = agreement.krippendorff_alpha(sets, metric=metric).value
        if found is not None:  # where nothing varies nltk says 1
            assert found == pytest.approx(task(ratings, distance, SETS.__getitem__).alpha(), abs=1e-9)


def test_conger_and_the_means_of_pairs_equal_nltk() -> None:
    for ratings in VARIED:
        oracle = task(ratings.astype(float), binary_distance, int)
        assert agreement.conger_kappa(ratings).value == pytest.approx(oracle.multi_kappa(), abs=1e-9)
        assert agreement.percent_agreement(ratings).value == pytest.approx(oracle.avg_Ao(), abs=1e-9)
        coded = agreement.encode(ratings)
        pairs = [coded.of_raters([a, b]) for a, b in combinations(range(len(ratings)), 2)]
        assert np.mean([agreement.bennett_s(pair).value for pair in pairs]) == pytest.approx(oracle.S(), abs=1e-9)
        if len(pairs) == 1:
            assert agreement.scott_pi(ratings).value == pytest.approx(oracle.pi(), abs=1e-9)
