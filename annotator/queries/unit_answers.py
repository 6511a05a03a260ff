"""What each annotator says of one unit now: all that a decision on it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from annotator.core.carrying import shifted
from annotator.core.codebook import CANNOT_TELL, Codebook, Json, Variable, asked
from annotator.models import Label
from annotator.queries.rated_units import alike_units
from annotator.queries.ratings import compared_shares, passed_over
from projects.models import Round, Unit
from projects.queries.codebooks import codebook
from projects.queries.progress import scope_of


@dataclass(frozen=True)
class OnUnit:
    """The answer of one share; `value` is None where there is none that counts, and `state` says why."""

    share: int
    member: int
    value: Json
    state: str


@dataclass(frozen=True)
class Basis:
    """What a decision rests on: the answers, and the sum of the versions of the labels that they stand in."""

    answers: Sequence[OnUnit]
    labels_seen: int

    @property
    def given(self) -> dict[int, Json]:
        """The answers that count, by share."""
        return {answer.share: answer.value for answer in self.answers if answer.value is not None}

    def as_json(self) -> Json:
        return {"labels_seen": self.labels_seen, "answers": [[share, value] for share, value in self.given.items()]}


def basis_of(round: Round, unit: Unit, variable: str) -> Basis:
    return Basis(answers_on(round, unit, variable), labels_seen(round, unit, variable))


def labels_seen(round: Round, unit: Unit, variable: str) -> int:
    labels = Label.objects.filter(round=round, variable=variable, unit=unit)
    return int(labels.aggregate(seen=Sum("version"))["seen"] or 0)


def answers_on(round: Round, unit: Unit, variable: str) -> list[OnUnit]:
    """One a share that is compared on the unit, as `ratings` counts it, in the order in which they were drawn."""
    book = codebook(round.codebook_version_id)
    own = compared_shares(round).filter(text_version__article=unit.text_version.article_id)
    shares = list(own.order_by("pk").values_list("pk", "member_id", "text_version_id"))
    step_of = _steps(unit, {text for *_, text in shares})
    given = _given(Label.objects.filter(assignment__in=[pk for pk, *_ in shares], unit__in=step_of), step_of, book)
    texts = _texts_of(step_of)
    asking = book.variable(variable)
    return [
        OnUnit(pk, member, *_answer(book, asking, unit.index, *given.get(pk, ({}, set()))))
        for pk, member, text in shares
        if text in texts
    ]


Steps = Mapping[int, int]
"""The units that this one stands for, and how far on it begins."""


def _steps(unit: Unit, texts: set[int]) -> dict[int, int]:
    if texts <= {unit.text_version_id}:
        return {unit.pk: 0}
    alike = alike_units(texts | {unit.text_version_id})
    return {other.id: unit.start - other.start for other in alike.units if alike.compared[other.id].id == unit.pk} or {
        unit.pk: 0
    }


def _texts_of(units: Steps) -> set[int]:
    return set(Unit.objects.filter(pk__in=units).values_list("text_version_id", flat=True))


Said = tuple[dict[str, Json], set[str]]
"""The answers of a share on the unit by variable, and the keys of those that wait to be confirmed."""


def _given(labels: QuerySet[Label], step_of: Steps, book: Codebook) -> dict[int, Said]:
    kinds = {variable.key: variable.kind for variable in book.variables}
    found: dict[int, Said] = {}
    rows = labels.values_list("assignment_id", "unit_id", "variable", "value", "to_confirm")
    for share, unit, key, value, to_confirm in rows:
        answers, waiting = found.setdefault(share, ({}, set()))
        if to_confirm:
            waiting.add(key)
        elif value is not None and key in kinds:
            answers[key] = shifted(kinds[key], value, step_of[unit])
    return found


def _answer(
    book: Codebook, variable: Variable, index: int, said: dict[str, Json], waiting: set[str]
) -> tuple[Json, str]:
    value = said.get(variable.key)
    if variable not in asked(book, scope_of(index), said):
        return None, "not_asked"
    if variable.key in waiting:
        return None, "to_confirm"
    if value is None and passed_over(book, variable, index, said, waiting):
        return [], "none"
    if value == CANNOT_TELL:
        return None, "cannot_tell"
    return value, "unanswered" if value is None else "answered"
