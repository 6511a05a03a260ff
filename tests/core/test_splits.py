"""Train, validation and test: as large as asked for, the same each time, and no sentence on two sides."""

import doctest
from collections import Counter
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core import splits
from annotator.core.errors import InvalidError
from annotator.core.splits import LEAST_WORDS, MOST_ARTICLES, Group, Shares, Wordings, dealt, grouped
from annotator.formats.dataset_bundle import front_matter

WORDS = st.sampled_from(["ferry", "mayor", "flood", "bridge", "pillar", "night", "crew"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
CORPORA = st.lists(st.lists(SENTENCES, max_size=4), min_size=1, max_size=MOST_ARTICLES)


def deal(articles: list[list[str]], shares: Shares) -> tuple[list[str], list[tuple[int, int]]]:
    """The part of each article, and the sentences that are told as repeated."""
    wordings = Wordings()
    for place, sentences in enumerate(articles):
        for number, sentence in enumerate(sentences):
            wordings.add(place, number, sentence)
    names = [f"article {place}" for place in range(len(articles))]
    parts = dealt(grouped(names, wordings.joining(), [""] * len(names)), shares)
    sides = [parts[name] for name in names]
    return sides, wordings.repeated(sides)


@settings(max_examples=60)
@given(CORPORA, st.integers(0, 5))
def test_no_sentence_stands_on_two_sides_but_short_ones_which_are_told(articles: list[list[str]], seed: int) -> None:
    sides, repeated = deal(articles, Shares(40, 30, 30, seed=seed))
    where: dict[str, set[str]] = {}
    for side, sentences in zip(sides, articles, strict=True):
        for sentence in sentences:
            where.setdefault(sentence, set()).add(side)
    leaking = {sentence for sentence, found in where.items() if len(found) > 1}
    assert all(len(sentence.split()) < LEAST_WORDS for sentence in leaking)
    told = sorted((p, n) for p, some in enumerate(articles) for n, sentence in enumerate(some) if sentence in leaking)
    assert sorted(repeated) == told


def test_case_and_punctuation_do_not_hide_a_copy() -> None:
    sides, _ = deal([["The mayor blamed the flood."], ["“The Mayor blamed the flood”"], ["Other"]], Shares(50, 0, 50))
    assert sides[0] == sides[1] != sides[2]


def test_boilerplate_of_many_articles_joins_none_and_is_told() -> None:
    articles = [["Sign up to our letter for more."] for _ in range(MOST_ARTICLES + 10)]
    sides, repeated = deal(articles, Shares())
    assert Counter(sides) == {"train": 16, "validation": 2, "test": 2}
    assert len(repeated) == len(articles)


@pytest.mark.parametrize("by_outlet", [False, True])
def test_the_shares_are_met_in_the_whole_and_in_each_outlet(by_outlet: bool) -> None:
    articles = [Group([f"a{number}"], f"outlet {number % 4}") for number in range(200)]
    parts = dealt(articles, Shares(70, 10, 20, by_outlet=by_outlet))
    assert Counter(parts.values()) == {"train": 140, "validation": 20, "test": 40}
    by = Counter((int(name[1:]) % 4, part) for name, part in parts.items())
    if by_outlet:
        assert all(abs(by[outlet, "test"] - 10) <= 1 and abs(by[outlet, "train"] - 35) <= 2 for outlet in range(4))


def test_the_seed_decides_and_the_order_of_articles_does_not() -> None:
    articles = [Group([f"a{number}"]) for number in range(50)]
    first = dealt(articles, Shares(seed=1))
    assert dealt(reversed(articles), Shares(seed=1)) == first
    assert dealt(articles, Shares(seed=2)) != first


def test_a_part_that_is_not_wanted_is_empty_and_shares_have_to_add_up() -> None:
    assert set(dealt([Group([f"a{n}"]) for n in range(10)], Shares(80, 0, 20)).values()) == {"train", "test"}
    with pytest.raises(InvalidError, match="100 per cent"):
        Shares(80, 30, 10)


@pytest.mark.parametrize("module", [splits, front_matter])
def test_the_examples_hold(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
