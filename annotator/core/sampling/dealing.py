"""Who gets which of the articles drawn.

Loads come first: how many articles each annotator is to get is fixed before anything is dealt, so that without
capacities they differ by one at most. Articles for several annotators are dealt next, so that every pair of annotators
shares about as many; then those for one, so that loads in units even out too.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from annotator.core.errors import InvalidError

from .chance import Chance, Places
from .choosing import apportion, choose
from .model import GOLD, OVERLAP, WORK, Annotator, Candidate, Draw, Share, Spec

PAIR, LEVEL, MUST, GONE = 1 << 10, 1 << 36, 1 << 58, 1 << 62
"""Weights of an annotator's claim to an article: below them chance, between them what counts less."""
NOISES = 64


def draw(candidates: Sequence[Candidate], annotators: Sequence[Annotator], spec: Spec) -> Draw:
    """Draw articles and deal them. Raises InvalidError, with what would be possible, where that can't be done."""
    people = sorted(annotators)
    _refuse_unfit(people, spec)
    gold = sorted(spec.gold)
    marked = {one.id for one in gold}
    chosen = choose([one for one in candidates if one.id not in marked], spec)
    twice, once = _parted(chosen, spec)
    several = spec.overlap if spec.overlap > 1 else 2
    room = _room(people, len(gold), len(chosen))
    _refuse_full(room, len(twice) * several + len(once), len(chosen), len(people), spec)
    order = Chance(spec.seed, "annotators").order(len(people))
    loads = even(len(twice) * several + len(once), room, order)
    shared = even(len(twice) * several, np.minimum(loads, len(twice)), order[::-1])
    why = OVERLAP if spec.double else WORK
    dealt = deal_several(len(twice), several, shared, Chance(spec.seed, "pairs"))
    shares = [Share(one.id, people[j].id, why) for one, row in zip(twice, dealt.tolist(), strict=True) for j in row]
    size = np.array([one.size for one in twice], dtype=np.int64)
    units = np.zeros(len(people), dtype=np.int64)
    np.add.at(units, dealt, size[:, None])
    alone = deal_once([one.size for one in once], loads - shared, units, order)
    shares += [Share(one.id, people[j].id, WORK) for one, j in zip(once, alone, strict=True)]
    shares += [Share(one.id, person.id, GOLD) for one in gold for person in people]
    return Draw([one.id for one in chosen], Chance(spec.seed, "order").shuffled(shares))


def even(total: int, room: Places, order: Places) -> Places:
    """`total` seats dealt as evenly as `room` allows; who gets one more is decided by `order`.

    >>> even(10, np.array([9, 2, 9]), np.array([2, 0, 1])).tolist()
    [4, 2, 4]
    """
    low, high = 0, int(room.max(initial=0))
    while low < high:
        level = (low + high + 1) // 2
        low, high = (level, high) if int(np.minimum(room, level).sum()) <= total else (low, level - 1)
    seats = np.minimum(room, low)
    more = [j for j in order.tolist() if room[j] > low]
    seats[more[: total - int(seats.sum())]] += 1
    return seats


def deal_several(articles: int, each: int, loads: Places, chance: Chance) -> Places:
    """For each article `each` different annotators, so that annotator j gets loads[j]; a row an article.

    An article goes to those who are furthest from their load; among them to those who share fewest articles with whom
    it has already, and then by chance. Who still has as much to get as there are articles left comes first: so it
    always comes out (the greedy choice in the proof of the theorem of Gale and Ryser).
    """
    people = len(loads)
    left, most = loads.copy(), np.maximum(loads, 1)
    top = int(loads.max(initial=0))
    level = -(-left * top // most)
    together = np.zeros((people, people), dtype=np.int64)
    noise = (chance.keys(NOISES * people) >> np.uint64(56)).astype(np.int64).reshape(NOISES, people)
    dealt = np.empty((articles, each), dtype=np.int64)
    for place in range(articles):
        claim = noise[place % NOISES] - level * LEVEL
        claim[left >= articles - place] = -MUST
        claim[left == 0] = MUST
        row = dealt[place]
        for seat in range(each):
            taken = int(claim.argmin())
            row[seat] = taken
            claim += together[taken] * PAIR
            claim[taken] = GONE
        left[row] -= 1
        level[row] = -(-left[row] * top // most[row])
        together[row[:, None], row] += 1
    return dealt


def deal_once(sizes: Sequence[int], loads: Places, units: Places, order: Places) -> list[int]:
    """For each article one annotator, so that annotator j gets loads[j], and units even out.

    The articles, alike ones beside each other, are dealt in rounds in which about everybody gets one; within a round
    the longest goes to who has got the least for his number of articles.
    """
    dealt: list[int] = []
    if not sizes:
        return dealt
    mean = sum(sizes) // len(sizes)
    ahead = units - units.sum() // max(len(units), 1)
    start = 0
    for seats in _rounds(loads, order):
        size = np.array(sizes[start : start + len(seats)], dtype=np.int64)
        by_size, by_need = np.argsort(-size, kind="stable"), seats[np.argsort(ahead[seats], kind="stable")]
        row = np.empty(len(seats), dtype=np.int64)
        row[by_size] = by_need
        np.add.at(ahead, row, size - mean)
        dealt += row.tolist()
        start += len(seats)
    return dealt


def _rounds(loads: Places, order: Places) -> Iterator[Places]:
    """The seats of all annotators, spread evenly over the whole, in rounds of as many as there are annotators."""
    seats = np.repeat(order, loads[order])
    nth = np.arange(len(seats)) - np.repeat(np.cumsum(loads[order]) - loads[order], loads[order])
    # (2 nth + 1) / (2 load) without fractions.
    due = (2 * nth + 1) * (1 << 32) // (2 * np.maximum(loads[seats], 1))
    spread = seats[np.argsort(due, kind="stable")]
    people = max(len(order), 1)
    for start in range(0, len(spread), people):
        yield spread[start : start + people]


def _parted(chosen: Sequence[Candidate], spec: Spec) -> tuple[list[Candidate], list[Candidate]]:
    """The articles for several annotators and those for one, each with alike ones beside each other."""
    in_order = Chance(spec.seed, "double").shuffled(chosen)
    alike = sorted(in_order, key=lambda one: (one.stratum, -one.size))
    if spec.overlap > 1:
        return alike, []
    number = max(1, round(spec.double * len(chosen))) if spec.double and chosen else 0
    left = apportion(number, Counter(one.stratum for one in chosen))
    twice: set[int] = set()
    for one in in_order:
        if left[one.stratum]:
            left[one.stratum] -= 1
            twice.add(one.id)
    return [one for one in alike if one.id in twice], [one for one in alike if one.id not in twice]


def _room(people: Sequence[Annotator], gold: int, articles: int) -> Places:
    """How many of the articles each annotator can take beside the gold."""
    full = [one for one in people if one.capacity is not None and one.capacity < gold]
    if full:
        raise InvalidError(f"Everybody gets the {gold} gold articles. Possible: a capacity of {gold} or more each.")
    room = [articles if one.capacity is None else min(one.capacity - gold, articles) for one in people]
    return np.array(room, dtype=np.int64)


def _refuse_unfit(people: Sequence[Annotator], spec: Spec) -> None:
    if not people:
        raise InvalidError("Choose at least one annotator.")
    if not 1 <= spec.overlap <= len(people):
        told = f"{spec.overlap} annotators an article are asked for. Possible: 1 to {len(people)}."
        raise InvalidError(told)
    if not 0 <= spec.double <= 1 or (spec.double and spec.overlap > 1):
        raise InvalidError("A part of the articles is labelled twice only where the others are labelled once.")
    if spec.double and len(people) < 2:
        raise InvalidError("To label articles twice takes two annotators.")


def _refuse_full(room: Places, seats: int, articles: int, people: int, spec: Spec) -> None:
    offered = int(room.sum())
    if seats <= offered:
        return
    told = f"The annotators can take {offered} articles together, {seats} are to be given out."
    fewer = _most_articles(room, seats, articles)
    possible = [f"{fewer} articles instead of {articles}"] if fewer else []
    overlap = offered // articles if articles else 0
    if 1 <= overlap < spec.overlap:
        possible.append(f"{overlap} annotators an article instead of {spec.overlap}")
    possible.append("larger capacities or more annotators")
    raise InvalidError(f"{told} Possible: {', or '.join(possible)}.")


def _most_articles(room: Places, seats: int, articles: int) -> int:
    """How many articles could be dealt, each to as many annotators as was asked on average."""
    low, high = 0, articles
    while low < high:
        number = (low + high + 1) // 2
        fits = -(-seats * number // articles) <= int(np.minimum(room, number).sum())
        low, high = (number, high) if fits else (low, number - 1)
    return low
