"""Arms of a round: the same for the same seed, balanced for each annotator, and several for one article."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.sampling import assign_arms

SHARES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 6)), unique=True, max_size=120)


@settings(max_examples=40, deadline=None)
@given(SHARES, st.integers(1, 4), st.integers(0, 2**32))
def test_every_annotator_has_as_many_of_each_arm(shares: list[tuple[int, int]], number: int, seed: int) -> None:
    arms = [f"arm {n}" for n in range(number)]
    dealt = dict(zip(shares, assign_arms(shares, arms, seed), strict=True))
    for annotator in {annotator for _, annotator in shares}:
        counts = Counter(arm for share, arm in dealt.items() if share[1] == annotator)
        assert max(counts.values()) - min(counts[arm] for arm in arms) <= 1
    again = assign_arms(shares[::-1], arms, seed)
    assert dealt == dict(zip(shares[::-1], again, strict=True))


def test_an_article_for_two_goes_to_two_arms_and_other_seeds_give_other_arms() -> None:
    pairs = list(combinations(range(1, 7), 2))
    shares = [(article, one) for article in range(300) for one in pairs[article % len(pairs)]]
    found = [assign_arms(shares, ["masked", "open"], seed) for seed in (1, 2)]
    assert found[0] != found[1]
    of_article: dict[int, set[str]] = {}
    for (article, _), arm in zip(shares, found[0], strict=True):
        of_article.setdefault(article, set()).add(arm)
    assert sum(len(arms) == 2 for arms in of_article.values()) > 280


def test_a_round_without_arms_has_none() -> None:
    assert assign_arms([(1, 1)], [], 5) == [""]
