"""The three codings of the seed article give the published figures of the science reference."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.core import agreement
from tests.shared import SHARED, needs_shared

SCIENCE = SHARED / "reference" / "science"
METRICS = {
    "alpha_nominal": "nominal",
    "alpha_ordinal": "ordinal",
    "alpha_interval": "interval",
    "alpha_set_nominal": "nominal",
    "alpha_set_jaccard": "jaccard",
    "alpha_set_masi": "masi",
    "nltk_masi": "masi",
}
ANNOTATIONS = json.loads((SCIENCE / "seed_annotations.json").read_text("utf-8")) if SCIENCE.exists() else {}
EXPECTED = json.loads((SCIENCE / "seed_agreement_expected.json").read_text("utf-8")) if SCIENCE.exists() else {}
EXTENTS = [(unit["start"], unit["end"]) for unit in ANNOTATIONS.get("sentences", [])]
CODERS = [coder["coder"] for coder in ANNOTATIONS.get("coders", [])]

pytestmark = needs_shared


def answers(variable: str) -> list[list[Any]]:
    return [[sentence["values"].get(variable) for sentence in coder["sentences"]] for coder in ANNOTATIONS["coders"]]


def spans(variable: str) -> agreement.SpanRatings:
    triples = [
        [[(span["start"], span["end"], span["value"]) for span in own] for own in row] for row in answers(variable)
    ]
    return agreement.span_ratings(triples, extents=EXTENTS)


def variables(*kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, expected in EXPECTED.get("variables", {}).items():
        if expected["type"] in kinds:
            yield key, expected


def agrees(found: agreement.Coefficient, value: float | None) -> None:
    if value is None:
        assert found.value is None
        assert found.undefined
    else:
        assert found.value == pytest.approx(value, abs=1e-6)


def figures() -> Iterator[Any]:
    for key, expected in variables("single", "multi", "ordinal"):
        for name in METRICS.keys() & expected.keys():
            yield pytest.param(key, METRICS[name], expected[name], id=f"{key}-{name}")


@pytest.mark.parametrize(("variable", "metric", "value"), sorted(figures(), key=lambda case: str(case.id)))
def test_alpha_of_a_variable(variable: str, metric: str, value: float | None) -> None:
    ratings = answers(variable)
    if metric == "interval":
        ratings = [[None if answer is None else float(answer) for answer in row] for row in ratings]
    order = ["-2", "-1", "0", "+1", "+2"] if metric == "ordinal" else None
    agrees(agreement.krippendorff_alpha(ratings, metric=metric, categories=order), value)


@pytest.mark.parametrize(("variable", "expected"), list(variables("single", "ordinal")))
def test_percentage_of_a_variable(variable: str, expected: dict[str, Any]) -> None:
    found = agreement.percent_agreement(answers(variable))
    agrees(found, expected["pairwise_agreement"])
    assert found.units == expected["units_with_2plus"]


@pytest.mark.parametrize(("variable", "expected"), list(variables("single")))
def test_kappa_of_each_pair(variable: str, expected: dict[str, Any]) -> None:
    found = agreement.cohen_kappa_pairs(answers(variable))
    for (a, b), kappa in found.items():
        wanted = expected["cohen_kappa"][f"{CODERS[a]}|{CODERS[b]}"]
        assert kappa.units == wanted["n"]
        agrees(kappa, wanted["kappa"])


@pytest.mark.parametrize(("variable", "expected"), list(variables("multi")))
def test_presence_of_each_value(variable: str, expected: dict[str, Any]) -> None:
    for value, wanted in expected["alpha_per_option"].items():
        agrees(agreement.alpha_label(answers(variable), label=value), wanted["alpha"])


@pytest.mark.parametrize(("variable", "expected"), list(variables("multi")))
def test_the_report_counts_each_value_as_often_as_it_was_chosen(variable: str, expected: dict[str, Any]) -> None:
    found = agreement.report_variable(
        agreement.VariableRatings(
            key=variable,
            kind="multi",
            annotators=CODERS,
            ratings=answers(variable),
            units=range(len(EXTENTS)),
            articles=["seed"] * len(EXTENTS),
            values=list(expected["alpha_per_option"]),
        ),
        replicates=None,
    )
    assert found.pairable_units == expected["units_with_2plus"]
    assert {value.key: value.count for value in found.values} == {
        key: wanted["chosen"] for key, wanted in expected["alpha_per_option"].items()
    }
    agrees(found.measures["krippendorff_alpha_masi"], expected["alpha_set_masi"])


@pytest.mark.parametrize(("variable", "expected"), list(variables("span")))
def test_characters_of_a_span_variable(variable: str, expected: dict[str, Any]) -> None:
    ratings = spans(variable)
    assert sum(end - start for start, end in ratings.extents) == expected["characters"]
    agrees(agreement.char_alpha_binary(ratings), expected["alpha_char_marked"])
    if "alpha_char_label" in expected:
        agrees(agreement.char_alpha(ratings), expected["alpha_char_label"])
    for role, value in expected.get("alpha_char_per_role", {}).items():
        agrees(agreement.char_alpha(ratings, label=role), value)


@pytest.mark.parametrize(("variable", "expected"), list(variables("span")))
def test_f1_of_each_pair(variable: str, expected: dict[str, Any]) -> None:
    ratings = spans(variable)
    for names, wanted in expected["pairwise"].items():
        rows = tuple(ratings.marked[CODERS.index(name)] for name in names.split("|"))
        pair = agreement.SpanRatings(rows, ratings.extents)
        agrees(agreement.span_f1_exact(pair), wanted["exact_and_label_f1"])
        agrees(agreement.span_f1_exact_unlabelled(pair), wanted["exact_boundaries_f1"])
        agrees(agreement.span_f1_overlap_unlabelled(pair), wanted["any_overlap_f1"])


@pytest.mark.parametrize(("variable", "expected"), list(variables("span")))
def test_presence_of_a_span_in_the_sentence(variable: str, expected: dict[str, Any]) -> None:
    present = [[[span["value"] for span in own] for own in row] for row in answers(variable)]
    for value, alpha in expected["sentence_has_span"].items():
        agrees(agreement.alpha_label(present, label=value), alpha)
