"""Two hundred tables of ratings drawn from fixed seeds, for comparison with other programs.

`PYTHONPATH=. python tests/core/random_tables.py` in an environment of its own, with irrCAC, prints what
`tests/data/irrcac.csv` holds.
"""

from typing import Any

import numpy as np

NUMBER = 200
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
FIGURES = ("krippendorff", "fleiss", "gwet", "bp", "conger")


def table(number: int) -> np.ndarray:
    """Ratings (raters, units) from 1 to at most 6, NaN where missing; each tenth table is degenerate."""
    random = np.random.default_rng(number)
    raters, values, units = random.integers(2, 7), random.integers(2, 7), random.integers(4, 41)
    truth, noise = random.integers(1, values + 1, units), random.integers(1, values + 1, (raters, units))
    ratings = np.where(random.random((raters, units)) < random.uniform(0.2, 0.95), truth, noise).astype(float)
    ratings[random.random((raters, units)) < random.choice([0, 0.1, 0.4])] = np.nan
    return DEGENERATE[number // 10 % len(DEGENERATE)](ratings) if number % 10 == 9 else ratings


def _all_equal(ratings: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(ratings), np.nan, 1.0)


def _no_disagreement(ratings: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(ratings), np.nan, np.arange(ratings.shape[1]) % 3 + 1.0)


def _hardly_any_variation(ratings: np.ndarray) -> np.ndarray:
    found = np.ones_like(ratings)
    found[0, 0] = 2
    return found


def _one_common_unit(ratings: np.ndarray) -> np.ndarray:
    found = np.full_like(ratings, np.nan)
    found[0], found[1, 0] = 1 + np.arange(ratings.shape[1]) % 2, 1
    return found


def _one_rater_alone(ratings: np.ndarray) -> np.ndarray:
    found = np.full_like(ratings, np.nan)
    found[0] = 1 + np.arange(ratings.shape[1]) % 2
    return found


DEGENERATE = (_all_equal, _no_disagreement, _hardly_any_variation, _one_common_unit, _one_rater_alone)


def values_of(ratings: np.ndarray) -> list[int]:
    """The codebook: all whole numbers up to the highest that was given."""
    return list(range(1, int(np.nanmax(ratings)) + 1))


def weights_of(number: int) -> str:
    """The weights that a table is compared under, in turn."""
    return WEIGHTS[number % len(WEIGHTS)]


def by_irrcac(number: int) -> list[Any]:
    """Value and standard error of each of FIGURES; empty where irrCAC gives none."""
    import pandas
    from irrCAC.raw import CAC

    ratings = table(number)
    ratings = ratings[~np.isnan(ratings).all(axis=1)]  # irrCAC divides by the number of a rater's ratings
    found: list[Any] = []
    for figure in FIGURES:
        try:
            program = CAC(
                pandas.DataFrame(ratings.T), weights=weights_of(number), categories=values_of(ratings), digits=9
            )
            estimate = getattr(program, figure)()["est"]
            pair = [estimate["coefficient_value"], estimate["se"]]
        except (ArithmeticError, ValueError, IndexError):
            pair = [np.nan, np.nan]
        found += ["" if np.isnan(value) else round(float(value), 9) for value in pair]
    return found


if __name__ == "__main__":
    print("table", *(f"{figure},{figure}_se" for figure in FIGURES), sep=",")  # noqa: T201
    for number in range(NUMBER):
        print(number, *by_irrcac(number), sep=",")  # noqa: T201
