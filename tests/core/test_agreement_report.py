"""The report of one variable: which figures, over which units, in which shape."""

import json
from typing import Any

import numpy as np
import pytest

from annotator.core import agreement
from annotator.core.agreement import Resample, VariableRatings, VariableReport, attribution_parts, report_variable
from annotator.core.agreement.report import MOST_PAIRS

NAMES = ["Ada", "Ben", "Cyd"]
KEYS = [
    "key", "label", "kind", "level", "units", "pairable_units", "dropped", "missing", "annotators", "headline",
    "verdict", "measures", "values", "pairs", "pairs_left_out", "resampled", "warnings", "distribution",
]  # fmt: skip


def ratings(kind: str, rows: list[list[Any]], **more: Any) -> VariableRatings:
    units = list(range(len(rows[0])))
    defaults = {"articles": [0] * len(units), "annotators": NAMES[: len(rows)], "units": units}
    return VariableRatings(key="v", kind=kind, ratings=rows, **(defaults | more))


def report(kind: str, rows: list[list[Any]], **more: Any) -> VariableReport:
    return report_variable(ratings(kind, rows, **more), replicates=200, seed=1)


SINGLE = [["a", "b", "b", "a", None], ["a", "b", "a", "a", "b"], ["a", "b", None, "b", None]]


def test_a_single_choice_has_nominal_figures_values_and_pairs() -> None:
    found = report("single", SINGLE, values=["a", "b", "never"], dropped={"boundary mended": 2}, missing={"skipped": 3})
    assert list(found.measures) == [
        "krippendorff_alpha_nominal", "percent_agreement", "percent_agreement_pairable",
        "fleiss_kappa", "gwet_ac", "brennan_prediger",
    ]  # fmt: skip
    assert found.measures["krippendorff_alpha_nominal"] == agreement.krippendorff_alpha(SINGLE, replicates=200, seed=1)
    assert found.measures["gwet_ac"].value == agreement.gwet_ac(SINGLE, categories=["a", "b", "never"]).value
    assert (found.units, found.pairable_units) == (5, 4)
    assert found.dropped == {"boundary mended": 2, "fewer than two ratings": 1}
    assert found.missing == {"skipped": 3}
    assert [(value.key, value.count) for value in found.values] == [("a", 6), ("b", 6), ("never", 0)]
    assert found.values[2].alpha.undefined
    assert [(pair.a, pair.b, pair.units) for pair in found.pairs] == [
        ("Ada", "Ben", 4), ("Ada", "Cyd", 3), ("Ben", "Cyd", 3),
    ]  # fmt: skip
    assert found.pairs[0].measures["cohen_kappa"].value == agreement.cohen_kappa(SINGLE[:2]).value


def test_the_json_keeps_its_keys_in_order_and_shows_what_is_not_defined() -> None:
    shown = report("single", [["a", "a"], ["a", "a"]], values=["a", "b"]).as_dict()
    assert list(shown) == KEYS
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    alpha = shown["measures"]["krippendorff_alpha_nominal"]
    assert list(alpha) == ["value", "low", "high", "undefined", "se", "below_667", "below_800"]
    assert alpha["value"] is None
    assert "no variation" in alpha["undefined"]
    assert shown["verdict"] == "no figure"
    assert list(shown["values"][0])[:3] == ["key", "count", "alpha"]
    assert shown["pairs"][0]["measures"]["cohen_kappa"]["value"] is None


def test_the_chance_to_lie_below_a_mark_is_the_share_of_replicates_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    quantile = np.quantile
    monkeypatch.setattr(np, "quantile", lambda figures, tails: kept.append(figures) or quantile(figures, tails))
    generator = np.random.default_rng(2)
    rows = np.where(generator.random((3, 60)) < 0.9, generator.integers(0, 3, 60), generator.integers(0, 3, (3, 60)))
    measures = report("ordinal", rows.astype(str).tolist(), values=["0", "1", "2"]).measures
    assert len(kept) > len(measures)
    for figure, replicates in zip(measures.values(), kept, strict=False):
        assert figure.replicates == len(replicates) == 200
        assert figure.below_tentative == np.mean(replicates < 0.667)
        assert figure.below_reliable == np.mean(replicates < 0.8)
    assert 0 < measures["krippendorff_alpha_nominal"].below_reliable < 1
    assert measures["gwet_ac"].as_dict()["se"] == measures["gwet_ac"].se > 0
    without = report_variable(ratings("ordinal", rows.astype(str).tolist()), replicates=None).measures
    assert {figure.below_reliable for figure in without.values()} == {None}


def test_the_same_seed_gives_the_same_report() -> None:
    assert report("single", SINGLE).as_dict() == report("single", SINGLE).as_dict()


def test_an_ordinal_scale_counts_by_its_codes_else_its_keys_else_its_ranks() -> None:
    rows = [["low", "mid", "high", "low"], ["low", "high", "high", "mid"]]
    scale = ["low", "mid", "high"]
    found = report("ordinal", rows, values=scale, codes={"low": 0, "mid": 1, "high": 10})
    numbers = [[{"low": 0, "mid": 1, "high": 10}[key] for key in row] for row in rows]
    ranks = [[scale.index(key) for key in row] for row in rows]
    assert found.headline == "krippendorff_alpha_ordinal"
    assert found.measures["krippendorff_alpha_interval"].value == pytest.approx(
        agreement.krippendorff_alpha(numbers, metric="interval").value
    )
    assert report("ordinal", rows, values=scale).measures["krippendorff_alpha_interval"].value == pytest.approx(
        agreement.krippendorff_alpha(ranks, metric="interval").value
    )
    assert found.measures["krippendorff_alpha_ordinal"].value == pytest.approx(
        agreement.krippendorff_alpha(ranks, metric="ordinal").value
    )


def test_keys_that_are_signed_numbers_are_numbers() -> None:
    rows = [["-2", "0", "+2", "0"], ["-1", "0", "+2", "+2"]]
    found = report("ordinal", rows, values=["-2", "-1", "0", "+1", "+2"])
    numbers = [[float(key) for key in row] for row in rows]
    assert found.measures["krippendorff_alpha_interval"].value == pytest.approx(
        agreement.krippendorff_alpha(numbers, metric="interval").value
    )


def test_sets_are_compared_as_sets_and_value_by_value() -> None:
    rows = [[["a"], ["a", "b"], [], ["b"]], [["a"], ["a"], [], ["a", "b"]]]
    found = report("multi", rows, values=["a", "b"])
    assert found.headline == "krippendorff_alpha_masi"
    assert list(found.measures)[:3] == [f"krippendorff_alpha_{name}" for name in ("masi", "jaccard", "nominal")]
    assert [(value.key, value.count) for value in found.values] == [("a", 5), ("b", 3)]
    assert found.values[1].alpha.value == agreement.alpha_label(rows, label="b").value
    assert report("multi", rows, level="jaccard").headline == "krippendorff_alpha_jaccard"


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_numbers_go_by_their_level(level: str) -> None:
    found = report("number", [[1.0, 2.5, 4.0], [1.0, 2.0, 4.5]], level=level)
    assert found.headline == f"krippendorff_alpha_{level}"
    assert found.measures[found.headline].value is not None
    assert found.measures["icc_1"].value == agreement.icc_1([[1.0, 2.5, 4.0], [1.0, 2.0, 4.5]]).value
    assert found.measures["icc_a1"].value == agreement.icc_a1([[1.0, 2.5, 4.0], [1.0, 2.0, 4.5]]).value
    assert found.values == ()


def test_text_has_a_percentage_only_and_says_why() -> None:
    found = report("text", [["yes", "no"], ["yes", "nope"]])
    assert found.measures["percent_agreement"].value == 0.5
    assert "free text" in (found.measures["krippendorff_alpha_nominal"].undefined or "")
    assert found.verdict == "no figure"


def test_a_list_of_values_without_end_is_not_taken_for_a_closed_variable() -> None:
    rows = [[f"{rater}-{unit}" for unit in range(1200)] for rater in range(2)]
    found = report("single", rows)
    assert "different answers" in (found.measures["krippendorff_alpha_nominal"].undefined or "")
    assert found.measures["percent_agreement"].value == 0.0


def span(start: int, end: int, value: str) -> dict[str, object]:
    return {"start": start, "end": end, "quote": "x" * (end - start), "value": value}


def test_spans_have_character_figures_and_figures_of_each_value() -> None:
    rows = [[[span(0, 4, "a")], [], None], [[span(0, 5, "a")], [span(14, 18, "b")], [span(22, 25, "b")]]]
    found = report("span", rows, values=["a", "b"], extents=[(0, 10), (10, 20), (20, 30)])
    assert found.headline == "char_alpha"
    assert list(found.measures) == [
        "char_alpha", "char_alpha_binary", "u_alpha", "u_alpha_binary",
        "span_f1_exact", "span_f1_exact_unlabelled", "span_f1_overlap", "span_f1_overlap_unlabelled",
    ]  # fmt: skip
    spans = [[[(0, 4, "a")], [], None], [[(0, 5, "a")], [(14, 18, "b")], [(22, 25, "b")]]]
    wanted = agreement.u_alpha(spans, extents=[(0, 10), (10, 20), (20, 30)], replicates=200, seed=1)
    assert found.measures["u_alpha"] == wanted
    assert found.pairs[0].measures["u_alpha"].value == wanted.value
    assert found.pairable_units == 2
    assert [(value.key, value.count) for value in found.values] == [("a", 2), ("b", 2)]
    assert found.values[0].alpha.value == 1.0
    assert 0 < found.values[0].char_alpha.value < 1
    assert "char_alpha" in found.as_dict()["values"][0]
    assert found.pairs[0].measures["char_alpha"].value == found.measures["char_alpha"].value


def test_two_spans_of_a_value_in_a_unit_count_twice() -> None:
    rows = [[[span(0, 2, "a"), span(5, 7, "a")]], [[span(0, 2, "a")]]]
    assert [value.count for value in report("span", rows, values=["a"], extents=[(0, 10)]).values] == [3]


def test_units_that_nobody_answered_are_not_counted_as_dropped() -> None:
    found = report("single", [["a", "b", None, "a"], ["a", "b", None, None]])
    assert found.dropped == {"fewer than two ratings": 1}
    assert found.units == 3


def test_spans_without_extents_are_refused() -> None:
    with pytest.raises(ValueError, match="need the extent of each unit"):
        report("span", [[[]], [[]]])


def item(source: str, manner: str, *spans: tuple[str, int, int]) -> dict[str, object]:
    marked = [{"role": role, "start": start, "end": end, "quote": ""} for role, start, end in spans]
    return {"source": source, "manner": manner, "stance": None, "spans": marked}


def test_an_attribution_is_reported_by_part() -> None:
    rows = [
        [[item("rebels", "direct", ("cue", 2, 6)), item("state", "indirect")], [], None],
        [[item("state", "indirect"), item("rebels", "direct", ("cue", 2, 8))], [], []],
    ]
    whole = ratings("attribution", rows, extents=[(0, 10), (10, 20), (20, 30)])
    parts = attribution_parts(whole, sources=["rebels", "state"], manners=["direct", "indirect"], stances=["neutral"])
    assert [part.key for part in parts] == ["v.source", "v.manner", "v.stance", "v.spans"]
    source, manner, stance, spans = (report_variable(part, replicates=50, seed=1) for part in parts)
    assert source.measures["krippendorff_alpha_masi"].value == 1.0
    assert [value.count for value in manner.values] == [2, 2]
    assert stance.measures["krippendorff_alpha_masi"].undefined
    assert [value.key for value in spans.values] == ["source", "cue", "content"]
    assert 0 < spans.measures["char_alpha"].value < 1
    assert {part.pairable_units for part in (source, manner, stance, spans)} == {2}


def test_an_attribution_that_was_not_split_is_refused() -> None:
    with pytest.raises(ValueError, match="'attribution' is no kind"):
        report("attribution", [[[]], [[]]])


@pytest.mark.parametrize(("articles", "resampled"), [(9, "units"), (10, "articles")])
def test_articles_are_resampled_from_ten_on(articles: int, resampled: str) -> None:
    first = ["a", "b"] * 20
    second = ["a", "b", "a", "a"] * 10
    found = report("single", [first, second], articles=[unit % articles for unit in range(40)])
    assert found.resampled == resampled
    other: Resample = "units" if resampled == "articles" else "articles"
    own = ratings("single", [first, second], articles=[unit % articles for unit in range(40)])
    forced = report_variable(own, replicates=200, seed=1, resample=other)
    assert forced.resampled == other
    assert forced.measures["krippendorff_alpha_nominal"].low != found.measures["krippendorff_alpha_nominal"].low
    assert any("resampled" in warning for warning in forced.warnings)


def test_articles_without_a_compared_unit_do_not_count() -> None:
    first = ["a", "b"] * 10
    second = [*first[:9], *[None] * 11]
    assert report("single", [first, second], articles=list(range(20))).resampled == "units"


def test_only_the_pairs_with_most_common_units_are_shown_and_the_rest_is_counted() -> None:
    generator = np.random.default_rng(1)
    rows = [generator.choice(["a", "b"], 6).tolist() for _ in range(16)]
    rows[0][1:] = [None] * 5
    found = report("single", rows, annotators=[f"n{place}" for place in range(16)])
    assert len(found.pairs) == MOST_PAIRS
    assert found.pairs_left_out == 120 - MOST_PAIRS
    assert "n0" not in {pair.a for pair in found.pairs}
    assert any("20 pairs of annotators" in warning for warning in found.warnings)


def test_hundreds_of_annotators_of_twenty_units_each_are_reported_with_few_of_their_pairs() -> None:
    """A coefficient for each two of them would take minutes."""
    generator = np.random.default_rng(1)
    annotators, units = 888, 888 * 20 // 5
    answers = np.full((annotators, units), None)
    for unit in range(units):
        answers[(unit * 5 + np.arange(5)) % annotators, unit] = generator.choice(["a", "a", "b", "c"], 5)
    names = [f"n{number}" for number in range(annotators)]
    whole = ratings("single", answers.tolist(), annotators=names, articles=list(range(units)))
    found = report_variable(whole, replicates=20, seed=1)
    assert found.units == found.pairable_units == units
    assert found.measures["krippendorff_alpha_nominal"].replicates == 20
    assert (len(found.pairs), found.pairs_left_out) == (MOST_PAIRS, 888 * 4 - MOST_PAIRS)
    assert f"{found.pairs_left_out} pairs of annotators with fewer common units are not shown." in found.warnings


def test_few_units_and_an_interval_without_width_are_warned_of() -> None:
    found = report("single", [["a", "b", "a", "b"] * 2, ["a", "b", "a", "b"] * 2])
    assert any("Only 8 units" in warning and "too few" in warning for warning in found.warnings)
    assert any("no width" in warning for warning in found.warnings)
    assert found.verdict == "not yet"


def test_nearly_complete_agreement_with_an_alpha_of_nothing_is_explained() -> None:
    rows = [["yes"] * 500, ["yes"] * 499 + ["no"]]
    found = report("single", rows, values=["yes", "no"])
    assert found.measures["percent_agreement"].value == 0.998
    assert found.measures["krippendorff_alpha_nominal"].value == pytest.approx(0.0, abs=1e-9)
    said = [warning for warning in found.warnings if "variation" in warning]
    assert said == ["Hardly any variation: 999 of 1000 answers are “yes”, so alpha says little about these annotators."]


def test_values_that_hardly_vary_are_named() -> None:
    usual = [["a"], ["b"], ["a", "b"]] * 40
    rows = [[*usual, ["a", "rare"], ["b"]], [*usual, ["a"], ["b", "rare"]]]
    found = report("multi", rows, values=["a", "b", "rare", "never"])
    assert [value.key for value in found.values if value.alpha.value is not None and value.alpha.value < 0.667] == [
        "rare"
    ]
    assert [warning for warning in found.warnings if "variation" in warning] == [
        "Hardly any variation in “rare” (2 of 244 answers): alpha of a value rests on few answers there."
    ]
    assert not [warning for warning in report("multi", [usual, usual]).warnings if "variation" in warning]


@pytest.mark.parametrize(
    ("units", "said"), [(9, "too few to call"), (10, "mind the interval"), (29, "mind the interval"), (30, None)]
)
def test_few_units_are_said_to_be_few(units: int, said: str | None) -> None:
    found = report("single", [(["a", "b", "a"] * 20)[:units]] * 2)
    few = [warning for warning in found.warnings if warning.startswith("Only")]
    assert len(few) == (said is not None)
    assert all(str(said) in warning for warning in few)


def test_ratings_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="1 ratings for 2 annotators"):
        report("single", [["a"]], annotators=["Ada", "Ben"])
    with pytest.raises(ValueError, match="one entry an annotator for each unit"):
        report("single", [["a", "b"], ["a"]])


def test_each_annotators_answers_are_counted_by_value() -> None:
    rows = [[["x", "y"], [], ["x"]], [["y"], None, ["x"]]]
    found = report("multi", rows, values=["x", "y", "never"]).distribution
    assert [(own.annotator, own.units, dict(own.values)) for own in found] == [
        ("Ada", 3, {"x": 2, "y": 1, "never": 0}),
        ("Ben", 2, {"x": 1, "y": 1, "never": 0}),
    ]
    assert report("number", [[1, 2], [1, 3]]).distribution == ()
