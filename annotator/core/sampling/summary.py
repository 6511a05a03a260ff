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
    loads = {who: [0, 0] for who in sorted(annotators)}
    people: dict[int, list[int]] = {}
    for article, annotator, _ in draw.shares:
        load = loads[annotator]
        load[0] += 1
        load[1] += size.get(article, 0)
        people.setdefault(article, []).append(annotator)
    shared = [who for who in people.values() if len(who) > 1]
    return Summary(
        loads={who: Load(*load) for who, load in loads.items()},
        strata=_strata(candidates, set(draw.articles)),
        articles=len(people),
        shares=len(draw.shares),
        shared=len(shared),
        pairs=_pairs(shared, len(loads)),
    )


def _strata(candidates: Sequence[Candidate], drawn: set[int]) -> list[StratumLine]:
    there = Counter(one.stratum for one in candidates)
    articles = dict.fromkeys(there, 0)
    units = dict.fromkeys(there, 0)
    for article, size, stratum in candidates:
        if article in drawn:
            articles[stratum] += 1
            units[stratum] += size
    return [StratumLine(name, there[name], articles[name], units[name]) for name in sorted(there)]


def _pairs(shared: Sequence[Sequence[int]], annotators: int) -> Pair | None:
    if not shared:
        return None
    counted = Counter(pair for who in shared for pair in combinations(sorted(who), 2))
    possible = annotators * (annotators - 1) // 2
    return Pair(0 if len(counted) < possible else min(counted.values()), max(counted.values()))
