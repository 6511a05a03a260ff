"""One variable's agreement by parts: of units, of annotators, of occasions.

A part holds fewer units than the whole, and often fewer values too, which lowers alpha by itself; so each figure comes
with its interval, its number of units and the plain percentage.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .alpha import krippendorff_alpha
from .char_alpha import char_alpha
from .coefficient import Coefficient, not_defined
from .measures import FREE_TEXT, TOO_MANY, compared
from .percent import percent_agreement
from .report import ENOUGH_ARTICLES
from .resample import Resampling
from .variable import VariableRatings, numeric

REPLICATES = 1000
MOST_PARTS = 50
ALONE = "there is nobody else to compare with"


@dataclass(frozen=True)
class Part:
    """The agreement of one part: `figure` is the headline of the variable; `percent` is None for spans.

    `units` were answered by two or more.
    """

    key: Hashable
    units: int
    figure: Coefficient
    percent: Coefficient | None


@dataclass(frozen=True)
class Breakdown:
    """The parts in the order of their first units.

    `left_out` counts the parts beyond MOST_PARTS, the smallest; `unplaced` the answered units that belong to none.
    """

    parts: Sequence[Part]
    left_out: int
    unplaced: int


def taken(
    ratings: VariableRatings, places: Sequence[int] | None = None, rows: Sequence[int] | None = None
) -> VariableRatings:
    """Some units and some annotators of the ratings, by their places.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b"], ["c", "b"]], [1, 2], [1, 1])
    >>> taken(whole, places=[1], rows=[0]).ratings
    [['b']]
    """
    kept = range(len(ratings.annotators)) if rows is None else rows
    if places is None:
        return replace(
            ratings,
            annotators=[ratings.annotators[row] for row in kept],
            ratings=[ratings.ratings[row] for row in kept],
        )
    return replace(
        ratings,
        annotators=[ratings.annotators[row] for row in kept],
        ratings=[[ratings.ratings[row][place] for place in places] for row in kept],
        units=[ratings.units[place] for place in places],
        articles=[ratings.articles[place] for place in places],
        extents=[ratings.extents[place] for place in places] if ratings.extents else (),
    )


def part_of(
    key: Hashable, ratings: VariableRatings, *, replicates: int | None = REPLICATES, seed: int | None = None
) -> Part:
    """The agreement of these ratings alone. Whole articles are drawn where there are enough, as in the report."""
    pairable = ratings.answered().sum(axis=0) >= 2
    articles = {article for article, kept in zip(ratings.articles, pairable.tolist(), strict=True) if kept}
    by_article = len(articles) >= ENOUGH_ARTICLES
    resampling = Resampling(replicates=replicates, seed=seed, groups=ratings.articles if by_article else None)
    data = compared(ratings)
    percent = None if data.spans else percent_agreement(data.coded, **resampling)
    if data.spans:
        figure = char_alpha(data.spans, **resampling)
    elif data.scale in ("text", "open"):
        figure = not_defined(FREE_TEXT if data.scale == "text" else TOO_MANY, units=int(pairable.sum()))
    else:
        by_number = data.scale in ("interval", "ratio")
        coded = numeric(data.coded, data.codes) if by_number else data.coded
        figure = krippendorff_alpha(coded, metric=data.scale, **resampling)
    return Part(key, int(pairable.sum()), figure, percent)


def by_unit(
    ratings: VariableRatings,
    groups: Sequence[Hashable | None],
    *,
    replicates: int | None = REPLICATES,
    seed: int | None = None,
) -> Breakdown:
    """The agreement within each group of units; `groups` names that of each unit, None leaves the unit out.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", "b", "a"], ["a", "b", "b"]], [1, 2, 3], [1, 1, 1])
    >>> [(part.key, part.units) for part in by_unit(whole, ["x", "x", "y"], replicates=None).parts]
    [('x', 2), ('y', 1)]
    """
    places: dict[Hashable | None, list[int]] = {}
    for place in np.flatnonzero(ratings.answered().sum(axis=0)).tolist():
        places.setdefault(groups[place], []).append(place)
    unplaced = len(places.pop(None, ()))
    largest = set(sorted(places, key=lambda group: -len(places[group]))[:MOST_PARTS])
    parts = [
        part_of(group, taken(ratings, found), replicates=replicates, seed=seed)
        for group, found in places.items()
        if group in largest
    ]
    return Breakdown(parts, len(places) - len(parts), unplaced)


@dataclass(frozen=True)
class AgainstRest:
    """One annotator beside the others: `answers` are on units that somebody else answered too.

    `without` is the headline figure of the others alone. `majority` is the share of his answers that equal what most
    of the others gave; None where answers have no majority (numbers, text, spans). `ties` units had none.
    """

    annotator: str
    answers: int
    without: Coefficient
    majority: Coefficient | None
    ties: int


def against_rest(
    ratings: VariableRatings, *, replicates: int | None = REPLICATES, seed: int | None = None
) -> tuple[list[AgainstRest], int]:
    """Each annotator against the rest, in the order given, and how many beyond MOST_PARTS are left out.

    Leaving one out tells how much of the figure he is: the influence of an observation in the jackknife (Efron &
    Tibshirani 1993, An Introduction to the Bootstrap, ch. 11). Comparing his answers with the label that most of the
    others gave follows Snow, O'Connor, Jurafsky & Ng (2008), Cheap and fast, but is it good?, EMNLP.
    """
    answered = ratings.answered()
    pairable = answered.sum(axis=0) >= 2
    shared = (answered & pairable).sum(axis=1)
    chosen = sorted(np.argsort(-shared, kind="stable")[:MOST_PARTS].tolist())
    return [_against(ratings, row, int(shared[row]), replicates, seed) for row in chosen], len(shared) - len(chosen)


def _against(ratings: VariableRatings, row: int, answers: int, replicates: int | None, seed: int | None) -> AgainstRest:
    others = [other for other in range(len(ratings.annotators)) if other != row]
    if len(others) < 2:
        without = not_defined(ALONE)
    else:
        without = part_of("", taken(ratings, rows=others), replicates=replicates, seed=seed).figure
    if ratings.scale not in ("nominal", "ordinal", "masi", "jaccard"):
        return AgainstRest(ratings.annotators[row], answers, without, None, 0)
    most, ties = _majorities([ratings.ratings[other] for other in others], sets=ratings.kind == "multi")
    two = replace(
        ratings,
        annotators=[ratings.annotators[row], "majority"],
        ratings=[ratings.ratings[row], most],
    )
    own = ratings.ratings[row]
    tied = sum(1 for place in ties if own[place] is not None)
    found = part_of("", two, replicates=replicates, seed=seed)
    return AgainstRest(ratings.annotators[row], answers, without, found.percent, tied)


def _majorities(rows: Sequence[Sequence[object]], *, sets: bool) -> tuple[list[object], list[int]]:
    """What most of these annotators gave on each unit, None where nobody answered or it is a tie; and the ties.

    Of sets each value is voted on by itself, and a value that just half gave makes a tie.
    """
    found: list[object] = []
    ties = []
    for place, answers in enumerate(zip(*rows, strict=True)):
        given = [answer for answer in answers if answer is not None]
        most = (_of_sets(given) if sets else _of_values(given)) if given else None
        if given and most is None:
            ties.append(place)
        found.append(most)
    return found, ties


def _of_values(given: Sequence[object]) -> object:
    counted = Counter(map(_hashable, given)).most_common(2)
    return None if len(counted) == 2 and counted[0][1] == counted[1][1] else counted[0][0]


def _of_sets(given: Sequence[object]) -> object:
    counted = Counter(value for answer in given for value in frozenset(_several(answer)))
    if any(2 * n == len(given) for n in counted.values()):
        return None
    return sorted((value for value, n in counted.items() if 2 * n > len(given)), key=str)


def _hashable(answer: object) -> Hashable:
    return answer if isinstance(answer, Hashable) else str(answer)


def _several(answer: object) -> Sequence[Hashable]:
    return answer if isinstance(answer, list | tuple) else [_hashable(answer)]
