"""Two real data sets, with figures made by two other programs."""

import csv
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from annotator.core import agreement
from tests.shared import SHARED, needs_shared

DATA = SHARED / "reference" / "science" / "data"
EXPECTED = json.loads((DATA / "expected_agreement.json").read_text("utf-8")) if DATA.exists() else {}
SEVERITY = ["1", "0", "-1", "-2", "-3"]
Cell = tuple[str, str]

pytestmark = needs_shared


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name / f"{name}_long.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(cells: dict[Cell, Any]) -> list[list[Any]]:
    """Cells (rater, item) as one row a rater, one column an item."""
    raters = sorted({rater for rater, _ in cells})
    items = sorted({item for _, item in cells})
    return [[cells.get((rater, item)) for item in items] for rater in raters]


def answers(name: str, variable: str, read: Callable[[str], Any] = str) -> list[list[Any]]:
    return table(
        {
            (row["annotator"], row["item_id"]): read(row["value"])
            for row in rows(name)
            if row["variable"] == variable and row.get("occasion", "1") == "1"
        }
    )


def check(ratings: list[list[Any]], expected: dict[str, Any]) -> None:
    percent = agreement.percent_agreement(ratings)
    pairable = agreement.percent_agreement_pairable(ratings)
    assert percent.units == expected["units_with_2plus"]
    assert percent.value == pytest.approx(expected["mean_unit_pairwise_agreement"], abs=1e-6)
    assert pairable.value == pytest.approx(expected["observed_agreement_alpha_weighting"], abs=1e-6)
    for metric, value in expected["alpha"].items():
        found = ratings if metric == "nominal" else [[None if v is None else float(v) for v in row] for row in ratings]
        assert agreement.krippendorff_alpha(found, metric=metric).value == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("question", EXPECTED.get("narrative_frames", {}))
def test_narrative_frames(question: str) -> None:
    check(answers("narrative_frames", question), EXPECTED["narrative_frames"][question])


def test_a_question_answered_alike_by_nearly_all_is_warned_of() -> None:
    ratings = answers("narrative_frames", "re1")
    units = list(range(len(ratings[0])))
    found = agreement.report_variable(
        agreement.VariableRatings(
            key="re1",
            kind="single",
            annotators=["a", "b", "c", "d"],
            ratings=ratings,
            units=units,
            articles=units,
            values=["yes", "no"],
        ),
        replicates=100,
        seed=1,
    )
    assert found.measures["krippendorff_alpha_nominal"].value == pytest.approx(0.0, abs=1e-9)
    assert any("971 of 972 answers are “yes”" in warning for warning in found.warnings)


def test_severity() -> None:
    check(answers("convabuse_ratings", "severity"), EXPECTED["convabuse_ratings"]["severity (first occasion)"])


def test_severity_with_three_degrees_of_abuse_merged_before_anything_changes() -> None:
    severity = answers("convabuse_ratings", "severity")
    units = list(range(len(severity[0])))
    names = [f"n{number}" for number in range(len(severity))]
    whole = agreement.VariableRatings("s", "ordinal", names, severity, units, units, values=SEVERITY)
    merged = agreement.collapse(whole, {"-3": "-1", "-2": "-1", "0": "1"})
    found = agreement.report_variable(merged, replicates=200, seed=1).measures["krippendorff_alpha_nominal"]
    assert found.value == pytest.approx(0.652337, abs=1e-6)
    assert found.low < 0.652337 < found.high


def test_abusive_or_not() -> None:
    abusive = answers("convabuse_ratings", "severity", lambda value: "yes" if int(value) < 0 else "no")
    check(abusive, EXPECTED["convabuse_ratings"]["abusive = severity<0 (first occasion)"])


def test_a_conditional_question() -> None:
    name = "direction (only where the coder rated the item abusive)"
    check(answers("convabuse_ratings", "direction"), EXPECTED["convabuse_ratings"][name])


@pytest.mark.parametrize("metric", ["nominal", "jaccard", "masi"])
def test_a_conditional_set(metric: str) -> None:
    expected = EXPECTED["convabuse_ratings"]["type (set-valued, conditional, empty = {none})"]
    ratings = answers("convabuse_ratings", "type", lambda value: value.split("|") if value else [])
    assert sum(entry is not None for row in ratings for entry in row) == expected["judgements"]
    found = agreement.krippendorff_alpha(ratings, metric=metric)
    assert found.value == pytest.approx(expected["alpha"][metric], abs=1e-6)


@pytest.mark.parametrize(
    "annotator", EXPECTED.get("convabuse_ratings", {}).get("severity intra-coder, occasion 1 against 2", {})
)
def test_a_coder_against_his_own_second_look(annotator: str) -> None:
    expected = EXPECTED["convabuse_ratings"]["severity intra-coder, occasion 1 against 2"][annotator]
    looks = table(
        {
            (row["occasion"], row["item_id"]): row["value"]
            for row in rows("convabuse_ratings")
            if row["annotator"] == annotator and row["variable"] == "severity" and row["occasion"] in ("1", "2")
        }
    )
    kappa = agreement.cohen_kappa(looks)
    assert kappa.units == expected["pairs"]
    assert kappa.value == pytest.approx(expected["cohen_kappa"], abs=1e-6)
    assert agreement.percent_agreement(looks).value == pytest.approx(expected["agreement"], abs=1e-6)
    for metric in ("nominal", "ordinal"):
        found = agreement.krippendorff_alpha(looks, metric=metric, categories=SEVERITY)
        assert found.value == pytest.approx(expected[f"alpha_{metric}"], abs=1e-6)
