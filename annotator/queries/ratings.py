"""The labels of a round as ratings: one table an annotator a unit, ready for the coefficients.

What counts is decided here, on reading. A label whose condition no longer holds is *not asked*. A question that was
asked and has no answer is missing, with one exception: span variables that the codebook doesn't require. Nobody gives
an answer to say that there is nothing to mark, so on a unit that its annotator finished, such a question without an
answer counts as nothing marked, and the report says how often. Dropping those units would keep only the sentences in
which everybody marked something and so flatter the figure.

Where boundaries were mended, a label that waits to be confirmed is missing too, and only those units are compared that
all annotators of their article saw in the same extent: others did not read the same sentence.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q, QuerySet

from annotator.core.agreement import VariableRatings, attribution_parts
from annotator.core.carrying import shifted
from annotator.core.codebook import CANNOT_TELL, Codebook, Json, Variable, asked, codes
from annotator.models import Label
from annotator.queries.boundaries import same_extent
from annotator.queries.standing import standing
from projects.models import Assignment, Membership, Round, Unit
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares
from projects.queries.progress import done, scope_of

NOT_ASKED = "not asked"
UNANSWERED = "asked, not answered"
CANNOT_BE_TOLD = "annotator cannot tell"
NOTHING_MARKED = "passed over, counted as nothing marked"
TO_CONFIRM = "waits to be confirmed"
OTHER_EXTENT = "other boundaries for some annotators"


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """A unit of the round, with the external id of its article."""

    id: int
    index: int
    start: int
    end: int
    text_version: int
    article: str


class _Given(NamedTuple):
    unit: int
    start: int
    assignment: int
    variable: str
    value: Json
    to_confirm: bool


Place = tuple[int, int]
"""The ids of a unit and of a member."""


@dataclass(frozen=True)
class RoundRatings:
    """Everything that the annotators of a round answered on the units they were given.

    `answers[unit, member]` maps variable keys to answers; it has an entry for each unit that the member was assigned.
    `waiting[unit, member]` are the keys of the labels to confirm; `left_out` are the units that not all saw alike.
    """

    book: Codebook
    members: Sequence[Membership]
    units: Sequence[RatedUnit]
    answers: Mapping[Place, Mapping[str, Json]]
    waiting: Mapping[Place, Set[str]]
    left_out: Sequence[RatedUnit]
    _asked_keys: dict[Place, Set[str]] = field(default_factory=dict, repr=False)

    @property
    def annotators(self) -> list[str]:
        return [member.pseudonym for member in self.members]

    def rows(self, variable: Variable, units: Sequence[RatedUnit]) -> "Rows":
        """The answers to one variable: one row an annotator, one entry a unit of its scope."""
        missing: Counter[str] = Counter()
        rows = [[self._rating(variable, unit, member, missing) for unit in units] for member in self.members]
        return Rows(rows, dict(missing))

    def of_scope(self, variable: Variable) -> list[RatedUnit]:
        return [unit for unit in self.units if scope_of(unit.index) == variable.scope]

    def dropped(self, variable: Variable) -> dict[str, int]:
        """How many units of its scope nobody should compare."""
        units = sum(scope_of(unit.index) == variable.scope for unit in self.left_out)
        return {OTHER_EXTENT: units} if units else {}

    def _rating(self, variable: Variable, unit: RatedUnit, member: Membership, missing: Counter[str]) -> Json:
        answers = self.answers.get((unit.id, member.pk))
        if answers is None:
            return None
        answer = answers.get(variable.key)
        if variable.key not in self._asked(unit, member, answers):
            missing[NOT_ASKED] += 1
            return None
        waiting = self.waiting.get((unit.id, member.pk), frozenset())
        if variable.key in waiting:
            missing[TO_CONFIRM] += 1
            return None
        if answer is None and passed_over(self.book, variable, unit.index, answers, waiting):
            missing[NOTHING_MARKED] += 1
            return []
        if answer == CANNOT_TELL:
            missing[CANNOT_BE_TOLD] += 1
            return None
        if answer is None:
            missing[UNANSWERED] += 1
        return answer

    def _asked(self, unit: RatedUnit, member: Membership, answers: Mapping[str, Json]) -> Set[str]:
        """The keys of the variables asked of a unit, worked out once for all of them."""
        place = (unit.id, member.pk)
        if place not in self._asked_keys:
            self._asked_keys[place] = {v.key for v in asked(self.book, scope_of(unit.index), answers)}
        return self._asked_keys[place]


@dataclass(frozen=True)
class Rows:
    ratings: list[list[Json]]
    missing: dict[str, int]


def passed_over(
    book: Codebook, variable: Variable, index: int, answers: Mapping[str, Json], waiting: Set[str] = frozenset()
) -> bool:
    """Whether an open span question counts as "nothing marked": not required, on a finished unit."""
    return variable.kind == "span" and not variable.required and done(book, index, answers, waiting)


def compared_shares(round: Round) -> QuerySet[Assignment]:
    """The shares that are compared: first occasions on articles not in the trash; of linked copies one counts."""
    return counted_shares().filter(round=round, occasion=1)


def round_ratings(round: Round) -> RoundRatings:
    """Read a round in four queries, however many units it has, and two more where boundaries were mended in it."""
    assignments = list(compared_shares(round).values_list("pk", "member_id", "text_version_id"))
    owner = {pk: member for pk, member, _ in assignments}
    members = list(Membership.objects.filter(pk__in=set(owner.values())).order_by("pseudonym"))
    alike = _alike(_units({text for _, _, text in assignments}))
    in_text: dict[int, list[RatedUnit]] = {}
    for unit in alike.units:
        in_text.setdefault(unit.text_version, []).append(unit)
    answers: dict[Place, dict[str, Json]] = {
        (alike.compared[unit.id].id, member): {} for _, member, text in assignments for unit in in_text.get(text, ())
    }
    waiting: dict[Place, set[str]] = {}
    book = codebook(round.codebook_version_id)
    kinds = {variable.key: variable.kind for variable in book.variables}
    for label in _labels(round):
        if label.unit not in alike.compared or label.assignment not in owner or label.variable not in kinds:
            continue
        unit = alike.compared[label.unit]
        place = unit.id, owner[label.assignment]
        if label.to_confirm:
            waiting.setdefault(place, set()).add(label.variable)
        elif place in answers:
            answers[place][label.variable] = shifted(kinds[label.variable], label.value, unit.start - label.start)
    return RoundRatings(book, members, [*dict.fromkeys(alike.compared.values())], answers, waiting, alike.left_out)


@dataclass(frozen=True)
class _Alike:
    """The units that all annotators of their article saw in the same extent, each mapped to the one that stands for it.

    `left_out` holds the others.
    """

    units: Sequence[RatedUnit]
    compared: Mapping[int, RatedUnit]
    left_out: Sequence[RatedUnit]


def _alike(units: Sequence[RatedUnit]) -> _Alike:
    texts: dict[str, set[int]] = {}
    for unit in units:
        texts.setdefault(unit.article, set()).add(unit.text_version)
    several = {text for found in texts.values() if len(found) > 1 for text in found}
    first = same_extent(several) if several else {}
    seen: dict[int, list[RatedUnit]] = {}
    for unit in units:
        seen.setdefault(first.get(unit.id, unit.id), []).append(unit)
    by_all = [found for found in seen.values() if len(found) == len(texts[found[0].article])]
    compared = {unit.id: found[0] for found in by_all for unit in found}
    left_out = [found[0] for found in seen.values() if found[0].id not in compared]
    return _Alike([unit for unit in units if unit.id in compared], compared, left_out)


def variable_ratings(ratings: RoundRatings, variable: Variable) -> list[VariableRatings]:
    """One variable as the coefficients want it; an attribution variable as its four parts."""
    units = ratings.of_scope(variable)
    rows = ratings.rows(variable, units)
    whole = VariableRatings(
        key=variable.key,
        label=variable.label,
        kind=variable.kind,
        level=variable.measurement,
        annotators=ratings.annotators,
        ratings=rows.ratings,
        units=[unit.id for unit in units],
        articles=[unit.article for unit in units],
        values=[value.key for value in variable.values],
        codes=codes(variable) if variable.kind == "ordinal" else {},
        extents=[(unit.start, unit.end) for unit in units],
        dropped=ratings.dropped(variable),
        missing=rows.missing,
    )
    if variable.kind != "attribution":
        return [whole]
    return list(
        attribution_parts(
            whole,
            sources=[value.key for value in variable.sources],
            manners=[value.key for value in variable.manners],
            stances=[value.key for value in variable.stances],
        )
    )


def _units(texts: set[int]) -> list[RatedUnit]:
    rows = (
        Unit.objects.filter(text_version__in=texts, codable=True)
        .order_by("text_version__article__external_id", "text_version_id", "index")
        .values_list("pk", "index", "start", "end", "text_version_id", "text_version__article__external_id")
    )
    return [RatedUnit(*row) for row in rows.iterator(chunk_size=5000)]


def _labels(round: Round) -> Iterator[_Given]:
    said = Label.objects.filter(Q(value__isnull=False) | Q(to_confirm=True), round=round)
    rows = standing(said).values_list("unit_id", "unit__start", "assignment_id", "variable", "value", "to_confirm")
    return itertools.starmap(_Given, rows.iterator(chunk_size=5000))
