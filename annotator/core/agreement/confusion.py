"""Which values were taken for which."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations

import numpy as np

from .arrays import MISSING
from .coding import encode

Pair = tuple[Hashable, Hashable]


def confusion(ratings: Sequence[Sequence[Hashable | None]]) -> Counter[Pair]:
    """How often two annotators gave one unit these two values, over all pairs of annotators.

    `ratings`: one sequence an annotator, one entry a unit, None where missing. A pair counts once, under the order in
    which its annotators stand; add both orders for a table without direction.

    >>> sorted(confusion([["a", "a", "b"], ["a", "b", None]]).items())
    [(('a', 'a'), 1), (('a', 'b'), 1)]
    """
    coded = encode(ratings)
    answers, repeats, values = coded.by_rater.packed.T, coded.by_rater.repeats, len(coded.labels)
    counts = np.zeros(values * values, dtype=np.int64)
    for first, second in combinations(answers, 2):
        both = second != MISSING
        cells = first[both] * values + second[both]
        counts += np.bincount(cells, weights=repeats[both], minlength=len(counts)).astype(np.int64)
    found = ((divmod(cell, values), int(counts[cell])) for cell in np.flatnonzero(counts).tolist())
    return Counter({(coded.labels[a], coded.labels[b]): count for (a, b), count in found})
