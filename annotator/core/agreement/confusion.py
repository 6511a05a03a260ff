"""Which values were taken for which."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations

Pair = tuple[Hashable, Hashable]


def confusion(ratings: Sequence[Sequence[Hashable | None]]) -> Counter[Pair]:
    """How often two annotators gave one unit these two values, over all pairs of annotators.

    `ratings`: one sequence an annotator, one entry a unit, None where missing. A pair counts once, under the order in
    which its annotators stand; add both orders for a table without direction.

    >>> sorted(confusion([["a", "a", "b"], ["a", "b", None]]).items())
    [(('a', 'a'), 1), (('a', 'b'), 1)]
    """
    found: Counter[Pair] = Counter()
    for first, second in combinations(ratings, 2):
        found.update((x, y) for x, y in zip(first, second, strict=True) if x is not None and y is not None)
    return found
