"""The answers of a round, read as lean columns: a million of them in two seconds."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from annotator.core.carrying import shifted
from annotator.core.codebook import Json, Variable
from annotator.models import Label
from annotator.queries.rated_units import Alike
from projects.models import Round

CHUNK = 20_000
Place = tuple[int, int]
"""The number of a unit and the number of a member."""


@dataclass(frozen=True)
class Given:
    """A column a variable, an entry a place; and the keys that wait to be confirmed, by place."""

    answers: Mapping[str, list[Json]]
    waiting: Mapping[int, Set[str]]


class _Parsed(dict[str, Json]):
    """JSON texts as values: each is parsed once, so that equal answers are one object."""

    def __missing__(self, text: str) -> Json:
        self[text] = value = json.loads(text)
        return value


def given_answers(
    round: Round, variables: Sequence[Variable], alike: Alike, place_of: Mapping[tuple[int, int], int]
) -> Given:
    """The answers to these variables; `place_of` numbers the places by (unit, share)."""
    places = max(place_of.values(), default=-1) + 1
    kinds = {variable.key: variable.kind for variable in variables}
    answers: dict[str, list[Json]] = {key: [None] * places for key in kinds}
    said = Label.objects.filter(round=round, variable__in=kinds)
    moved, parsed = alike.moved, _Parsed()
    answered = said.filter(value__isnull=False, to_confirm=False).annotate(text=Cast("value", TextField()))
    for unit, share, key, text in answered.values_list("unit_id", "assignment_id", "variable", "text").iterator(CHUNK):
        # A share has places on its present text alone: labels on the units of earlier ones are history.
        place = place_of.get((unit, share))
        if place is not None:
            given = parsed[text]
            answers[key][place] = shifted(kinds[key], given, moved[unit]) if unit in moved else given
    return Given(answers, _waiting(said, place_of))


def _waiting(said: QuerySet[Label], place_of: Mapping[tuple[int, int], int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for unit, share, key in said.filter(to_confirm=True).values_list("unit_id", "assignment_id", "variable"):
        if (unit, share) in place_of:
            found.setdefault(place_of[unit, share], set()).add(key)
    return found
