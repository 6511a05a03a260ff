"""What the coding screen reads: an annotator's next share, its place in the round, its units with their labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, FilteredRelation, Model, Q, QuerySet
from django.utils import timezone

from annotator.core.codebook import Codebook, Json
from annotator.core.errors import NotFoundError
from annotator.models import Label
from annotator.queries.standing import standing
from annotator.queries.training import may_begin
from projects.models import Assignment, CodebookVersion, Membership, Round, TextVersion, Unit
from projects.queries import access
from projects.queries.duplicates import counted_shares
from projects.queries.progress import done, scope_of

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Answer:
    """The current value of a label (None = taken back) and the version that the next choice builds on.

    `to_confirm`: a mended boundary brought it; without a value it asks again what merged units answered differently.
    """

    value: Json
    version: int
    to_confirm: bool = False


@dataclass(frozen=True)
class CodingUnit:
    """A unit as it stands in the reading column. `answers` maps variable keys to what the annotator said."""

    id: int
    index: int
    kind: str
    start: int
    text: str
    codable: bool
    new_line: bool
    done: bool
    answers: Mapping[str, Answer]

    @property
    def scope(self) -> str:
        return scope_of(self.index)


@dataclass(frozen=True)
class Place:
    """Which of the member's articles of the round it is, from 1, by how many he has finished.

    Counted so, an article that is given later than others shows as what it is to him: the next one.
    """

    number: int
    total: int


# What a save reads of each row; what is missing is loaded where somebody asks for it after all.
_OF_SHARE = ("id", "round_id", "text_version_id", "member_id", "kind", "available_from")
_OF_ASSIGNMENT = (*_OF_SHARE, "state", "units_done", "units_total")
_OF_ROUND = ("id", "project_id", "codebook_version_id", "closed_at", "feedback", "requires_id")
_OF_CODEBOOK = ("id", "number")
_OF_MEMBER = ("id", "project_id", "user_id", "role", "left_at")
_OF_TEXT = ("id", "article_id", "number", "text")
_OF_UNIT = ("id", "text_version_id", "index", "kind", "start", "end", "codable")
_SAVE_NEEDS = (
    *_OF_ASSIGNMENT,
    *(f"round__{name}" for name in _OF_ROUND),
    *(f"round__codebook_version__{name}" for name in _OF_CODEBOOK),
    *(f"member__{name}" for name in _OF_MEMBER),
    *(f"text_version__{name}" for name in _OF_TEXT),
    *(f"asked__{name}" for name in _OF_UNIT),
)
UNFINISHED = (Assignment.State.WAITING, Assignment.State.STARTED)


def next_assignment(member: Membership) -> int | None:
    """The member's oldest open share that isn't finished; one begun comes before one not begun."""
    shares = may_begin(counted_shares()).filter(access.due(), member=member, state__in=UNFINISHED)
    open_shares = shares.filter(round__closed_at=None)
    # "started" sorts before "waiting".
    return open_shares.order_by("state", "id").values_list("pk", flat=True).first()


def has_finished(member: Membership) -> bool:
    """Whether the member has finished anything yet."""
    return Assignment.objects.filter(member=member, state=Assignment.State.DONE).exists()


def place(assignment: Assignment) -> Place:
    own = Assignment.objects.filter(
        access.due(), member_id=assignment.member_id, round_id=assignment.round_id, kind=assignment.kind
    ).exclude(state=Assignment.State.RELEASED)
    finished = assignment.state == Assignment.State.DONE
    before = Q(state=Assignment.State.DONE) & (Q(pk__lt=assignment.pk) if finished else Q())
    counted = own.aggregate(before=Count("pk", filter=before), total=Count("pk"))
    return Place(counted["before"] + 1, max(counted["total"], counted["before"] + 1))


def coding_units(assignment: Assignment, book: Codebook) -> list[CodingUnit]:
    """All units of the article in order of the text; the one that stands for the whole (number 0) comes last."""
    answers = _answers(assignment)
    text = assignment.text_version.text
    units = Unit.objects.filter(text_version_id=assignment.text_version_id).defer("why")
    found = [coding_unit(unit, text, book, answers.get(unit.pk, {})) for unit in units]
    return sorted(found, key=lambda unit: (unit.index == 0, unit.index))


def coding_unit(unit: Unit, text: str, book: Codebook, answers: Mapping[str, Answer]) -> CodingUnit:
    return CodingUnit(
        id=unit.pk,
        index=unit.index,
        kind=unit.kind,
        start=unit.start,
        text="" if unit.index == 0 else text[unit.start : unit.end],
        codable=unit.codable,
        new_line=unit.new_line,
        done=answered(book, unit.index, answers),
        answers=answers,
    )


def answered(book: Codebook, index: int, answers: Mapping[str, Answer]) -> bool:
    """Whether a unit is done. An answer that waits to be confirmed is none yet, and keeps the unit open."""
    given = {key: a.value for key, a in answers.items() if a.value is not None and not a.to_confirm}
    return done(book, index, given, {key for key, answer in answers.items() if answer.to_confirm})


def own_unit(user_id: int, assignment_id: int, unit_id: int, *, slug: str) -> tuple[Assignment, Unit]:
    """The user's own assignment and a unit of its article, in one query: a save has no statement to spare.

    Read as plain values, for making models of whole joined rows took a third of a save. A unit that a page shows which
    was opened before a mending is looked up by `earlier_unit`, in another query.
    """
    asked = FilteredRelation("text_version__units", condition=Q(text_version__units__pk=unit_id))
    shares = access.own_shares(user_id).filter(pk=assignment_id, member__project__slug=slug).annotate(asked=asked)
    row = next(iter(shares.order_by().values_list(*_SAVE_NEEDS)[:1]), None)
    if row is None or _is_early(row[_OF_ASSIGNMENT.index("available_from")]):
        raise NotFoundError("This article is not given to you, or no longer. Ask the project lead.")
    values = iter(row)
    found = _loaded(Assignment, _OF_ASSIGNMENT, values)
    found.round = _loaded(Round, _OF_ROUND, values)
    found.round.codebook_version = _loaded(CodebookVersion, _OF_CODEBOOK, values)
    found.member = _loaded(Membership, _OF_MEMBER, values)
    found.text_version = _loaded(TextVersion, _OF_TEXT, values)
    unit = _loaded(Unit, _OF_UNIT, values)
    return found, unit if unit.pk is not None else earlier_unit(found, unit_id)


def _is_early(available_from: datetime | None) -> bool:
    """Asked here, and not of the database: a condition more made a save a tenth slower."""
    return available_from is not None and available_from > timezone.now()


def _loaded(model: type[M], names: Sequence[str], values: Iterator[object]) -> M:
    """A row as the database gave it, of which only these fields were read."""
    given = {name: next(values) for name in names}
    ordered = [field.attname for field in model._meta.concrete_fields if field.attname in given]
    return model.from_db(DEFAULT_DB_ALIAS, ordered, [given[name] for name in ordered])


def units_until(version: TextVersion) -> QuerySet[Unit]:
    """The units of a text version and of those before it: what pages may show that were opened before a mending."""
    return Unit.objects.filter(text_version__article_id=version.article_id, text_version__number__lte=version.number)


def earlier_unit(assignment: Assignment, unit_id: int) -> Unit:
    """A unit of the assigned text version or of one before it, from which the assignment was moved on."""
    found = units_until(assignment.text_version).select_related("text_version").filter(pk=unit_id).first()
    if found is None:
        raise NotFoundError("This sentence is not part of the assigned article.")
    return found


def unit_answers(assignment_id: int, unit_id: int) -> dict[str, Answer]:
    labels = Label.objects.filter(assignment_id=assignment_id, unit_id=unit_id)
    return {label.variable: Answer(label.value, label.version, label.to_confirm) for label in labels}


def _answers(assignment: Assignment) -> dict[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = {}
    labels = standing(Label.objects.filter(assignment_id=assignment.pk))
    rows = labels.values_list("unit_id", "variable", "value", "version", "to_confirm")
    for unit_id, variable, value, version, to_confirm in rows:
        found.setdefault(unit_id, {})[variable] = Answer(value, version, to_confirm)
    return found
