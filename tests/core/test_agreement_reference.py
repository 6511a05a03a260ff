"""Every expected value of the reference collection, one test each."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.core import agreement
from tests.shared import SHARED, needs_shared

FILES = ("coding_published", "coding_simulated", "sets", "spans", "degenerate")
ARGUMENTS = ("metric", "weights", "disagreement_weights", "distance", "label", "alpha", "beta", "delta_empty")
REPLICATES = 20_000
"""Enough that the noise of drawing stays well inside the tolerance, which 1,000 only mostly do."""


def expectations() -> Iterator[Any]:
    for file in FILES:
        path = SHARED / "reference" / "agreement" / f"{file}.json"
        if not path.exists():
            return
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            for number, expected in enumerate(case["expected"]):
                yield pytest.param(case, expected, id=f"{case['id']}-{expected['measure']}-{number}")


def figure(case: dict[str, Any], expected: dict[str, Any]) -> agreement.Coefficient:
    name = expected["measure"].removesuffix("_se").replace("alpha_bootstrap_ci", "krippendorff_alpha")
    arguments = {key: expected[key] for key in ARGUMENTS if key in expected}
    if case["type"] == "spans":
        scale = expected.get("scale", 1)
        spans = [[(start * scale, end * scale, label) for start, end, label in rater] for rater in case["spans"]]
        return getattr(agreement, name)(spans, start=case["start"] * scale, end=case["end"] * scale, **arguments)
    if expected["measure"] == "alpha_bootstrap_ci":
        arguments |= {"replicates": REPLICATES, "seed": 7, "level": expected["level"]}
    return getattr(agreement, name)(case["ratings"], categories=case.get("categories"), **arguments)


def close(found: float, wanted: float, expected: dict[str, Any]) -> bool:
    tolerance = expected.get("tolerance", 0.5 * 10.0 ** -expected["decimals"])
    return abs(found - wanted) <= tolerance * (1 + 1e-9)


@needs_shared
@pytest.mark.parametrize(("case", "expected"), list(expectations()))
def test_a_reference_value_is_reproduced(case: dict[str, Any], expected: dict[str, Any]) -> None:
    found = figure(case, expected)
    if expected["value"] is None:
        assert found.value is None
        assert found.undefined
    elif expected["measure"] == "alpha_bootstrap_ci":
        assert close(found.low, expected["value"][0], expected)
        assert close(found.high, expected["value"][1], expected)
    else:
        value = found.se if expected["measure"].endswith("_se") else found.value
        assert close(value, expected["value"], expected)
        if "value_full" in expected:
            decimals = len(str(expected["value_full"]).partition(".")[2])
            assert value == pytest.approx(expected["value_full"], abs=max(1e-9, 0.51 * 10.0**-decimals))


@needs_shared
def test_the_distances_of_single_pairs_of_sets_are_reproduced() -> None:
    cases = json.loads((SHARED / "reference" / "agreement" / "sets.json").read_text(encoding="utf-8"))["cases"]
    pairs = [pair for case in cases if case["type"] == "set_pairs" for pair in case["pairs"]]
    assert pairs
    for pair in pairs:
        for metric in ("masi", "jaccard"):
            assert agreement.set_distance(pair["a"], pair["b"], metric) == pytest.approx(pair[metric], abs=1e-9)
