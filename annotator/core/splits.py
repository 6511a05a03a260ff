"""Train, validation and test: articles dealt out by a seed, those that share text kept together.

Groups of articles stand in an order by hash (of the seed and of each group's smallest external id), stratum by stratum,
and each goes to the part that is furthest behind its share (Webster's method of seats; Sainte-Laguë 1910). So every run
of neighbours is dealt in the shares asked for, the whole as well as each stratum, and nothing depends on a database or
on a generator of random numbers. The shares are exact, which costs this: an article that comes in later may move
others. Publish the split with the data.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotator.core.duplicates import Shingler, groups
from annotator.core.errors import InvalidError

SPLITS = ("train", "validation", "test")
LEAST_WORDS = 5
"""A wording of fewer words (“He did not.”) joins no articles: it is told as repeated."""
MOST_ARTICLES = 10
"""Nor does one that stands in more articles than this: boilerplate would join everything."""


@dataclass(frozen=True)
class Shares:
    """What is asked of a split, in per cent; a part with 0 gets nothing."""

    train: int = 80
    validation: int = 10
    test: int = 10
    seed: int = 1
    by_outlet: bool = False

    def __post_init__(self) -> None:
        if min(self.parts.values()) < 0 or sum(self.parts.values()) != 100:
            raise InvalidError("The shares of train, validation and test have to add up to 100 per cent.")

    @property
    def parts(self) -> Mapping[str, int]:
        return {"train": self.train, "validation": self.validation, "test": self.test}


@dataclass(frozen=True)
class Group:
    """Articles that share text, by external id in order."""

    articles: Sequence[str]
    stratum: str = ""


class Wordings:
    """The wordings of sentences, and where each stands; 16 bytes a sentence."""

    def __init__(self) -> None:
        self._shingler = Shingler()
        self._keys, self._articles, self._numbers = array("Q"), array("I"), array("I")

    def add(self, article: int, number: int, sentence: str) -> None:
        """Note the sentence with this number in an article, by its place."""
        words = self._shingler.words(sentence)
        key = int.from_bytes(_digest(" ".join(words) if words else sentence, size=8), "little")
        self._keys.append(key | 1 if len(words) >= LEAST_WORDS else key & ~1)
        self._articles.append(article)
        self._numbers.append(number)

    def joining(self) -> Iterator[tuple[int, int]]:
        """Pairs of articles that have to stay together."""
        keys, places = self._sorted()
        once = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]) | (places[1:] != places[:-1])][: len(keys)])
        keys, places = keys[once], places[once]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
        sizes = np.diff(np.r_[starts, len(keys)])
        found = (sizes > 1) & (sizes <= MOST_ARTICLES) & (keys[starts] & np.uint64(1) == 1)
        for start, size in zip(starts[found].tolist(), sizes[found].tolist(), strict=True):
            first, *others = places[start : start + size].tolist()
            yield from ((first, other) for other in others)

    def repeated(self, parts: Sequence[str]) -> list[tuple[int, int]]:
        """Article and number of the sentences whose wording stands in another part too; `parts` is by article."""
        if not self._keys:
            return []
        number_of = np.array([SPLITS.index(part) for part in parts])
        keys, places = self._sorted()
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        part = number_of[places]
        mixed = keys[starts][np.minimum.reduceat(part, starts) < np.maximum.reduceat(part, starts)]
        hit = np.flatnonzero(np.isin(np.frombuffer(self._keys, dtype=np.uint64), mixed)).tolist()
        return [(self._articles[place], self._numbers[place]) for place in hit]

    def _sorted(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        keys = np.array(self._keys, dtype=np.uint64)
        places = np.array(self._articles, dtype=np.uint32)
        order = np.lexsort((places, keys))
        return keys[order], places[order]


def grouped(articles: Sequence[str], pairs: Iterable[tuple[int, int]], strata: Sequence[str]) -> list[Group]:
    """The articles in groups: `pairs` are places of two that stay together. A group has its first one's stratum.

    >>> grouped(["c", "a", "b"], [(0, 1)], ["x", "y", "x"])
    [Group(articles=['a', 'c'], stratum='y'), Group(articles=['b'], stratum='x')]
    """
    order = sorted(range(len(articles)), key=articles.__getitem__)
    place = {article: number for number, article in enumerate(order)}
    joined = groups([(place[one], place[other]) for one, other in pairs])
    alone = set(range(len(articles))).difference(*joined)
    found = sorted([*joined, *([number] for number in alone)])
    return [Group([articles[order[n]] for n in group], strata[order[group[0]]]) for group in found]


def dealt(found: Iterable[Group], shares: Shares) -> dict[str, str]:
    """The part of each article.

    >>> parts = dealt([Group([f"a{n}"]) for n in range(20)], Shares())
    >>> sorted(Counter(parts.values()).items())
    [('test', 2), ('train', 16), ('validation', 2)]
    """
    taken: Counter[str] = Counter()
    parts: dict[str, str] = {}

    def behind(split: str, size: int) -> tuple[float, int]:
        return ((taken[split] + size / 2) / shares.parts[split], ("train", "test", "validation").index(split))

    for group in sorted(found, key=lambda group: _rank(group, shares)):
        size = len(group.articles)
        split = min((name for name in SPLITS if shares.parts[name]), key=lambda name: behind(name, size))
        taken[split] += size
        parts |= dict.fromkeys(group.articles, split)
    return parts


def _rank(group: Group, shares: Shares) -> tuple[bytes, bytes]:
    stratum = _digest(f"{shares.seed} {group.stratum}") if shares.by_outlet else b""
    return stratum, _digest(f"{shares.seed} {group.articles[0]}")


def _digest(text: str, size: int = 16) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()
