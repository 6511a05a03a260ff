"""One variable's agreement by parts: of units, of annotators, of occasions.

A part holds fewer units than the whole, and often fewer values too, which lowers alpha by itself; so each figure comes
with its interval, its number of units and the plain percentage.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .alpha import krippendorff_alpha
from .arrays import BoolArray, IntArray
from .char_alpha import char_alpha
from .coefficient import Coefficient, not_defined
from .majority import beside_majority
from .measures import FREE_TEXT, TOO_MANY, Compared, compared
from .percent import percent_agreement
from .report import ENOUGH_ARTICLES
from .resample import Resampling, group_numbers
from .variable import VariableRatings, numeric

REPLICATES = 1000
MOST_PARTS = 50
VOTED = ("nominal", "ordinal", "masi", "jaccard")
"""Scales whose answers can have a majority."""
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


def unnamed(ratings: VariableRatings) -> VariableRatings:
    """The same answers without regard to who gave them, in as few rows as hold them.

    The figures of a part of units ignore who rated. Hundreds of annotators of a few units each make a few rows.

    >>> whole = VariableRatings("v", "single", ["A", "B"], [["a", None], [None, "b"]], [1, 2], [1, 1])
    >>> unnamed(whole).ratings
    [['a', 'b']]
    """
    given = [[answer for answer in answers if answer is not None] for answers in zip(*ratings.ratings, strict=True)]
    most = max(map(len, given), default=0)
    return replace(
        ratings,
        annotators=[str(row) for row in range(1, most + 1)],
        ratings=[[own[row] if row < len(own) else None for own in given] for row in range(most)],
    )


def part_of(
    key: Hashable, ratings: VariableRatings, *, replicates: int | None = REPLICATES, seed: int | None = None
) -> Part:
    """The agreement of these ratings alone. Whole articles are drawn where there are enough, as in the report."""
    pairable = ratings.answered().sum(axis=0) >= 2
    resampling = _resampling(group_numbers(ratings.articles), pairable, replicates, seed)
    data = compared(ratings)
    percent = None if data.spans else percent_agreement(data.coded, **resampling)
    return Part(key, int(pairable.sum()), _headline(data, resampling), percent)


def _resampling(articles: IntArray, pairable: BoolArray, replicates: int | None, seed: int | None) -> Resampling:
    by_article = len(np.unique(articles[pairable])) >= ENOUGH_ARTICLES
    return Resampling(replicates=replicates, seed=seed, groups=articles if by_article else None)


def _headline(data: Compared, resampling: Resampling) -> Coefficient:
    if data.spans:
        return char_alpha(data.spans, **resampling)
    if data.scale in ("text", "open"):
        return not_defined(FREE_TEXT if data.scale == "text" else TOO_MANY, units=data.coded.patterns.number_with(2))
    by_number = data.scale in ("interval", "ratio")
    answers = numeric(data.coded, data.codes) if by_number else data.coded
    return krippendorff_alpha(answers, metric=data.scale, **resampling)


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
    ratings = unnamed(ratings)
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
    answers = answered.sum(axis=0)
    shared = (answered & (answers >= 2)).sum(axis=1)
    chosen = sorted(np.argsort(-shared, kind="stable")[:MOST_PARTS].tolist())
    data, articles = compared(ratings), group_numbers(ratings.articles)
    # A column at least: where nobody answered there is no label.
    counts = data.coded.by_rater.counts(max(1, len(data.coded.labels))) if data.scale in VOTED else None
    found = []
    for row in chosen:
        others = [other for other in range(len(answered)) if other != row]
        drawn = _resampling(articles, answers - answered[row] >= 2, replicates, seed)
        without = _headline(data.of_raters(others), drawn) if len(others) > 1 else not_defined(ALONE)
        majority, ties = None, 0
        if counts is not None:
            two, ties = beside_majority(data.coded, row, counts)
            drawn = _resampling(articles, two.by_rater.units_with(2), replicates, seed)
            majority = percent_agreement(two, **drawn)
        found.append(AgainstRest(ratings.annotators[row], int(shared[row]), without, majority, ties))
    return found, len(shared) - len(chosen)
