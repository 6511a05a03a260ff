"""Agreement by parts: against the same figures made the long way round."""

import random
from collections import Counter
from dataclasses import replace
from time import perf_counter

import pytest

from annotator.core.agreement import Coefficient, VariableRatings, cohen_kappa, report_variable, set_distance
from annotator.core.agreement.between import between_groups
from annotator.core.agreement.breakdown import MOST_PARTS, against_rest, by_unit, part_of, taken


def table(seed: int, raters: int = 4, units: int = 60, kind: str = "single", missing: float = 0.2) -> VariableRatings:
    draw = random.Random(seed)
    truth = [draw.choice("abc") for _ in range(units)]

    def answer(value: str) -> object:
        if draw.random() < missing:
            return None
        said = value if draw.random() < 0.7 else draw.choice("abc")
        return [said, *draw.choices("abc", k=draw.randint(0, 1))] if kind == "multi" else said

    return VariableRatings(
        key="v",
        kind=kind,
        annotators=[f"r{n}" for n in range(raters)],
        ratings=[[answer(value) for value in truth] for _ in range(raters)],
        units=list(range(units)),
        articles=[unit // 5 for unit in range(units)],
        values=["a", "b", "c"],
    )


def headline(ratings: VariableRatings) -> Coefficient:
    found = report_variable(ratings, replicates=None)
    return found.measures[found.headline]


@pytest.mark.parametrize("kind", ["single", "ordinal", "multi"])
def test_a_part_has_the_figures_of_a_report_on_it_alone(kind: str) -> None:
    whole = table(1, kind=kind)
    groups = [("even", "odd", None)[unit % 3] for unit in whole.units]
    found = by_unit(whole, groups, replicates=200, seed=3)
    assert [part.key for part in found.parts] == ["even", "odd"]
    for part in found.parts:
        alone = taken(whole, [place for place, group in enumerate(groups) if group == part.key])
        report = report_variable(alone, replicates=200, seed=3)
        assert part.figure == report.measures[report.headline]
        assert part.percent == report.measures["percent_agreement"]
        assert part.units == report.pairable_units
    assert found.unplaced == sum(
        group is None and any(row[place] is not None for row in whole.ratings) for place, group in enumerate(groups)
    )


def test_spans_are_parted_too_and_have_no_percentage() -> None:
    rows = [[[{"start": 0, "end": 4, "value": "x"}], []], [[{"start": 0, "end": 3, "value": "x"}], None]]
    whole = VariableRatings("s", "span", ["A", "B"], rows, [1, 2], ["p", "p"], extents=[(0, 9), (9, 20)])
    (part,) = by_unit(taken(whole, [0]), ["only"], replicates=None).parts
    assert part.figure.value == headline(whole).value
    assert part.percent is None


def test_the_largest_parts_are_kept_and_the_others_counted() -> None:
    whole = table(2, units=2 * MOST_PARTS + 30, missing=0)
    groups = [f"g{min(place // 2, MOST_PARTS + 10)}" for place in range(len(whole.units))]
    found = by_unit(whole, groups, replicates=None)
    assert (len(found.parts), found.left_out) == (MOST_PARTS, len(set(groups)) - MOST_PARTS)
    assert "g60" in {part.key for part in found.parts}


def test_a_part_without_variation_is_not_defined_and_says_why() -> None:
    whole = VariableRatings("v", "single", ["A", "B"], [["a", "a"], ["a", "a"]], [1, 2], [1, 1])
    (part,) = by_unit(whole, ["x", "x"]).parts
    assert part.figure.value is None
    assert "no variation" in (part.figure.undefined or "")


def test_each_annotator_against_the_rest_is_what_the_rest_gives_without_him() -> None:
    whole = table(4)
    found, left_out = against_rest(whole, replicates=None)
    assert left_out == 0
    for row, own in enumerate(found):
        others = [other for other in range(4) if other != row]
        assert own.without.value == headline(taken(whole, rows=others)).value
        same = compared = ties = 0
        for place, answer in enumerate(whole.ratings[row]):
            said = Counter(whole.ratings[o][place] for o in others if whole.ratings[o][place] is not None)
            if answer is None or not said:
                continue
            most = [value for value, n in said.items() if n == max(said.values())]
            ties += len(most) > 1
            compared += len(most) == 1
            same += most == [answer]
        assert own.majority is not None
        assert own.majority.value == pytest.approx(same / compared)
        assert (own.majority.units, own.ties) == (compared, ties)


def test_a_majority_of_sets_is_the_one_counted_value_by_value() -> None:
    whole = table(6, raters=5, kind="multi")
    for row, own in enumerate(against_rest(whole, replicates=None)[0]):
        same = compared = ties = 0
        for place, answer in enumerate(whole.ratings[row]):
            others = [set(r[place]) for o, r in enumerate(whole.ratings) if o != row and r[place] is not None]
            if answer is None or not others:
                continue
            votes = {value: sum(value in other for other in others) for value in "abc"}
            tie = any(2 * n == len(others) for n in votes.values())
            ties += tie
            compared += not tie
            same += not tie and set(answer) == {value for value, n in votes.items() if 2 * n > len(others)}
        assert (own.majority.value, own.majority.units, own.ties) == (pytest.approx(same / compared), compared, ties)


def test_of_sets_each_value_is_voted_on() -> None:
    rows = [[["a"], ["a", "b"]], [["a", "b"], ["a"]], [["b", "a"], ["b"]], [["a", "b"], ["c", "b"]]]
    whole = VariableRatings("v", "multi", list("ABCD"), rows, [1, 2], [1, 1], values=["a", "b", "c"])
    first = against_rest(whole, replicates=None)[0][0]
    # Of the others all gave a and b on the first unit, and two of three b alone on the second.
    assert first.majority is not None
    assert (first.majority.value, first.ties) == (0.0, 0)


def test_two_annotators_leave_nobody_to_compare_with() -> None:
    found, _ = against_rest(table(5, raters=2), replicates=None)
    assert {own.without.undefined for own in found} == {"there is nobody else to compare with"}


def test_numbers_have_no_majority() -> None:
    whole = VariableRatings("n", "number", list("ABC"), [[1, 2], [1, 3], [2, 2]], [1, 2], [1, 1], level="interval")
    assert [own.majority for own in against_rest(whole, replicates=None)[0]] == [None] * 3


@pytest.mark.parametrize("seed", range(5))
def test_between_two_annotators_it_is_cohens_kappa(seed: int) -> None:
    whole = table(seed, raters=2)
    kappa = cohen_kappa(whole.ratings, categories=whole.values)
    assert between_groups(whole, [0], [1]).value == pytest.approx(kappa.value)


@pytest.mark.parametrize(("kind", "level"), [("single", ""), ("multi", "masi"), ("multi", "jaccard")])
def test_between_groups_against_a_loop_over_all_pairs(kind: str, level: str) -> None:
    whole = replace(table(8, raters=5, kind=kind), level=level)
    first, second = [0, 1], [2, 3, 4]

    def apart(a: object, b: object) -> float:
        return set_distance(a, b, level) if isinstance(a, list) and isinstance(b, list) else float(a != b)

    def mean(pairs: list[tuple[object, object]]) -> float:
        return sum(apart(a, b) for a, b in pairs) / len(pairs)

    given = [
        ([whole.ratings[r][u] for r in first], [whole.ratings[r][u] for r in second]) for u in range(len(whole.units))
    ]
    kept = [([a for a in one if a is not None], [b for b in other if b is not None]) for one, other in given]
    units = [(one, other) for one, other in kept if one and other]
    observed = sum(mean([(a, b) for a in one for b in other]) for one, other in units) / len(units)
    expected = sum(mean([(a, b) for a in one for b in other]) for one, _ in units for _, other in units)
    figure = between_groups(whole, first, second, replicates=200, seed=1)
    assert figure.value == pytest.approx(1 - observed / (expected / len(units) ** 2))
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < figure.value < figure.high


def test_groups_that_share_no_unit_and_spans_are_not_defined() -> None:
    whole = VariableRatings("v", "single", ["A", "B"], [["a", None], [None, "b"]], [1, 2], [1, 1])
    assert between_groups(whole, [0], [1]).undefined == "no unit was answered by both groups"
    spans = VariableRatings("s", "span", ["A", "B"], [[[]], [[]]], [1], [1], extents=[(0, 3)])
    assert between_groups(spans, [0], [1]).value is None


def test_whole_articles_are_drawn_where_there_are_enough() -> None:
    whole = table(9)
    by_article, by_units = part_of("", whole, seed=1), part_of("", replace(whole, articles=[1] * 60), seed=1)
    assert by_article.figure.value == by_units.figure.value
    assert by_article.figure.low != by_units.figure.low


def test_hundreds_of_annotators_of_few_units_each_take_a_moment() -> None:
    draw = random.Random(1)
    rows: list[list[object]] = [[None] * 4440 for _ in range(888)]
    for rater, row in enumerate(rows):
        for unit in range(rater % 222, 4440, 222):
            row[unit] = draw.choice("ab")
    whole = VariableRatings("v", "single", list(map(str, range(888))), rows, list(range(4440)), [0] * 4440)
    start = perf_counter()
    found, left_out = against_rest(whole, replicates=200)
    parts = by_unit(whole, [unit % 40 for unit in range(4440)], replicates=200).parts
    assert (len(found), left_out, len(parts)) == (MOST_PARTS, 888 - MOST_PARTS, 40)
    assert {own.answers for own in found} == {20}
    assert perf_counter() - start < 30
