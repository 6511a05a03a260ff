"""Shares for an annotator who joins a round that is under way."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from .chance import Chance

Taken = tuple[int, int]
LOOKED_AT = 50
"""Among so many articles that come next by chance the most fitting one is chosen."""


def take_over(waiting: Mapping[int, Sequence[int]], has: Collection[int], number: int | None, seed: int) -> list[Taken]:
    """Waiting shares of others that go to a newcomer, from who has most to do: pairs of annotator and article.

    `waiting` maps each annotator to his waiting articles, `has` are those that the newcomer may not get. Without a
    `number` he gets as many as leave everybody with about the same. Chance decides which.

    >>> [annotator for annotator, _ in take_over({1: [10, 11, 12, 13], 2: [14, 15]}, (), None, 3)]
    [1, 1]
    """
    left = {who: len(articles) for who, articles in waiting.items()}
    stacks = {
        who: Chance(seed, f"late {who}").shuffled(sorted(set(articles).difference(has)))
        for who, articles in sorted(waiting.items())
    }
    taken: list[Taken] = []
    gone: set[int] = set()
    while any(stacks.values()) and len(taken) != number:
        most = max((who for who in stacks if stacks[who]), key=lambda who: (left[who], -who))
        if number is None and left[most] <= len(taken) + 1:
            break
        article = stacks[most].pop()
        if article not in gone:
            gone.add(article)
            left[most] -= 1
            taken.append((most, article))
    return taken


def add_overlap(given: Iterable[Taken], has: Collection[int], number: int, seed: int) -> list[int]:
    """Articles of a round that a newcomer labels as well: those that fewest have, evenly over who has them.

    `given` are pairs of annotator and article. Chance decides among equals.

    >>> add_overlap([(1, 10), (2, 11), (2, 10)], (), 1, 3)
    [11]
    """
    people: dict[int, list[int]] = {}
    for annotator, article in sorted(given):
        people.setdefault(article, []).append(annotator)
    taken = set(has)
    free = Chance(seed, "late overlap").shuffled([article for article in people if article not in taken])
    free.sort(key=lambda article: len(people[article]))
    together: Counter[int] = Counter()
    chosen: list[int] = []
    while free and len(chosen) < number:
        few = [article for article in free[:LOOKED_AT] if len(people[article]) == len(people[free[0]])]
        best = min(few, key=lambda article: sum(together[who] for who in people[article]))
        free.remove(best)
        chosen.append(best)
        together.update(people[best])
    return chosen
