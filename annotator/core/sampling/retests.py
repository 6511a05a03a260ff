"""Articles that annotators get a second time, to see how steady each is."""

from collections.abc import Mapping, Sequence

from .chance import Chance
from .model import RETEST, Share


def draw_retest(own: Mapping[int, Sequence[int]], number: int, seed: int) -> list[Share]:
    """For each annotator `number` of his own articles, or all where he has fewer, in a random order.

    >>> [share.annotator for share in draw_retest({5: [1, 2, 3], 4: [2]}, 2, seed=1)].count(5)
    2
    """
    shares = []
    for annotator in sorted(own):
        drawn = Chance(seed, f"retest {annotator}").shuffled(sorted(own[annotator]))[:number]
        shares += [Share(article, annotator, RETEST) for article in drawn]
    return Chance(seed, "order of retest").shuffled(shares)
