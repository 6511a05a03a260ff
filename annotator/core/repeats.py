"""Units of one article that repeat each other: in the same words, or nearly.

Words are folded as in `annotator.core.duplicates`: case, accents, punctuation and white space don't count. Its shingles
of five words are too coarse for sentences, where one other word in the middle breaks most of them; here runs of three
words find the candidates, and the shared words decide.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from annotator.core.duplicates import Shingler, groups

LEAST_WORDS = 4
"""Shorter units repeat by chance: “He said.”"""
RUN = 3
ALIKE = 0.8
"""Share of the words of both units that have a counterpart in the other (Dice's coefficient of the two bags)."""
MANY = 12
"""A run of more wordings than this joins neighbours only, so the work grows with the text, not with its square."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The places of units in the `same` words, and of all that have `nearly` the same; each in order, itself included.

    Units of one group share these lists, so that a thousand units that repeat each other take no million places.
    """

    same: Sequence[int]
    nearly: Sequence[int]


def repeats(texts: Sequence[str]) -> dict[int, Repeat]:
    """Find the units that repeat others, by their places.

    >>> found = repeats(["Eleven lorries have arrived.", "Nobody came.", "ELEVEN lorries have arrived"])
    >>> sorted(found), found[0].same
    ([0, 2], [0, 2])
    """
    places = same_words(texts)
    wordings = list(places)
    found: dict[int, Repeat] = {}
    for group in _grouped(wordings):
        nearly = sorted(place for number in group for place in places[wordings[number]])
        if len(nearly) > 1:
            found |= {
                place: Repeat(places[wordings[number]], nearly)
                for number in group
                for place in places[wordings[number]]
            }
    return found


def same_words(texts: Sequence[str]) -> dict[Words, list[int]]:
    """The places of each wording, those of LEAST_WORDS and more."""
    shingler = Shingler()
    places: dict[Words, list[int]] = {}
    for place, text in enumerate(texts):
        words = tuple(shingler.words(text))
        if len(words) >= LEAST_WORDS:
            places.setdefault(words, []).append(place)
    return places


def _grouped(wordings: Sequence[Words]) -> list[list[int]]:
    """All wordings, those that are nearly the same together."""
    return groups([*_near(wordings), *((number, number) for number in range(len(wordings)))])


def _near(wordings: Sequence[Words]) -> Iterator[tuple[int, int]]:
    bags = [Counter(words) for words in wordings]
    for one, other in _candidates(wordings):
        shared = (bags[one] & bags[other]).total()
        if 2 * shared >= ALIKE * (len(wordings[one]) + len(wordings[other])):
            yield one, other


def _candidates(wordings: Sequence[Words]) -> set[tuple[int, int]]:
    """The pairs that share a run of words."""
    owners: dict[Words, list[int]] = {}
    for number, words in enumerate(wordings):
        for run in {words[start : start + RUN] for start in range(len(words) - RUN + 1)}:
            owners.setdefault(run, []).append(number)
    return {pair for some in owners.values() if len(some) > 1 for pair in _pairs(some)}


def _pairs(some: Sequence[int]) -> Iterable[tuple[int, int]]:
    return combinations(some, 2) if len(some) <= MANY else pairwise(some)
