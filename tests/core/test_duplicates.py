"""Copies among articles: found by wording, whatever was cut, and without comparing all with all."""

import random
from collections.abc import Sequence
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.duplicates import (
    MANY,
    Copy,
    Shingler,
    Thresholds,
    candidates,
    find_copies,
    groups,
    likeness,
    wording_key,
)

LETTERS = st.text("abcde ", max_size=60)
WORDS = [first + rest for first in "bdfgklmnprst" for rest in ("ar", "el", "im", "on", "ust", "ay")]


def news(seed: int, length: int = 300) -> list[str]:
    """Invented words in an order that no other seed has."""
    return random.Random(seed).choices(WORDS, k=length)


def copies(texts: Sequence[str]) -> list[Copy]:
    shingler = Shingler()
    sketches = [shingler.sketch(text) for text in texts]
    return list(find_copies(sketches, lambda places: [texts[place] for place in places]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The café closed.", "THE CAFE\n\nclosed"),
        ("“Peace”, she said – at last", '"Peace" she said, at last!'),
        ("كِتَابٌ جَدِيدٌ", "كتاب جديد"),
        ("Straße gesperrt", "STRASSE GESPERRT"),
        ("co\u00adoperate now", "cooperate now"),
        ("港口、再次开放", "港口再次开放"),
    ],
)
def test_wording_is_the_same_whatever_its_case_accents_points_and_spaces(one: str, other: str) -> None:
    assert wording_key(one) == wording_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("the port opens", "the ports open"), ("12 dead", "13 dead"), ("...", "???"), ("港口", "口港")]
)
def test_other_words_are_another_wording(one: str, other: str) -> None:
    assert wording_key(one) != wording_key(other)


def test_a_script_without_spaces_has_as_many_shingles_as_signs() -> None:
    assert len(Shingler().shingles("港口再次开放给渔船")) == 9 - 5 + 1


@given(LETTERS, LETTERS)
def test_likeness_is_that_of_the_sets_of_five_words_in_a_row(one: str, other: str) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        found = text.split()
        length = min(5, len(found)) or 1
        return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}

    shingler, first, second = Shingler(), runs(one), runs(other)
    like = likeness(shingler.shingles(one), shingler.shingles(other))
    assert like == likeness(shingler.shingles(other), shingler.shingles(one))
    assert like.shared == len(first & second)
    assert like.jaccard == (len(first & second) / len(first | second) if first & second else 0)
    assert like.containment == (len(first & second) / min(len(first), len(second)) if first & second else 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40), st.integers(0, 60)), max_size=12))
def test_what_is_found_is_what_comparing_all_with_all_finds(cuts: list[tuple[int, int, int]]) -> None:
    """Of texts short enough to be sampled whole, each wording once."""
    texts = list(dict.fromkeys(" ".join(news(seed, 100)[start : start + length]) for seed, start, length in cuts))
    texts = [text for text in texts if 0 < len(text.split()) <= 20]
    shingler = Shingler()
    expected = {
        (one, other)
        for one, other in combinations(range(len(texts)), 2)
        if Thresholds().met(likeness(shingler.shingles(texts[one]), shingler.shingles(texts[other])))
    }
    assert {(copy.first, copy.second) for copy in copies(texts) if not copy.same_wording} == expected


def test_a_copy_cut_to_a_fifth_is_found_by_containment_alone() -> None:
    whole = news(1, 500)
    (found,) = copies([" ".join(news(2)), " ".join(whole), " ".join(whole[:100])])
    assert (found.first, found.second, found.same_wording) == (1, 2, False)
    assert found.containment == 1.0
    assert found.jaccard == pytest.approx(96 / 496)


def test_an_edited_lead_and_a_word_changed_here_and_there_stay_a_copy() -> None:
    whole = news(1)
    edited = [*news(9, 20), *whole[20:]]
    edited[100] = edited[200] = "changed"
    (found,) = copies([" ".join(whole), " ".join(edited)])
    assert 0.7 < found.jaccard < 0.9


def test_articles_that_share_their_boilerplate_are_no_copies() -> None:
    footer = " ".join(news(0, 25))
    assert copies([" ".join(news(seed)) + " " + footer for seed in range(1, 2 * MANY)]) == []


def test_a_report_that_more_papers_took_than_are_compared_pair_by_pair_is_one_group() -> None:
    wire = news(1, 200)
    texts = [" ".join([*wire, *news(seed, 20)]) for seed in range(10, 10 + 3 * MANY)]
    found = copies(texts)
    assert groups((copy.first, copy.second) for copy in found) == [list(range(len(texts)))]
    assert len(found) < len(texts) * MANY


def test_equal_wording_is_joined_to_its_first_and_near_copies_to_that() -> None:
    whole = " ".join(news(1))
    texts = [whole, whole.upper(), " ".join(news(1)[:200]), whole + "!"]
    found = {(copy.first, copy.second): copy.same_wording for copy in copies(texts)}
    assert found == {(0, 1): True, (0, 3): True, (0, 2): False}


def test_texts_without_a_word_are_copies_only_where_they_are_equal() -> None:
    assert [(copy.first, copy.second) for copy in copies(["...", "?", "...", ""])] == [(0, 2)]


@given(st.permutations(range(6)))
def test_the_order_of_articles_changes_nothing(order: list[int]) -> None:
    texts = [" ".join(news(seed // 2)[: 300 - 120 * (seed % 2)]) for seed in range(6)]
    found = {frozenset((order[c.first], order[c.second])) for c in copies([texts[i] for i in order])}
    assert found == {frozenset((0, 1)), frozenset((2, 3)), frozenset((4, 5))}


def test_nothing_has_no_candidates() -> None:
    assert candidates([]).shape == (0, 2)
    assert candidates([Shingler().shingles("")]).shape == (0, 2)


def test_work_grows_with_the_number_of_articles_not_with_its_square() -> None:
    footer = " ".join(news(0, 40))
    texts = [" ".join(news(seed, 120)) + " " + footer for seed in range(4000)]

    def seconds(number: int) -> float:
        begun = process_time()
        copies(texts[:number])
        return process_time() - begun

    seconds(500)
    assert seconds(4000) < 4 * 2.2 * seconds(1000)
