"""The units of a question on which annotators differ, and in which order they are worth deciding."""

import json
from collections import Counter
from collections.abc import Sequence
from time import monotonic, time
from typing import NamedTuple

import numpy as np
from django.core.cache import cache

from annotator.core.agreement.by_unit import by_unit
from annotator.core.codebook import CANNOT_TELL, Json, Variable
from annotator.queries.disagreements import compared_answer, differing
from annotator.queries.ratings import RoundRatings, round_ratings, variable_ratings
from annotator.queries.reports import KEPT_SECONDS, labels_state
from projects.models import Round
from projects.queries.codebooks import codebook

SLOW = 1.0
"""Seconds. An order that took longer to work out ..."""
PATIENCE = 20
"""... is good for so many times as long, though labels come in meanwhile."""


class Disputed(NamedTuple):
    """A unit on which answers differ: its place in the round's text, how far they are apart, and what it costs alpha.

    `split` says how often each answer was given, the commonest first.
    """

    unit: int
    place: int
    disagreement: float
    gain: float
    split: tuple[int, ...]


def disputed(round: Round, variable: str) -> Sequence[Disputed]:
    """In the order of the text. Worked out from all ratings of the question, and kept."""
    key = f"disputed-{round.pk}-{round.codebook_version_id}-{variable}"
    of_state, until, found = cache.get(key) or ("", 0.0, None)
    if found is not None and time() < until:
        return list(found)
    state, begun = labels_state(round), monotonic()
    if found is None or of_state != state:
        found = _disputed(round, codebook(round.codebook_version_id).variable(variable))
        took = monotonic() - begun
        until = time() + (PATIENCE * took if took > SLOW else 0)
        cache.set(key, (state, until, found), KEPT_SECONDS)
    return list(found)


def _disputed(round: Round, variable: Variable) -> list[Disputed]:
    ratings = round_ratings(round, only=variable.key)
    parts = variable_ratings(ratings, variable)
    units = ratings.of_scope(variable)
    whole = list(zip(*ratings.rows(variable, units).ratings, strict=True))
    untold = _untold(ratings, variable)
    torn = {
        place
        for place, unit in enumerate(units)
        if unit.id in untold and any(answer is not None for answer in whole[place])
    }
    places = sorted(torn.union(*(differing(part) for part in parts)))
    measured = [by_unit(part) for part in parts]
    apart = np.mean([part.disagreement for part in measured], axis=0)
    gain = np.mean([part.gain for part in measured], axis=0)
    return [
        Disputed(
            units[place].id,
            place,
            float(apart[place]),
            float(gain[place]),
            split_of(whole[place], untold[units[place].id]),
        )
        for place in places
    ]


def _untold(ratings: RoundRatings, variable: Variable) -> Counter[int]:
    """How many annotators can't tell, by unit: no answer for a coefficient, but one that others may differ from."""
    answers = ratings.answers[variable.key]
    at = (unit for place, (unit, _) in enumerate(ratings.places) if answers[place] == CANNOT_TELL)
    return Counter(ratings.units[unit].id for unit in at)


def split_of(answers: Sequence[Json], untold: int = 0) -> tuple[int, ...]:
    given = Counter(_told_apart(answer) for answer in answers if answer is not None)
    return tuple(sorted([*given.values(), *([untold] if untold else [])], reverse=True))


def _told_apart(answer: Json) -> object:
    """Attributions by all that they hold, other answers by what the coefficients see of them."""
    is_attribution = isinstance(answer, list) and answer and isinstance(answer[0], dict) and "spans" in answer[0]
    return json.dumps(answer, sort_keys=True) if is_attribution else compared_answer(answer)
