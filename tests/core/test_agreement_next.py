"""What to do next: merged values, what pulls alpha down, and how many units more."""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import agreement
from annotator.core.agreement import Coefficient, VariableRatings, collapse, pull, report_variable, units_needed
from annotator.core.agreement.confusion import confusion

Rows = list[list[Any]]
SCALE = ["-2", "-1", "0", "1", "2"]
TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.sampled_from([*SCALE, None]), min_size=8, max_size=8), min_size=raters, max_size=raters
    )
)


def ratings(kind: str, rows: Rows, **more: Any) -> VariableRatings:
    units = list(range(len(rows[0])))
    names = [f"n{place}" for place in range(len(rows))]
    return VariableRatings("v", kind, names, rows, units, [0] * len(units), **more)


def span(start: int, end: int, value: str) -> dict[str, object]:
    return {"start": start, "end": end, "quote": "", "value": value}


@settings(max_examples=30, deadline=None)
@given(rows=TABLES)
def test_a_collapse_has_the_figures_of_ratings_that_were_merged_by_hand(rows: Rows) -> None:
    merges = {"-2": "-1", "1": "0", "2": "0"}
    merged = collapse(ratings("ordinal", rows, values=SCALE), merges)
    by_hand = [[None if answer is None else merges.get(answer, answer) for answer in row] for row in rows]
    wanted = agreement.krippendorff_alpha(by_hand, categories=["-1", "0"], replicates=50, seed=1)
    found = report_variable(merged, replicates=50, seed=1).measures["krippendorff_alpha_nominal"]
    assert found == wanted


def test_an_ordinal_collapse_keeps_order_and_codes() -> None:
    whole = ratings("ordinal", [["-2", "1"], ["0", "2"]], values=SCALE, codes=dict(zip(SCALE, range(5), strict=True)))
    merged = collapse(whole, {"2": "1", "-1": "-2"})
    assert merged.values == ["-2", "0", "1"]
    assert merged.codes == {"-2": 0, "0": 2, "1": 3}
    assert merged.ratings == [["-2", "1"], ["0", "1"]]
    assert whole.values == SCALE


def test_sets_and_spans_are_merged_inside() -> None:
    sets = collapse(ratings("multi", [[["a", "b"], []], [["b"], None]], values=["a", "b"]), {"b": "a"})
    assert sets.ratings == [[["a"], []], [["a"], None]]
    spans = ratings("span", [[[span(0, 4, "a")]], [[span(0, 4, "b")]]], values=["a", "b"], extents=[(0, 9)])
    assert report_variable(collapse(spans, {"b": "a"})).measures["char_alpha"].value == 1.0


@pytest.mark.parametrize(
    ("kind", "merges", "said"),
    [
        ("single", {"a": "x"}, "'x' is not one of the values"),
        ("single", {"x": "a"}, "'x' is not one of the values"),
        ("single", {"a": "b", "b": "c"}, "'b' is merged away"),
        ("text", {"a": "b"}, "no values to merge"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(kind: str, merges: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        collapse(ratings(kind, [["a"], ["b"]], values=["a", "b", "c"]), merges)


@settings(max_examples=30, deadline=None)
@given(rows=TABLES)
def test_who_was_taken_for_whom_is_counted_pair_by_pair(rows: Rows) -> None:
    pairs = [(a, b) for first, second in combinations(rows, 2) for a, b in zip(first, second, strict=True)]
    assert confusion(rows) == Counter(pair for pair in pairs if None not in pair)


def slow_pull(rows: Rows, places: dict[str, float]) -> dict[tuple[str, str], float]:
    """Shares of pairs as far apart as their places, or 1 apart where the places are equal."""
    found: dict[tuple[str, str], float] = {}
    for unit in zip(*rows, strict=True):
        given = [answer for answer in unit if answer is not None]
        for a, b in combinations(sorted(given, key=SCALE.index), 2):
            found[a, b] = found.get((a, b), 0) + ((places[a] - places[b]) ** 2 or float(a != b)) / (len(given) - 1)
    whole = sum(found.values())
    return {pair: share / whole for pair, share in found.items() if share}


@settings(max_examples=30, deadline=None)
@given(rows=TABLES)
def test_the_disagreement_falls_on_the_pairs_that_were_counted_one_by_one(rows: Rows) -> None:
    for kind, metric in (("single", "nominal"), ("ordinal", "ordinal")):
        found = pull(ratings(kind, rows, values=SCALE))
        alpha = agreement.krippendorff_alpha(rows, metric=metric, categories=SCALE).value
        assert (found is None) == (alpha is None)
        if found is None or alpha == 1:
            assert found is None or not found.pairs
            continue
        assert found.alpha == pytest.approx(alpha, abs=1e-9)
        totals = [
            sum(row[unit] == value for row in rows for unit in range(8) if sum(r[unit] is not None for r in rows) > 1)
            for value in SCALE
        ]
        ranks = dict(zip(SCALE, np.cumsum(totals) - np.array(totals) / 2, strict=True))
        wanted = slow_pull(rows, dict.fromkeys(SCALE, 0) if metric == "nominal" else ranks)
        assert {(pair.a, pair.b): pair.share for pair in found.pairs} == pytest.approx(wanted)
        assert [pair.share for pair in found.pairs] == pytest.approx(sorted(wanted.values(), reverse=True))
        for value in found.values:
            assert value.share == pytest.approx(sum(share for pair, share in wanted.items() if value.key in pair))
            assert value.alpha == pytest.approx(1 - (1 - value.share) * (1 - alpha))


def test_without_its_heaviest_pair_nothing_pulls_alpha_down() -> None:
    found = pull(ratings("single", [["a", "a", "b", "c", "c"], ["a", "b", "b", "c", "c"]], values=["a", "b", "c"]))
    assert [(pair.a, pair.b, pair.share, pair.alpha) for pair in found.pairs] == [("a", "b", 1.0, 1.0)]
    assert [(value.key, value.share) for value in found.values] == [("a", 1.0), ("b", 1.0)]


def test_of_sets_a_value_bears_the_pairs_that_differ_in_it() -> None:
    rows = [[["a"], ["a", "b"], [], ["b"]], [["a"], ["a"], [], ["a", "b"]]]
    found = pull(ratings("multi", rows, values=["a", "b", "c"]))
    assert found.alpha == pytest.approx(agreement.krippendorff_alpha(rows, metric="masi").value)
    assert {frozenset((pair.a, pair.b)) for pair in found.pairs} == {
        frozenset((frozenset("a"), frozenset("ab"))), frozenset((frozenset("b"), frozenset("ab"))),
    }  # fmt: skip
    assert [(value.key, value.share) for value in found.values] == [("a", 0.5), ("b", 0.5)]


def test_of_spans_disagreement_is_counted_by_the_character() -> None:
    rows = [[[span(0, 4, "a"), span(6, 8, "b")], []], [[span(0, 5, "a"), span(6, 8, "a")], None]]
    found = pull(ratings("span", rows, values=["a", "b"], extents=[(0, 10), (10, 20)]))
    shares = {(*pair.a, "|", *pair.b): pair.share for pair in found.pairs}
    assert shares == pytest.approx({("|", "a"): 1 / 3, ("a", "|", "b"): 2 / 3})
    spans = [[[(0, 4, "a"), (6, 8, "b")], []], [[(0, 5, "a"), (6, 8, "a")], None]]
    assert found.alpha == pytest.approx(agreement.char_alpha(spans, extents=[(0, 10), (10, 20)]).value)


@pytest.mark.parametrize("rows", [[[None, None], [None, None]], [[], []], [["a", None], [None, "b"]]])
def test_without_two_answers_to_a_unit_nothing_pulls(rows: Rows) -> None:
    assert pull(ratings("single", rows, values=["a", "b"])) is None
    sets = [[None if answer is None else [answer] for answer in row] for row in rows]
    assert pull(ratings("multi", sets, values=["a", "b"])) is None
    assert pull(ratings("multi", sets)) is None
    marks = [[None if answer is None else [span(0, 4, answer)] for answer in row] for row in rows]
    assert pull(ratings("span", marks, values=["a", "b"], extents=[(0, 9)] * len(rows[0]))) is None
    assert agreement.units_needed_of(report_variable(ratings("multi", sets)))[0].reliable is None


def test_numbers_and_ratings_that_do_not_vary_have_no_pull() -> None:
    assert pull(ratings("number", [[1.0, 2.0], [1.0, 3.0]])) is None
    assert pull(ratings("single", [["a", "a"], ["a", "a"]], values=["a", "b"])) is None


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [
        (Coefficient(value=0.9, low=0.7, units=50), 200),
        (Coefficient(value=0.9, low=0.85, units=50), 50),
        (Coefficient(value=0.9, low=0.85, units=5), 10),
        (Coefficient(value=1.0, low=1.0, high=1.0, units=5), 30),
        (Coefficient(value=0.8, low=0.7, units=50), None),
        (Coefficient(value=0.9, units=50), None),
        (Coefficient(value=None, units=0, undefined="nothing"), None),
    ],
)
def test_units_needed(figure: Coefficient, wanted: int | None) -> None:
    assert units_needed(figure, 0.8) == wanted


def test_so_many_units_like_these_bring_the_lower_end_to_the_mark() -> None:
    generator = np.random.default_rng(3)
    truth = generator.choice(["a", "b", "c"], 150)
    other = np.where(generator.random(150) < 0.16, generator.choice(["a", "b", "c"], 150), truth)
    rows = [truth.tolist(), other.tolist()]
    few = report_variable(ratings("single", rows, values=["a", "b", "c"]), replicates=4000, seed=1)
    whole, *values = agreement.units_needed_of(few)
    assert (whole.key, whole.now) == (None, 150)
    assert [value.key for value in values] == ["a", "b", "c"]
    times = round(whole.reliable / 150)
    assert times > 1
    more = agreement.krippendorff_alpha([row * times for row in rows], replicates=4000, seed=1)
    assert more.low == pytest.approx(0.8, abs=0.01)


def test_the_fewest_units_of_a_plan_are_those_of_the_printed_table() -> None:
    assert agreement.fewest_units(1 / 4, 0.667) == 81
    assert agreement.fewest_units(1 / 4, 0.8) == 139
    with pytest.raises(ValueError, match="between 0 and 1"):
        agreement.fewest_units(0, 0.8)


def test_without_an_answer_nothing_pulls() -> None:
    empty = VariableRatings("v", "multi", ["A", "B"], [[None], [None]], [1], [1], values=["a"])
    assert pull(empty) is None
