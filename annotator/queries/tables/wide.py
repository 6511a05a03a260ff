"""The wide table: a row for each assignment and unit, a column for each question.

A set has a column of 0 and 1 for each value beside its own, and every question one for its state: an empty cell alone
doesn't tell what was not asked from what nobody answered. Keys have no double underscore, so these names are free.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from annotator.core.coded_tables import is_coded_table
from annotator.core.tables import Cell, Cells, Column, OpenTable, Selection, Type
from annotator.queries.datasets import Said, said
from annotator.queries.editions import Edition
from annotator.queries.said import Answer
from annotator.queries.tables import columns as its
from projects.queries.codebooks import codebook

COLUMNS = (
    *its.PLACE[:2],
    its.ANNOTATOR,
    its.OCCASION,
    its.GROUP,
    its.ARTICLE,
    its.TEXT_VERSION,
    *its.PLACE[3:],
    Column("updated_at", "time", _("Time of the last change of any of the answers; empty = never")),
)
TYPES: Mapping[str, Type] = {"number": "number", "multi": "json", "span": "json", "attribution": "json"}


@dataclass
class Question:
    """A question of any of the rounds; `values` are all that a set could ever name.

    Its column has one type, so that a key of another kind in another round is text in all of them.
    """

    name: str
    type: Type
    values: dict[str, str] = field(default_factory=dict)

    def columns(self) -> Iterator[Column]:
        yield Column(self.name, self.type, _("The answer to the question"))

    def presences(self) -> Iterator[Column]:
        for label in self.values.values():
            yield Column(f"{self.name}__has__{label}", "integer", _("1 where the set names the value, 0 where not"))

    def state(self) -> Column:
        return Column(f"{self.name}__state", "text", its.STATE.meaning)


def open_table(editions: Sequence[Edition], selection: Selection) -> OpenTable:
    questions = _questions(editions, selection)
    columns = [*COLUMNS]
    for question in questions.values():
        columns += question.columns()
    for question in questions.values():
        columns += question.presences()
    columns += [question.state() for question in questions.values()]
    return OpenTable(columns, _rows(editions, selection, questions))


def _questions(editions: Sequence[Edition], selection: Selection) -> dict[str, Question]:
    """By key, in the order in which the codebooks of the rounds name them."""
    found: dict[str, Question] = {}
    taken = {column.name for column in COLUMNS}
    for edition in editions:
        book = codebook(edition.version.pk)
        for variable in book.variables:
            if selection.variables and variable.key not in selection.variables:
                continue
            name = variable.label if is_coded_table(book) and "__" not in variable.label else variable.key
            free = f"{name}__answer" if name in taken else name
            type = TYPES.get(variable.kind, "text")
            question = found.setdefault(variable.key, Question(free, type))
            question.type = type if question.type == type else "text"
            for value in variable.values if variable.kind == "multi" else ():
                question.values[value.key] = value.label if is_coded_table(book) else value.key
    return found


def _rows(editions: Sequence[Edition], selection: Selection, questions: Mapping[str, Question]) -> Iterator[Cells]:
    for one in said(editions, selection):
        answers = {variable.key: answer for variable, answer, *_ in one.answers}
        cells: list[Cell] = [_cell(question, answers.get(key)) for key, question in questions.items()]
        for key, question in questions.items():
            cells += _presences(question, answers.get(key))
        cells += (answers[key].state if key in answers else None for key in questions)
        yield *_before(one), *cells


def _before(one: Said) -> Cells:
    place, share = one.place, one.share
    changed = max((at for *_, at in one.answers if at is not None), default=None)
    who = place.item_id, place.text, share.annotator, share.occasion, share.group
    return (*who, place.article, one.text.number, *place[3:], changed)


def _cell(question: Question, answer: Answer | None) -> Cell:
    if answer is None:
        return None
    is_number = question.type == "number" and isinstance(answer.value, int | float)
    return answer.value if is_number else answer.cell  # type: ignore[return-value]


def _presences(question: Question, answer: Answer | None) -> list[Cell]:
    named = None if answer is None else answer.value
    if not isinstance(named, list):
        return [None] * len(question.values)
    return [int(key in named) for key in question.values]
