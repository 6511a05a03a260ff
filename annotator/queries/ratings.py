"""The labels of a round as ratings: one table an annotator a unit, ready for the coefficients.

What counts is decided here, on reading. A label whose condition no longer holds is *not asked*. A question that was
asked and has no answer is missing, with one exception: span variables that the codebook doesn't require. Nobody gives
an answer to say that there is nothing to mark, so on a unit that its annotator finished, such a question without an
answer counts as nothing marked, and the report says how often. Dropping those units would keep only the sentences in
which everybody marked something and so flatter the figure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.db.models import QuerySet

from annotator.core.agreement import VariableRatings, attribution_parts
from annotator.core.codebook import Codebook, Json, Variable, asked, codes
from annotator.models import Label
from projects.models import Assignment, Membership, Round, Unit
from projects.queries.codebooks import codebook
from projects.queries.duplicates import counted_once
from projects.queries.progress import done, scope_of

NOT_ASKED = "not asked"
UNANSWERED = "asked, not answered"
NOTHING_MARKED = "passed over, counted as nothing marked"


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """A unit of the round, with the external id of its article."""

    id: int
    index: int
    start: int
    end: int
    text_version: int
    article: str


@dataclass(frozen=True)
class RoundRatings:
    """Everything that the annotators of a round answered on the units they were given.

    `answers[unit, member]` maps variable keys to answers; it has an entry for each unit that the member was assigned.
    """

    book: Codebook
    members: Sequence[Membership]
    units: Sequence[RatedUnit]
    answers: Mapping[tuple[int, int], Mapping[str, Json]]
    _asked_keys: dict[tuple[int, int], Set[str]] = field(default_factory=dict, repr=False)

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

    def _rating(self, variable: Variable, unit: RatedUnit, member: Membership, missing: Counter[str]) -> Json:
        answers = self.answers.get((unit.id, member.pk))
        if answers is None:
            return None
        answer = answers.get(variable.key)
        if variable.key not in self._asked(unit, member, answers):
            missing[NOT_ASKED] += 1
            return None
        if answer is None and passed_over(self.book, variable, unit.index, answers):
            missing[NOTHING_MARKED] += 1
            return []
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


def passed_over(book: Codebook, variable: Variable, index: int, answers: Mapping[str, Json]) -> bool:
    """Whether an open span question counts as "nothing marked": not required, on a finished unit."""
    return variable.kind == "span" and not variable.required and done(book, index, answers)


def compared_shares(round: Round) -> QuerySet[Assignment]:
    """The shares that are compared: first occasions on articles not in the trash; of linked copies one counts."""
    shares = Assignment.objects.filter(
        round=round, occasion=1, kind=Assignment.Kind.LABELS, text_version__article__deleted_at=None
    )
    return counted_once(shares.exclude(state=Assignment.State.RELEASED))


def round_ratings(round: Round) -> RoundRatings:
    """Read a round in four queries, however many units it has."""
    assignments = list(compared_shares(round).values_list("pk", "member_id", "text_version_id"))
    owner = {pk: member for pk, member, _ in assignments}
    members = list(Membership.objects.filter(pk__in=set(owner.values())).order_by("pseudonym"))
    units = _units({text for _, _, text in assignments})
    in_text: dict[int, list[int]] = {}
    for unit in units:
        in_text.setdefault(unit.text_version, []).append(unit.id)
    answers: dict[tuple[int, int], dict[str, Json]] = {
        (unit, member): {} for _, member, text in assignments for unit in in_text.get(text, ())
    }
    for unit_id, assignment, variable, value in _labels(round):
        if assignment in owner and (unit_id, owner[assignment]) in answers:
            answers[unit_id, owner[assignment]][variable] = value
    return RoundRatings(codebook(round.codebook_version_id), members, units, answers)


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


def _labels(round: Round) -> Iterator[tuple[int, int, str, Json]]:
    rows = Label.objects.filter(round=round, value__isnull=False)
    return rows.values_list("unit_id", "assignment_id", "variable", "value").iterator(chunk_size=5000)
