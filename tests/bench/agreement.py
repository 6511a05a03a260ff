"""Alpha and its bootstrap interval against the `krippendorff` package."""

import krippendorff
import numpy as np

from annotator.core.agreement import krippendorff_alpha
from tests.bench.timing import Race

UNITS, RATERS, VALUES = 20_000, 3, 5
REPLICATES, BY_REFERENCE = 1_000, 3


def races() -> list[Race]:
    random = np.random.default_rng(7)
    truth = random.integers(VALUES, size=UNITS)
    noise = random.integers(VALUES, size=(RATERS, UNITS))
    ratings = np.where(random.random((RATERS, UNITS)) < 0.75, truth, noise).astype(float)
    ratings[random.random((RATERS, UNITS)) < 0.05] = np.nan

    def reference_resampled() -> None:
        for _ in range(BY_REFERENCE):
            drawn = random.integers(UNITS, size=UNITS)
            krippendorff.alpha(reliability_data=ratings[:, drawn], level_of_measurement="ordinal")

    return [
        Race(
            "Ordinal alpha",
            "units",
            UNITS,
            lambda: krippendorff_alpha(ratings, metric="ordinal"),
            lambda: krippendorff.alpha(reliability_data=ratings, level_of_measurement="ordinal"),
            "the krippendorff package",
        ),
        Race(
            "Bootstrap of ordinal alpha",
            "replicates",
            REPLICATES,
            lambda: krippendorff_alpha(ratings, metric="ordinal", replicates=REPLICATES, seed=1),
            reference_resampled,
            "the krippendorff package, replicate by replicate",
            BY_REFERENCE,
        ),
    ]
