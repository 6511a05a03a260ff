"""What a draw comes to: loads, strata and pairs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from .model import Candidate, Draw


class Load(NamedTuple):
    articles: int
    units: int


class StratumLine(NamedTuple):
    """Of a stratum, how many articles there were, and how many with how many units were drawn."""

    stratum: str
    candidates: int
    articles: int
    units: int


class Pair(NamedTuple):
    """How many articles two annotators share: fewest and most over all pairs."""

    fewest: int
    most: int


@dataclass(frozen=True)
class Summary:
    loads: Mapping[int, Load]
    strata: Sequence[StratumLine]
    articles: int
    shares: int
    shared: int
    """Articles that more than one annotator gets."""
    pairs: Pair | None
    """None where nobody shares anything."""


def summarise(
    candidates: Sequence[Candidate], gold: Sequence[Candidate], annotators: Sequence[int], draw: Draw
) -> Summary:
    size = {one.id: one.size for one in (*candidates, *gold)}
    articles, units = Counter[int](), Counter[int]()
    people: dict[int, list[int]] = {}
    for share in draw.shares:
        articles[share.annotator] += 1
        units[share.annotator] += size.get(share.article, 0)
        people.setdefault(share.article, []).append(share.annotator)
    shared = [who for who in people.values() if len(who) > 1]
    loads = {who: Load(articles[who], units[who]) for who in sorted(annotators)}
    lines = _strata(candidates, set(draw.articles))
    return Summary(loads, lines, len(people), len(draw.shares), len(shared), _pairs(shared, sorted(annotators)))


def _strata(candidates: Sequence[Candidate], drawn: set[int]) -> list[StratumLine]:
    there = Counter(one.stratum for one in candidates)
    articles = Counter(one.stratum for one in candidates if one.id in drawn)
    units: Counter[str] = Counter()
    for one in candidates:
        if one.id in drawn:
            units[one.stratum] += one.size
    return [StratumLine(name, there[name], articles[name], units[name]) for name in sorted(there)]


def _pairs(shared: Sequence[Sequence[int]], annotators: Sequence[int]) -> Pair | None:
    if not shared:
        return None
    counted = Counter(pair for who in shared for pair in combinations(sorted(who), 2))
    possible = len(annotators) * (len(annotators) - 1) // 2
    return Pair(0 if len(counted) < possible else min(counted.values()), max(counted.values()))
