"""Where a stretch of an old text stands in a new one, and which new units the old ones became."""

import random
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.align import Alignment, Block, align, identity, link_units
from annotator.core.spans import Interval

WORDS = st.lists(st.sampled_from(["the", "regime", "said", "on", "Tuesday", "🙂", "أمس", ",", ".", "\n"]), max_size=30)
TEXT = st.one_of(WORDS.map(" ".join), st.text(alphabet="ab c\n", max_size=30))


def test_a_corrected_letter_leaves_every_other_word_in_its_place() -> None:
    old = "The mayor blamed the regmie. Two shops closed."
    new = "The mayor blamed the regime. Two shops closed."
    found = align(old, new)
    assert found.unchanged(29, 46) == Interval(29, 46)
    assert found.unchanged(21, 27) is None
    assert found.place(21, 27) == Interval(21, 27)


def test_a_word_put_in_shifts_what_follows() -> None:
    found = align("He left. She stayed.", "He never left. She stayed.")
    assert found.unchanged(9, 20) == Interval(15, 26)
    assert found.image(0, 8) == Interval(0, 14)


def test_a_sentence_taken_out_has_an_empty_image() -> None:
    found = align("One came. Two left. Three sang.", "One came. Three sang.")
    assert found.place(10, 19) is None
    start, end = found.image(10, 19)
    assert start == end


@given(TEXT, TEXT)
def test_blocks_are_in_order_and_equal_to_the_character(old: str, new: str) -> None:
    found = align(old, new)
    for one, other in pairwise(found.blocks):
        assert one.old + one.length <= other.old
        assert one.new + one.length <= other.new
    for block in found.blocks:
        assert block.length > 0
        assert old[block.old : block.old + block.length] == new[block.new : block.new + block.length]


@given(TEXT)
def test_a_text_is_aligned_with_itself_as_one_block(text: str) -> None:
    assert align(text, text) == identity(len(text))


@given(TEXT, TEXT, st.data())
def test_what_is_unchanged_reads_the_same_and_lies_in_its_image(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    found = align(old, new)
    image = found.image(start, end)
    assert 0 <= image.start <= image.end <= len(new)
    now = found.unchanged(start, end)
    if now is not None and start < end:
        assert new[now.start : now.end] == old[start:end]
        assert now == image == found.place(start, end)


@given(TEXT, TEXT, TEXT)
def test_two_steps_in_one_keep_only_what_both_kept(first: str, second: str, third: str) -> None:
    whole = align(first, second).then(align(second, third))
    assert (whole.old_length, whole.new_length) == (len(first), len(third))
    for block in whole.blocks:
        assert first[block.old : block.old + block.length] == third[block.new : block.new + block.length]
    assert align(first, second).then(identity(len(second))) == align(first, second)


@given(TEXT, TEXT)
def test_a_reversal_of_a_reversal_is_where_one_began(old: str, new: str) -> None:
    assert align(old, new).reversed().reversed() == align(old, new)


@pytest.mark.parametrize("word", ["a", "a ", "b. "])
def test_long_texts_that_repeat_one_word_are_aligned_in_no_time(word: str) -> None:
    old, new = word * 20_000, word * 10_000 + "x" + word * 9_000
    begun = perf_counter()
    align(old, new)
    assert perf_counter() - begun < 2


def test_ten_thousand_shuffled_words_are_aligned_in_no_time() -> None:
    words = [f"w{number}" for number in range(10_000)]
    shuffled = random.Random(3).sample(words, len(words))
    begun = perf_counter()
    align(" ".join(words), " ".join(shuffled))
    assert perf_counter() - begun < 3


def links(old: list[tuple[int, int]], new: list[tuple[int, int]], length: int = 40) -> list[tuple[int, int, str]]:
    found = link_units([Interval(*unit) for unit in old], [Interval(*unit) for unit in new], identity(length))
    return [(link.new, link.old, link.kind) for link in found]


def test_a_unit_that_nothing_happened_to_is_the_same() -> None:
    assert links([(0, 9), (10, 20)], [(0, 9), (10, 20)]) == [(0, 0, "same"), (1, 1, "same")]


def test_both_halves_of_a_split_come_from_the_whole() -> None:
    assert links([(0, 9), (10, 20)], [(0, 4), (5, 9), (10, 20)]) == [(0, 0, "split"), (1, 0, "split"), (2, 1, "same")]


def test_a_merged_unit_comes_from_both() -> None:
    assert links([(0, 9), (10, 20)], [(0, 20)]) == [(0, 0, "merged"), (0, 1, "merged")]


def test_over_a_moved_boundary_a_part_goes_to_the_neighbour() -> None:
    assert links([(0, 9), (10, 20)], [(0, 13), (14, 20)]) == [(0, 0, "moved"), (0, 1, "moved"), (1, 1, "moved")]


def test_a_corrected_unit_moved_and_the_next_is_the_same_elsewhere() -> None:
    old, new = "He sad no. She left.", "He said no. She left."
    found = link_units([Interval(0, 10), Interval(11, 20)], [Interval(0, 11), Interval(12, 21)], align(old, new))
    assert [(link.new, link.old, link.kind, link.whole) for link in found] == [
        (0, 0, "moved", False),
        (1, 1, "same", True),
    ]


def test_each_old_unit_has_one_home_where_most_of_it_is() -> None:
    found = link_units([Interval(0, 20)], [Interval(0, 4), Interval(5, 20)], identity(20))
    assert [link.home for link in found] == [False, True]


def test_words_that_were_replaced_whole_stay_with_their_unit() -> None:
    alignment = Alignment(9, 9, (Block(0, 0, 4),))
    found = link_units([Interval(0, 4), Interval(5, 9)], [Interval(0, 4), Interval(5, 9)], alignment)
    assert [(link.new, link.old) for link in found] == [(0, 0), (1, 1)]
