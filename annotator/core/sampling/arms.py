"""Which share goes to which arm of a round, such as with and without the outlet above the article."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from .chance import Chance


def assign_arms(shares: Sequence[tuple[int, int]], arms: Sequence[str], seed: int) -> list[str]:
    """The arm of each share (article, annotator), in the order given; "" where there are no arms.

    An annotator's arms differ by one share at most. An article that several annotators get goes to as many arms as that
    allows. The same seed gives the same arms, in whatever order the shares come.

    >>> sorted(assign_arms([(1, 1), (1, 2)], ["masked", "open"], seed=3))
    ['masked', 'open']
    """
    if not arms:
        return [""] * len(shares)
    in_order = sorted(shares)
    luck = dict(zip(in_order, Chance(seed, "arms").keys(len(in_order)).tolist(), strict=True))
    room = {who: _Room(*divmod(load, len(arms))) for who, load in Counter(who for _, who in shares).items()}
    found: dict[tuple[int, int], str] = {}
    by_article = [sorted(some, key=luck.__getitem__) for _, some in groupby(in_order, key=lambda share: share[0])]
    for some in sorted(by_article, key=lambda some: luck[some[0]]):
        here = Counter[str]()
        for share in some:
            of = room[share[1]]
            turn = luck[share] % len(arms)
            free = [arm for arm in (*arms[turn:], *arms[:turn]) if of.takes(arm)]
            found[share] = min(free, key=lambda arm: (here[arm], of.given[arm]))
            of.give(found[share])
            here[found[share]] += 1
    return [found[share] for share in shares]


@dataclass
class _Room:
    """How many shares an annotator can still get of each arm: `each` of all, and one `more` of some."""

    each: int
    more: int
    given: Counter[str] = field(default_factory=Counter)

    def takes(self, arm: str) -> bool:
        return self.given[arm] < self.each + (self.more > 0)

    def give(self, arm: str) -> None:
        self.more -= self.given[arm] == self.each
        self.given[arm] += 1
