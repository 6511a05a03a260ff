"""Articles that annotators get a second time, to see how steady each is."""

from collections import Counter
from collections.abc import Mapping, Sequence

from .chance import Chance
from .model import RETEST, Annotator, Share


def room_beside(annotators: Sequence[Annotator], own: Mapping[int, Sequence[int]], number: int) -> list[Annotator]:
    """The annotators with the capacity that is left for others, where each gets `number` of his own articles again."""
    return [
        one if one.capacity is None else Annotator(one.id, max(0, one.capacity - min(number, len(own.get(one.id, ())))))
        for one in annotators
    ]


def draw_retest(
    own: Mapping[int, Sequence[int]],
    number: int,
    seed: int,
    among: Sequence[Share] = (),
    annotators: Sequence[Annotator] = (),
) -> list[Share]:
    """For each annotator `number` of his own articles, or all where he has fewer, hidden in a random order.

    `among` are the shares that he gets beside; an article that he has there is not given twice. With them he gets no
    more than the capacity that `annotators` say.

    >>> [share.annotator for share in draw_retest({5: [1, 2, 3], 4: [2]}, 2, seed=1)].count(5)
    2
    """
    shares = list(among)
    has = {(share.article, share.annotator) for share in among}
    load = Counter(share.annotator for share in among)
    room = {one.id: max(0, one.capacity - load[one.id]) for one in annotators if one.capacity is not None}
    for annotator in sorted(own):
        free = sorted(article for article in own[annotator] if (article, annotator) not in has)
        drawn = Chance(seed, f"retest {annotator}").shuffled(free)[: min(number, room.get(annotator, number))]
        shares += [Share(article, annotator, RETEST) for article in drawn]
    return Chance(seed, "order of retest").shuffled(shares)
