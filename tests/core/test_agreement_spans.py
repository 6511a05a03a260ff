"""Spans of several units: what counts as the same, what is dropped, what is resampled."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import agreement

EXTENTS = [(0, 10), (12, 30), (31, 40)]
SPANS = st.tuples(st.integers(0, 9), st.integers(1, 10), st.sampled_from("ab")).filter(lambda s: s[0] < s[1])


def character_by_character(rater: list[tuple[int, int, str]], length: int) -> list[list[str]]:
    return [sorted({label for start, end, label in rater if start <= place < end}) for place in range(length)]


@settings(max_examples=60, deadline=None)
@given(raters=st.lists(st.lists(SPANS, max_size=4), min_size=2, max_size=4))
def test_char_alpha_is_nominal_alpha_of_single_characters(raters: list[list[tuple[int, int, str]]]) -> None:
    slow = agreement.krippendorff_alpha([character_by_character(rater, 10) for rater in raters])
    fast = agreement.char_alpha(raters, start=0, end=10)
    assert (fast.value is None) == (slow.value is None)
    if fast.value is not None:
        assert fast.value == pytest.approx(slow.value, abs=1e-9)


def slow_f1(rows: list[list[list[tuple[int, int, str]] | None]], overlap: bool, labelled: bool) -> float | None:
    """Pair by pair, unit by unit, span by span; harmonic mean of the two shares, 0 where nothing matches."""

    def match(one: tuple[int, int, str], two: tuple[int, int, str]) -> bool:
        meeting = one[0] < two[1] and two[0] < one[1] if overlap else one[:2] == two[:2]
        return meeting and one[2] == two[2]

    figures = []
    for first, second in combinations(rows, 2):
        both = [(set(a), set(b)) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
        if not labelled:
            both = [({(x, y, "") for x, y, _ in a}, {(x, y, "") for x, y, _ in b}) for a, b in both]
        given, other = sum(len(a) for a, _ in both), sum(len(b) for _, b in both)
        if given + other:
            hit = sum(any(match(s, t) for t in b) for a, b in both for s in a) / max(given, 1)
            back = sum(any(match(t, s) for s in a) for a, b in both for t in b) / max(other, 1)
            figures.append(2 * hit * back / (hit + back) if hit + back else 0.0)
    return sum(figures) / len(figures) if figures else None


@pytest.mark.parametrize(
    ("name", "overlap", "labelled"),
    [
        ("span_f1_exact", False, True),
        ("span_f1_exact_unlabelled", False, False),
        ("span_f1_overlap", True, True),
        ("span_f1_overlap_unlabelled", True, False),
    ],
)
@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(st.none() | st.lists(SPANS, max_size=4), min_size=3, max_size=3), min_size=2, max_size=4))
def test_f1_is_the_one_counted_span_by_span(name: str, overlap: bool, labelled: bool, rows: list[list[object]]) -> None:
    moved = [
        [own and [(s + 10 * unit, e + 10 * unit, label) for s, e, label in own] for unit, own in enumerate(row)]
        for row in rows
    ]
    found = getattr(agreement, name)(moved, extents=[(0, 10), (10, 20), (20, 30)])
    wanted = slow_f1(rows, overlap, labelled)
    assert (found.value is None) == (wanted is None)
    if wanted is not None:
        assert found.value == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("name", ["char_alpha", "char_alpha_binary", "span_f1_exact", "span_f1_overlap_unlabelled"])
@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.lists(st.none() | st.lists(SPANS, max_size=3), min_size=3, max_size=3), min_size=2, max_size=3))
def test_order_names_an_unrated_unit_and_an_empty_rater_change_nothing(name: str, rows: list[list[Any]]) -> None:
    extents = [(0, 10)] * 3
    found = getattr(agreement, name)(rows, extents=extents)
    renamed = [[own and [(s, e, {"a": 1, "b": 0}[label]) for s, e, label in own] for own in row] for row in rows]
    more = [[None] * 4, *([*reversed(row), None] for row in reversed(renamed))]
    again = getattr(agreement, name)(more, extents=[*extents, (5, 9)])
    assert again.value == pytest.approx(found.value, abs=1e-9)
    assert (again.units, again.undefined) == (found.units, found.undefined)


def test_the_spans_of_some_are_compared_as_if_they_were_the_only_raters() -> None:
    rows = [[None, [(12, 15, "a")], []], [[(0, 4, "a")], [(12, 16, "a"), (20, 22, "b")], []], [[(0, 4, "b")], None, []]]
    rows.append([[(0, 4, "a")], [(12, 15, "a"), (20, 22, "b")], [(31, 33, "b")]])
    whole = agreement.span_ratings(rows, extents=EXTENTS)
    for some in [*combinations(range(4), 2), *combinations(range(4), 3)]:
        alone = agreement.span_ratings([rows[row] for row in some], extents=EXTENTS)
        for measure in (agreement.span_f1_exact, agreement.span_f1_overlap, agreement.char_alpha, agreement.u_alpha):
            assert measure(whole.of_raters(some)) == measure(alone)


@pytest.mark.parametrize(
    "measure",
    [
        "char_alpha",
        "u_alpha",
        "cu_alpha",
        "alpha_u_1995",
        "span_f1_exact",
        "span_f1_overlap",
        "span_f1_exact_unlabelled",
    ],
)
def test_units_of_several_articles_may_lie_at_the_same_place(measure: str) -> None:
    """Each article counts its characters from 0, so only the unit tells two spans apart."""
    rows = [[[(42, 46, "a")], [(20, 26, "a")], [(45, 48, "a")]], [[(40, 46, "a")], [(22, 26, "a")], [(45, 48, "b")]]]
    by_article = getattr(agreement, measure)(rows, extents=[(30, 50), (0, 40), (30, 50)])
    starts = [0, 100, 200]
    apart = [[[(a + at, b + at, c) for a, b, c in own] for own, at in zip(row, starts, strict=True)] for row in rows]
    assert by_article == getattr(agreement, measure)(apart, extents=[(30, 50), (100, 140), (230, 250)])


def test_hundreds_of_annotators_of_a_few_units_each_take_no_time() -> None:
    """Matching each two of 600 annotators would take a minute; only those who share a unit are matched."""
    extents = [(unit * 10, unit * 10 + 10) for unit in range(4000)]
    rows: list[list[object]] = [[None] * 4000 for _ in range(600)]
    for unit, (at, _) in enumerate(extents):
        for turn in range(3):
            rows[(unit * 7 + turn * 31) % 600][unit] = [(at + 1, at + 5, "a")]
    found = agreement.span_f1_exact(rows, extents=extents, replicates=50, seed=1)
    assert (found.value, found.units) == (1.0, 4000)


def test_one_label_is_compared_with_all_the_rest() -> None:
    first, second = [(0, 4, "a"), (5, 8, "b")], [(0, 4, "a"), (5, 8, "a")]
    assert agreement.char_alpha_binary([first, second], start=0, end=10).value == 1.0
    assert agreement.char_alpha([first, second], start=0, end=10, label="a").value < 1.0
    assert agreement.span_f1_exact([first, second], start=0, end=10, label="b").value == 0.0


def test_a_unit_with_one_answer_is_dropped_and_no_span_is_an_answer() -> None:
    ratings = [[[(0, 4, "a")], None, []], [[(0, 4, "a")], [(12, 20, "a")], []]]
    for measure in (agreement.char_alpha, agreement.char_alpha_binary, agreement.span_f1_exact):
        found = measure(ratings, extents=EXTENTS)
        assert found.value == 1.0
        assert found.units == 2
        assert found.dropped == {"fewer than two ratings": 1}


def test_line_ends_between_units_are_no_items() -> None:
    whole = agreement.char_alpha([[(0, 4, "a")], [(0, 5, "a")]], start=0, end=40)
    units = agreement.char_alpha([[[(0, 4, "a")], [], []], [[(0, 5, "a")], [], []]], extents=EXTENTS)
    assert units.value != whole.value


def test_identical_spans_count_once() -> None:
    twice = [[(0, 4, "a"), (0, 4, "a")], [(0, 4, "a"), (6, 9, "b")]]
    assert agreement.span_f1_exact(twice, start=0, end=10).value == pytest.approx(2 / 3)


def test_overlap_asks_for_the_label_and_its_unlabelled_form_does_not() -> None:
    pair = [[(0, 4, "a")], [(3, 8, "b")]]
    assert agreement.span_f1_overlap(pair, start=0, end=10).value == 0.0
    assert agreement.span_f1_overlap_unlabelled(pair, start=0, end=10).value == 1.0
    assert agreement.span_f1_exact_unlabelled(pair, start=0, end=10).value == 0.0


def test_a_long_span_is_met_behind_a_short_one_inside_it() -> None:
    nested = [[(0, 20, "a"), (2, 4, "a")], [(10, 12, "a"), (3, 5, "a")]]
    assert agreement.span_f1_overlap(nested, start=0, end=30).value == 1.0


def test_there_is_no_interval_of_f1_where_the_counts_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[[(0, 4, "a")], [], [(31, 33, "a")]], [[(0, 4, "a")], [(12, 15, "a")], [(31, 34, "a")]]]
    fits = agreement.span_f1_exact(rows, extents=EXTENTS, replicates=50, seed=1)
    monkeypatch.setattr("annotator.core.agreement.span_f1.MOST_CELLS", 3)
    too_many = agreement.span_f1_exact(rows, extents=EXTENTS, replicates=50, seed=1)
    assert fits.low is not None
    assert (too_many.low, too_many.high) == (None, None)
    assert too_many.value == fits.value


def test_a_pair_without_spans_is_left_out_of_the_mean() -> None:
    ratings = [[(0, 4, "a")], [], []]
    assert agreement.span_f1_exact(ratings, start=0, end=10).value == 0.0
    assert agreement.span_f1_exact([[], [], []], start=0, end=10).undefined == "nobody marked a span"


def test_replicates_in_which_nobody_marked_anything_are_left_out() -> None:
    ratings = [[[(0, 4, "a")], [], []]] * 2
    found = agreement.span_f1_exact(ratings, extents=EXTENTS, replicates=200, seed=1)
    assert found.low == found.high == 1.0
    assert 100 < found.replicates < 200


def test_a_span_outside_its_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="outside its unit, 12 to 30"):
        agreement.char_alpha([[[], [(11, 15, "a")], []], [[], [], []]], extents=EXTENTS)


def test_units_not_characters_are_resampled() -> None:
    generator = np.random.default_rng(2)
    extents = [(unit * 100, unit * 100 + 90) for unit in range(40)]
    starts = [start + int(generator.integers(0, 40)) for start, _ in extents]
    first = [[(start, start + 30, "a")] for start in starts]
    second = [[(start + int(generator.integers(0, 20)), start + 30, "a")] for start in starts]
    units = agreement.char_alpha([first, second], extents=extents, replicates=1000, seed=1)
    articles = [unit // 4 for unit in range(40)]
    grouped = agreement.char_alpha([first, second], extents=extents, replicates=1000, seed=1, groups=articles)
    assert units.low < units.value < units.high
    assert units.high - units.low > 0.05
    assert (grouped.low, grouped.high) != (units.low, units.high)
    assert grouped.value == units.value
    exact = agreement.span_f1_overlap([first, second], extents=extents, replicates=200, seed=1)
    assert exact.low == exact.high == 1.0
