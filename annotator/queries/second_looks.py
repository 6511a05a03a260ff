"""The same annotator on the same sentence twice: on a later occasion, or where a sentence repeats another."""

from collections.abc import Sequence
from dataclasses import replace

from annotator.core.agreement import VariableRatings
from annotator.core.errors import NotFoundError
from annotator.core.repeats import same_words
from annotator.queries.rated import Rated, check_key, kept_rated, rated
from annotator.queries.ratings import compared_shares, round_ratings
from annotator.queries.reports import kept
from projects.models import Round, TextVersion
from projects.queries.codebooks import codebook

MOST_REPEATS = 10
"""Of sentences that repeat each other so many count."""
EVERYBODY = ""

Looks = Sequence[tuple[str, VariableRatings]]
"""An annotator's ratings with one row an occasion; first those of all annotators (EVERYBODY), one item each."""


def has_occasions(round: Round) -> bool:
    return round.purpose == Round.Purpose.RETEST or round.retest_of_id is not None or compared_shares(round, 2).exists()


def occasions(round: Round, key: str, visible: Sequence[Round]) -> Looks:
    """First answers and second ones: of this round, or of it and the round whose articles it gives again.

    A retest that doesn't name that round repeats the newest one it can be compared with.
    """
    second = kept(round, f"rated-2-{key}", lambda: rated(round_ratings(round, only=key, occasion=2), key))
    if second.units:
        return _paired(kept_rated(round, key), second)
    named = round.retest_of_id
    is_retest = round.purpose == Round.Purpose.RETEST or named is not None
    # Where gold was shown after each answer, the second one is no longer the annotator's own.
    earlier = [other for other in visible if other.pk < round.pk and not other.feedback] if is_retest else []
    earlier = [other for other in earlier if named in (None, other.pk)]
    for other in sorted(earlier, key=lambda other: -other.pk):
        try:
            check_key(codebook(other.codebook_version_id), key)
        except NotFoundError:
            continue
        found = _paired(kept_rated(other, key), kept_rated(round, key))
        if found:
            return found
    return ()


def _paired(first: Rated, second: Rated) -> Looks:
    """The ratings of those who answered a unit on both occasions."""
    place = {unit.id: number for number, unit in enumerate(first.units)}
    common = [(place[unit.id], number) for number, unit in enumerate(second.units) if unit.id in place]
    row = {name: number for number, name in enumerate(first.ratings.annotators)}
    found = []
    for number, name in enumerate(second.ratings.annotators):
        if name in row:
            own, later = first.ratings.ratings[row[name]], second.ratings.ratings[number]
            both = [(a, b) for a, b in common if own[a] is not None and later[b] is not None]
            answers = [[own[a] for a, _ in both], [later[b] for _, b in both]]
            found.append((name, _of(second.ratings, answers, [b for _, b in both])))
    return _with_everybody([(name, looks) for name, looks in found if looks.units])


def repeats(given: Rated) -> Looks:
    """Sentences in the same words, by whom they were answered more than once. Marks aren't compared: they lie apart."""
    texts = TextVersion.objects.in_bulk({unit.text_version for unit in given.units})
    words = [texts[unit.text_version].text[unit.start : unit.end] if unit.index else "" for unit in given.units]
    several = [places for places in same_words(words).values() if len(places) > 1]
    found = []
    for name, row in zip(given.ratings.annotators, given.ratings.ratings, strict=True):
        own = [[place for place in places if row[place] is not None][:MOST_REPEATS] for places in several]
        twice = [places for places in own if len(places) > 1]
        most = max(map(len, twice), default=0)
        answers = [[row[places[n]] if n < len(places) else None for places in twice] for n in range(most)]
        found.append((name, _of(given.ratings, answers, [places[0] for places in twice])))
    return _with_everybody([(name, looks) for name, looks in found if looks.units])


def _of(ratings: VariableRatings, answers: list[list[object]], places: Sequence[int]) -> VariableRatings:
    return replace(
        ratings,
        annotators=[str(number) for number in range(1, len(answers) + 1)],
        ratings=answers,
        units=[ratings.units[place] for place in places],
        articles=[ratings.articles[place] for place in places],
        extents=[ratings.extents[place] for place in places] if ratings.extents else (),
    )


def _with_everybody(looks: list[tuple[str, VariableRatings]]) -> Looks:
    """The items of all annotators as those of one: each compares himself with himself."""
    if len(looks) < 2:
        return looks
    most = max(len(own.ratings) for _, own in looks)
    rows = [
        [answer for _, own in looks for answer in (own.ratings[n] if n < len(own.ratings) else [None] * len(own.units))]
        for n in range(most)
    ]
    whole = replace(
        looks[0][1],
        annotators=[str(number) for number in range(1, most + 1)],
        ratings=rows,
        units=[unit for _, own in looks for unit in own.units],
        articles=[article for _, own in looks for article in own.articles],
        extents=[extent for _, own in looks for extent in own.extents],
    )
    return [(EVERYBODY, whole), *looks]
