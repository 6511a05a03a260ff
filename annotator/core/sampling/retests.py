"""Articles that annotators get a second time, to see how steady each is."""

from collections.abc import Mapping, Sequence

from .chance import Chance
from .model import RETEST, Share


def draw_retest(own: Mapping[int, Sequence[int]], number: int, seed: int, among: Sequence[Share] = ()) -> list[Share]:
    """For each annotator `number` of his own articles, or all where he has fewer, hidden in a random order.

    `among` are the shares that he gets beside; an article that he has there is not given twice.

    >>> [share.annotator for share in draw_retest({5: [1, 2, 3], 4: [2]}, 2, seed=1)].count(5)
    2
    """
    shares = list(among)
    has = {(share.article, share.annotator) for share in among}
    for annotator in sorted(own):
        free = sorted(article for article in own[annotator] if (article, annotator) not in has)
        drawn = Chance(seed, f"retest {annotator}").shuffled(free)[:number]
        shares += [Share(article, annotator, RETEST) for article in drawn]
    return Chance(seed, "order of retest").shuffled(shares)
