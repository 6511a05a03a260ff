"""Spans of several units: what counts as the same, what is dropped, what is resampled."""

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
