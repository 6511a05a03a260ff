"""Draws: the same seed gives the same, loads are even, capacities hold, strata get their part."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import InvalidError
from annotator.core.sampling import (
    EQUAL,
    GIVEN,
    GOLD,
    OVERLAP,
    WORK,
    Annotator,
    Candidate,
    Draw,
    Spec,
    add_overlap,
    apportion,
    draw,
    draw_retest,
    summarise,
    take_over,
)

KNOWN_ARTICLES = [3, 4, 6, 7, 9]
KNOWN_SHARES = "6/3/overlap 9/2/work 7/1/overlap 7/2/overlap 6/1/overlap 4/3/work 3/3/work"
SEEDS = st.integers(0, 2**62)
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 10_000), st.integers(0, 60), st.sampled_from(["", "press", "صحف", "wire"])),
    unique_by=lambda one: one.id,
    min_size=1,
    max_size=120,
)
# Up to 500 annotators, each with or without a capacity.
PEOPLE = st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=20) | st.integers(100, 500).map(
    lambda n: [None] * n
)


def people(number: int) -> list[Annotator]:
    return [Annotator(n) for n in range(1, number + 1)]


def articles(number: int, strata: str = "a") -> list[Candidate]:
    return [Candidate(n, 5 + n * 7 % 30, strata[n % len(strata)]) for n in range(1, number + 1)]


def loads(drawn: Draw, of: list[Annotator]) -> list[int]:
    counted = Counter(share.annotator for share in drawn.shares)
    return [counted[one.id] for one in of]


@given(CANDIDATES, PEOPLE, st.integers(1, 6), st.sampled_from([0, 0.1, 0.2, 1]), SEEDS)
@settings(max_examples=150, deadline=None)
def test_loads_are_even_and_capacities_hold(
    candidates: list[Candidate], capacities: list[int | None], overlap: int, double: float, seed: int
) -> None:
    team = [Annotator(n, capacity) for n, capacity in enumerate(capacities, start=1)]
    spec = Spec(seed=seed, overlap=1 if double else overlap, double=double)
    try:
        drawn = draw(candidates, team, spec)
    except InvalidError:
        seats = spec.overlap * len(candidates) + (max(1, round(double * len(candidates))) if double else 0)
        room = sum(len(candidates) if c is None else min(c, len(candidates)) for c in capacities)
        assert room < seats or len(team) < max(spec.overlap, 2 if double else 1)
        return
    assert len({(share.article, share.annotator) for share in drawn.shares}) == len(drawn.shares)
    given_out = Counter(share.article for share in drawn.shares)
    assert given_out.keys() == {one.id for one in candidates}
    twice = sum(number == 2 for number in given_out.values())
    assert set(given_out.values()) <= ({1, 2} if double else {overlap})
    assert not double or twice == max(1, round(double * len(candidates)))
    found = loads(drawn, team)
    free = [load for load, one in zip(found, team, strict=True) if one.capacity is None or load < one.capacity]
    assert not free or max(found) <= min(free) + 1
    assert all(one.capacity is None or load <= one.capacity for load, one in zip(found, team, strict=True))


@given(CANDIDATES, st.integers(1, 4), SEEDS)
@settings(max_examples=40, deadline=None)
def test_the_same_seed_gives_the_same_draw_in_whatever_order(
    candidates: list[Candidate], overlap: int, seed: int
) -> None:
    spec = Spec(seed=seed, overlap=overlap)
    assert draw(candidates, people(4), spec) == draw(candidates[::-1], people(4)[::-1], spec)


def test_a_draw_of_long_ago_comes_out_again() -> None:
    """If this fails, draws that studies have published can't be repeated any more."""
    drawn = draw(articles(9, "ab"), people(3), Spec(seed=2026, number=5, double=0.4))
    assert drawn.articles == KNOWN_ARTICLES
    told = [f"{share.article}/{share.annotator}/{share.why}" for share in drawn.shares]
    assert " ".join(told) == KNOWN_SHARES


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 50), max_size=8), st.data())
@settings(max_examples=60, deadline=None)
def test_strata_get_their_part(sizes: dict[str, int], data: st.DataObject) -> None:
    whole = sum(sizes.values())
    total = data.draw(st.integers(0, whole))
    seats = apportion(total, sizes)
    assert sum(seats.values()) == total
    assert all(seats[name] <= size for name, size in sizes.items())
    assert all(abs(seats[name] - total * size / whole) < 1 for name, size in sizes.items() if whole)


def test_equal_numbers_and_numbers_by_hand() -> None:
    candidates = articles(30, "aaab")
    strata = {one.id: one.stratum for one in candidates}
    drawn = draw(candidates, people(2), Spec(seed=1, number=11, spread=EQUAL))
    assert Counter(strata[i] for i in drawn.articles) == {"a": 6, "b": 5}
    drawn = draw(candidates, people(2), Spec(seed=1, spread=GIVEN, by_stratum={"a": 1, "b": 4}))
    assert Counter(strata[i] for i in drawn.articles) == {"a": 1, "b": 4}


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (Spec(seed=1, number=31), "Possible: 1 to 30"),
        (Spec(seed=1, number=20, spread=EQUAL), "Possible: 7 of each, 14 in all"),
        (Spec(seed=1, spread=GIVEN, by_stratum={"b": 8}), "can't be drawn"),
        (Spec(seed=1, overlap=4), "Possible: 1 to 3"),
        (Spec(seed=1, number=20, overlap=2), "Possible: 17 articles instead of 20, or 1 annotators"),
        (Spec(seed=1, part=1.5), "at most 100 %"),
        (Spec(seed=1, overlap=2, double=0.2), "labelled once"),
        (Spec(seed=1, gold=articles(20)[:11]), "capacity of 11 or more"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_could(spec: Spec, told: str) -> None:
    team = [Annotator(1, 10), Annotator(2, 10), Annotator(3, 15)]
    with pytest.raises(InvalidError, match=told):
        draw(articles(30, "aaab"), team, spec)


@pytest.mark.parametrize(("number", "each"), [(60, 2), (100, 3), (90, 4)])
def test_overlap_spreads_over_all_pairs(number: int, each: int) -> None:
    candidates, team = articles(number), people(8)
    found = summarise(candidates, (), [one.id for one in team], draw(candidates, team, Spec(seed=4, overlap=each)))
    assert found.pairs is not None
    assert found.pairs.most - found.pairs.fewest <= 2


def test_units_are_even_and_everybody_gets_of_every_stratum() -> None:
    candidates, team = articles(300, "abc"), people(6)
    drawn = draw(candidates, team, Spec(seed=4, double=0.2))
    found = summarise(candidates, (), [one.id for one in team], drawn)
    units = [load.units for load in found.loads.values()]
    assert max(units) - min(units) <= 0.05 * max(units)
    strata = {one.id: one.stratum for one in candidates}
    each = Counter((share.annotator, strata[share.article]) for share in drawn.shares)
    assert max(each.values()) - min(each.values()) <= 5


def test_gold_goes_to_everybody_hidden_among_the_rest() -> None:
    candidates = articles(40)
    gold = candidates[:4]
    drawn = draw(candidates, people(3), Spec(seed=9, number=30, double=0.2, gold=gold))
    assert Counter(share.why for share in drawn.shares) == {WORK: 24, OVERLAP: 12, GOLD: 12}
    assert not {one.id for one in gold} & set(drawn.articles)
    whys = [share.why for share in drawn.shares if share.annotator == 1]
    assert whys not in (sorted(whys), sorted(whys, reverse=True))


def test_a_retest_gives_everybody_his_own() -> None:
    own = {1: list(range(10)), 2: list(range(20, 23))}
    shares = draw_retest(own, 5, seed=3)
    assert Counter(share.annotator for share in shares) == {1: 5, 2: 3}
    assert all(share.article in own[share.annotator] for share in shares)


def test_a_late_joiner_takes_from_who_has_most() -> None:
    waiting = {1: list(range(10)), 2: list(range(20, 26)), 3: [30]}
    taken = take_over(waiting, has={0, 1}, number=None, seed=5)
    left = Counter({who: len(shares) for who, shares in waiting.items()}) - Counter(who for who, _ in taken)
    assert max(left.values()) - len(taken) <= 1
    assert left[3] == 1
    assert not {article for _, article in taken} & {0, 1}
    assert len(take_over(waiting, has=(), number=2, seed=5)) == 2


def test_more_overlap_is_spread_over_the_others() -> None:
    given_out = [(1 + article % 4, article) for article in range(40)]
    chosen = add_overlap(given_out, has=(), number=12, seed=5)
    assert Counter(article % 4 for article in chosen) == {0: 3, 1: 3, 2: 3, 3: 3}
