"""Time taken as a share of one call of the `krippendorff` package: nominal alpha of the same ratings."""

from collections.abc import Callable, Iterator
from statistics import median

import krippendorff
import numpy as np
import numpy.typing as npt

from annotator.core import agreement as ours
from tests.bench.timing import ROUNDS, seconds

RATERS, VALUES, REPLICATES = 3, 5, 1_000
SPANS, MANY = 20_000, 1_000_000

Ratings = npt.NDArray[np.float64]


def lines() -> Iterator[str]:
    for units in (1_000_000, 100_000):
        ratings = table(units)
        yield share(f"Alpha with 1,000 replicates, 3 x {units:,}", lambda r=ratings: resampled(r), ratings)
    yield share("All coefficients, all pairs, 3 x 100,000", lambda: every_coefficient(ratings), ratings)
    yield times_faster(table(10_000))
    spans, end = continua()
    took = median(seconds(lambda: unitising(spans, end)) for _ in range(ROUNDS))
    yield f"Unitising family, {SPANS:,} spans: {took:.2f} s"


def table(units: int) -> Ratings:
    random = np.random.default_rng(7)
    truth = random.integers(VALUES, size=units)
    noise = random.integers(VALUES, size=(RATERS, units))
    ratings = np.where(random.random((RATERS, units)) < 0.75, truth, noise).astype(float)
    ratings[random.random((RATERS, units)) < 0.05] = np.nan
    return ratings


def share(title: str, work: Callable[[], object], ratings: Ratings) -> str:
    """Take turns, so that a slow moment of the machine meets both; compare the medians."""
    turns = ROUNDS if ratings.size > MANY else 3 * ROUNDS
    rounds = [(seconds(work), seconds(lambda: reference(ratings))) for _ in range(turns)]
    took, one_call = (median(column) for column in zip(*rounds, strict=True))
    return f"{title}: {took / one_call:.3f} of one call of the krippendorff package ({1000 * took:.1f} ms)"


def times_faster(ratings: Ratings) -> str:
    """The package has no bootstrap of its own, so it is called on drawn units; one call of it stands for each."""
    random, units = np.random.default_rng(1), ratings.shape[1]
    rounds = [
        (
            seconds(lambda: resampled(ratings)) / REPLICATES,
            seconds(lambda: reference(ratings[:, random.integers(units, size=units)])),
        )
        for _ in range(3 * ROUNDS)
    ]
    took, one_call = (median(column) for column in zip(*rounds, strict=True))
    return (
        f"Replicates, 3 x {units:,}: {one_call / took:,.0f} times as fast as calling the krippendorff package on each"
    )


def resampled(ratings: Ratings) -> None:
    ours.krippendorff_alpha(ratings, replicates=REPLICATES, seed=1)


def reference(ratings: Ratings) -> None:
    krippendorff.alpha(reliability_data=ratings, level_of_measurement="nominal")


def every_coefficient(ratings: Ratings) -> None:
    """All point values: of the variable, of each value, and of each pair of raters."""
    coded = ours.encode(ratings)
    for metric in ("nominal", "ordinal", "interval", "ratio"):
        ours.krippendorff_alpha(coded, metric=metric)
    for plain in (ours.percent_agreement, ours.percent_agreement_pairable, ours.light_kappa, ours.icc_1, ours.icc_a1):
        plain(coded)
    for corrected in (ours.fleiss_kappa, ours.gwet_ac, ours.brennan_prediger, ours.conger_kappa):
        corrected(coded)
    ours.gwet_ac(coded, weights="ordinal")
    for label in coded.labels:
        ours.alpha_label(coded, label=label)
    for first in range(RATERS):
        for second in range(first):
            pair = coded.of_raters([first, second])
            for measure in (ours.cohen_kappa, ours.scott_pi, ours.bennett_s, ours.percent_agreement):
                measure(pair)
            for weights in ("linear", "quadratic"):
                ours.cohen_kappa_weighted(pair, weights=weights)


def continua() -> tuple[list[list[tuple[int, int, str]]], int]:
    """Spans of two raters on one continuum; most boundaries of the second are moved a little."""
    random = np.random.default_rng(7)
    starts = np.arange(SPANS // 2) * 40 + random.integers(5, 15, SPANS // 2)
    ends = starts + random.integers(3, 15, SPANS // 2)
    labels = random.choice(list("abc"), SPANS // 2).tolist()
    moved = random.integers(-2, 3, (2, SPANS // 2))
    first = list(zip(starts.tolist(), ends.tolist(), labels, strict=True))
    second = list(zip((starts + moved[0]).tolist(), (ends + 2 + moved[1]).tolist(), labels, strict=True))
    return [first, second], SPANS // 2 * 40


def unitising(spans: list[list[tuple[int, int, str]]], end: int) -> None:
    ratings = ours.span_ratings(spans, start=0, end=end)
    for measure in (ours.u_alpha, ours.u_alpha_binary, ours.cu_alpha, ours.cu_coverage):
        measure(ratings)
    for label in "abc":
        ours.u_alpha(ratings, label=label)
        ours.ku_alpha(ratings, label=label)
