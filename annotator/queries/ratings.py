"""The labels of a round as ratings: one table an annotator a unit, ready for the coefficients.

What counts is decided here, on reading. A label whose condition no longer holds is *not asked*. A question that was
asked and has no answer is missing, with one exception: span variables that the codebook doesn't require. Nobody gives
an answer to say that there is nothing to mark, so on a unit that its annotator finished, such a question without an
answer counts as nothing marked, and the report says how often. Dropping those units would keep only the sentences in
which everybody marked something and so flatter the figure.

Where boundaries were mended, a label that waits to be confirmed is missing too, and only those units are compared that
all annotators of their article saw in the same extent: others did not read the same sentence.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from annotator.core.agreement import VariableRatings, attribution_parts
from annotator.core.codebook import CANNOT_TELL, Codebook, Json, Variable, asked, codes
from annotator.core.codebook.conditions import comparisons
from annotator.queries.editions import edition_at, now
from annotator.queries.given_answers import Place, given_answers
from annotator.queries.rated_units import Alike, RatedUnit, alike_units
from annotator.queries.selections import EVERYTHING, Selection
from projects.models import Assignment, Membership, Round
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_shares
from projects.queries.progress import done, scope_of

NOT_ASKED = "not asked"
UNANSWERED = "asked, not answered"
CANNOT_BE_TOLD = "annotator cannot tell"
NOTHING_MARKED = "passed over, counted as nothing marked"
TO_CONFIRM = "waits to be confirmed"
OTHER_EXTENT = "other boundaries for some annotators"


@dataclass(frozen=True)
class RoundRatings:
    """Everything that the annotators of a round answered on the units they were given.

    `places` are those units: (index into `units`, index into `members`). `answers` has a column a variable with an
    entry for each place, None where there is no answer; `waiting[place]` are the keys of the labels to confirm;
    `left_out` are the units that not all saw alike.
    """

    book: Codebook
    members: Sequence[Membership]
    units: Sequence[RatedUnit]
    places: Sequence[tuple[int, int]]
    answers: Mapping[str, Sequence[Json]]
    waiting: Mapping[int, Set[str]]
    left_out: Sequence[RatedUnit]

    @property
    def annotators(self) -> list[str]:
        return [member.pseudonym for member in self.members]

    @property
    def numbers(self) -> dict[Hashable, int]:
        """The number of each unit in its article, 0 for the article itself."""
        return {unit.id: unit.index for unit in self.units}

    def rows(self, variable: Variable, units: Sequence[RatedUnit]) -> "Rows":
        """The answers to one variable: one row an annotator, one entry a unit of its scope."""
        column = {unit.id: number for number, unit in enumerate(units)}
        column_of = [column.get(unit.id) for unit in self.units]
        missing: Counter[str] = Counter()
        rows: list[list[Json]] = [[None] * len(units) for _ in self.members]
        for place, (unit, member) in enumerate(self.places):
            at = column_of[unit]
            if at is not None:
                rows[member][at] = self._rating(variable, place, missing)
        return Rows(rows, dict(missing))

    def of_scope(self, variable: Variable) -> list[RatedUnit]:
        return [unit for unit in self.units if scope_of(unit.index) == variable.scope]

    def dropped(self, variable: Variable) -> dict[str, int]:
        """How many units of its scope nobody should compare."""
        units = sum(scope_of(unit.index) == variable.scope for unit in self.left_out)
        return {OTHER_EXTENT: units} if units else {}

    def _rating(self, variable: Variable, place: int, missing: Counter[str]) -> Json:
        answer = self.answers[variable.key][place]
        if variable.key not in self._asked[place]:
            missing[NOT_ASKED] += 1
            return None
        if variable.key in self.waiting.get(place, ()):
            missing[TO_CONFIRM] += 1
            return None
        if answer is None and self._passed_over(variable, place):
            missing[NOTHING_MARKED] += 1
            return []
        if answer == CANNOT_TELL:
            missing[CANNOT_BE_TOLD] += 1
            return None
        if answer is None:
            missing[UNANSWERED] += 1
        return answer

    def _passed_over(self, variable: Variable, place: int) -> bool:
        if not may_be_passed_over(variable):
            return False
        said = {key: column[place] for key, column in self.answers.items() if column[place] is not None}
        waiting = self.waiting.get(place, frozenset())
        return passed_over(self.book, variable, self._index(place), said, waiting)

    def _index(self, place: int) -> int:
        return self.units[self.places[place][0]].index

    @cached_property
    def _asked(self) -> Sequence[Set[str]]:
        """The keys of the variables asked at each place, worked out once for all places with the same answers."""
        columns = {key: self.answers[key] for key in deciding(self.book) if key in self.answers}
        known: dict[tuple[object, ...], Set[str]] = {}
        found = []
        for place in range(len(self.places)):
            scope = scope_of(self._index(place))
            # Equal answers are one object, see `given_answers`; those of spans could not be hashed.
            told = (scope, *(id(column[place]) for column in columns.values()))
            if told not in known:
                said = {key: column[place] for key, column in columns.items()}
                known[told] = {variable.key for variable in asked(self.book, scope, said)}
            found.append(known[told])
        return found


@dataclass(frozen=True)
class Rows:
    ratings: list[list[Json]]
    missing: dict[str, int]


def deciding(book: Codebook) -> Set[str]:
    """The variables that conditions ask for."""
    return {test.variable for variable in book.variables for test in comparisons(variable.visible_if)}


def may_be_passed_over(variable: Variable) -> bool:
    return variable.kind == "span" and not variable.required


def passed_over(
    book: Codebook, variable: Variable, index: int, answers: Mapping[str, Json], waiting: Set[str] = frozenset()
) -> bool:
    """Whether an open span question counts as "nothing marked": not required, on a finished unit."""
    return may_be_passed_over(variable) and done(book, index, answers, waiting)


def compared_shares(round: Round, occasion: int = 1) -> QuerySet[Assignment]:
    """The shares that are compared: first occasions on articles not in the trash; of linked copies one counts."""
    return counted_shares().filter(round=round, occasion=occasion)


def round_ratings(
    round: Round,
    *,
    only: str | None = None,
    selection: Selection = EVERYTHING,
    occasion: int = 1,
    at: datetime | None = None,
) -> RoundRatings:
    """Read a round in a few queries, however many units it has; with `at` as it stood at that moment of the past.

    `only` names the one variable (or part of an attribution) that `rows` will be asked for: what does not bear on it
    is not read.
    """
    edition = now(round) if at is None else edition_at(round, at)
    compared = selection.of(edition.shares().filter(occasion=occasion))
    rows = compared.values_list("pk", "member_id", "text_version_id")
    shares = [(share, member, edition.text(text)) for share, member, text in rows]
    members = list(Membership.objects.filter(pk__in={member for _, member, _ in shares}).order_by("pseudonym"))
    book = codebook(edition.version.pk)
    alike = alike_units({text for _, _, text in shares}, selection.kinds)
    places, place_of = _places(alike, shares, [member.pk for member in members])
    given = given_answers(edition, _read(book, only), alike, place_of)
    return RoundRatings(book, members, alike.standing_for, places, given.answers, given.waiting, alike.left_out)


def _read(book: Codebook, only: str | None) -> list[Variable]:
    """The variables of which the answers are needed for `only`."""
    wanted = None if only is None else book.variable(only.partition(".")[0])
    # Whether a unit is finished, so that a question counts as passed over, is said by all its answers.
    if wanted is None or may_be_passed_over(wanted):
        return list(book.variables)
    return [variable for variable in book.variables if variable == wanted or variable.key in deciding(book)]


def _places(
    alike: Alike, shares: Sequence[tuple[int, int, int]], members: Sequence[int]
) -> tuple[list[Place], dict[tuple[int, int], int]]:
    """The places of these (share, member, text version), and the number of the place of a (unit, share)."""
    number_of = {unit.id: number for number, unit in enumerate(alike.standing_for)}
    row_of = {member: row for row, member in enumerate(members)}
    in_text: dict[int, list[RatedUnit]] = {}
    for unit in alike.units:
        in_text.setdefault(unit.text_version, []).append(unit)
    places: dict[Place, int] = {}
    place_of = {}
    for share, member, text in shares:
        for unit in in_text.get(text, ()):
            spot = number_of[alike.compared[unit.id].id], row_of[member]
            place_of[unit.id, share] = places.setdefault(spot, len(places))
    return list(places), place_of


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
