"""Annotated documents of another tool, looked at under a plan: what would come of them, and what stands against it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from annotator.core.annotated import (
    FREE_KINDS,
    PARTS,
    RELATION,
    Annotated,
    Answer,
    Layer,
    Plan,
    layer_fault,
    layers_of,
    new_questions,
    placed,
    proposed,
)
from annotator.core.codebook import Codebook, CodebookError, Json, Problem, Variable, parse
from annotator.core.codebook.editing import entries
from annotator.core.errors import InvalidError
from annotator.core.text import sha256_bytes
from annotator.services.elsewhere_members import member_problems, pseudonyms_for
from annotator.services.elsewhere_texts import Homes, homes
from projects.models import CodebookVersion, Membership
from projects.permissions import require
from projects.queries.codebooks import newest_published_or_none
from projects.readers import ReadError, annotated

REFUSED = "Nothing was imported."
MOST_PROBLEMS = 200
MOST_ANSWERS = 200_000
_NUMBERED = re.compile(r"variables\[(\d+)\]", re.ASCII)
_EMPTY: dict[str, Json] = {"format": "conflict-codebook", "format_version": 1, "language": "en", "version": "1"}


@dataclass(frozen=True)
class Export:
    """A file of another tool as it was read."""

    name: str
    sha256: str
    read: Annotated
    layers: Sequence[Layer]
    annotators: Sequence[str]
    encoding: str | None = None


@dataclass(frozen=True)
class Review:
    """What an export would become under a plan. With a problem it is not stored."""

    export: Export
    plan: Plan
    version: CodebookVersion | None
    document: Mapping[str, Json] | None
    """Of the next version of the codebook, where questions are made."""
    questions: Mapping[str, Mapping[str, Json]]
    homes: Homes
    answers: Sequence[tuple[int, Answer]]
    """Each with the number of its document."""
    problems: Sequence[str]
    lost: Mapping[str, int]

    @property
    def book(self) -> Codebook:
        return parse(self.document if self.document is not None else cast(CodebookVersion, self.version).document)

    @property
    def old(self) -> int:
        return len(self.homes.found) - self.homes.new

    def kind_of(self, layer: str) -> str:
        """The kind of the question, or of what is asked of its spans, that a layer becomes; empty where left out."""
        plan = self.plan.of(layer)
        key, _, attribute = plan.to.partition(":")
        if plan.new_kind or self.version is None:
            return plan.new_kind
        variable = parse(self.version.document).find(key)
        if variable is None or not attribute:
            return variable.kind if variable else ""
        if variable.kind == "attribution":
            return "text" if attribute in ("item", "same_as") else "single"
        return next((asked.kind for asked in variable.span_attributes if asked.key == attribute), "text")


def read_export(*, member: Membership, name: str, data: bytes, encoding: str | None = None) -> Export:
    """Read the file, whichever tool it comes from. Raises InvalidError for what no tool writes."""
    require(member, "import labels")
    try:
        read = annotated.read(name, data, encoding=encoding)
    except ReadError as error:
        raise InvalidError(f"{REFUSED[:-1]}: {str(error).removesuffix('.')}.") from error
    names = sorted({by.annotator for document in read.documents for by in document.by})
    return Export(name, sha256_bytes(data), read, layers_of(read.documents, read.free), names, encoding)


def proposed_plan(*, member: Membership, export: Export) -> Plan:
    """What the file most likely means; a person looks at it."""
    require(member, "import labels")
    version = newest_published_or_none(member.project_id)
    book = parse(version.document) if version else None
    whole = bool(export.layers) and not any(layer.is_span for layer in export.layers)
    return Plan(
        each="item" if whole else "article",
        layers={layer.name: proposed(layer, book) for layer in export.layers},
        annotators=pseudonyms_for(member.project_id, export.annotators),
        # A table says itself where a set is empty.
        unmarked_is_none=export.read.tool != annotated.TABLE,
    )


def review(*, member: Membership, export: Export, plan: Plan) -> Review:
    """Everything that would come of the file, and all that stands against it; nothing is stored."""
    require(member, "import labels")
    problems = [*export.read.problems, *member_problems(member, export.annotators, plan)]
    version = newest_published_or_none(member.project_id)
    document, questions = _next_document(member, version, export, plan)
    keys = {layer.name: _target(layer, plan, questions) for layer in export.layers}
    book = _book(document or (version.document if version else None), problems)
    found = homes(member, export.read.documents, plan, export.sha256)
    problems += found.problems
    answers: list[tuple[int, Answer]] = []
    lost = Counter(export.read.lost)
    if book:
        problems += [fault for layer in export.layers if (fault := _fault(layer, plan, keys[layer.name], book))]
        for number, home in found.found.items():
            made = placed(export.read.documents[number], home.text, home.spots, plan, book, keys)
            answers += ((number, answer) for answer in made.answers)
            problems += made.problems
            lost += made.lost
            if len(answers) > MOST_ANSWERS:
                raise InvalidError(f"{REFUSED[:-1]}: there are more than {MOST_ANSWERS:,} answers. Split the file.")
    problems += _twice(answers, found, plan)
    return Review(export, plan, version, document, questions, found, answers, problems[:MOST_PROBLEMS], dict(+lost))


def storable(*, member: Membership, export: Export, plan: Plan) -> Review:
    """The review of a file that can be stored. Raises InvalidError with its problems otherwise."""
    checked = review(member=member, export=export, plan=plan)
    if checked.problems:
        raise InvalidError(REFUSED, tuple(checked.problems))
    if not checked.answers:
        raise InvalidError(f"{REFUSED[:-1]}: no label is left under this mapping.")
    return checked


def _next_document(
    member: Membership, version: CodebookVersion | None, export: Export, plan: Plan
) -> tuple[dict[str, Json] | None, dict[str, dict[str, Json]]]:
    """The codebook with the new questions behind the others, and those by their layers; None where none is made."""
    base = version.document if version else _EMPTY | {"key": "imported", "title": member.project.title}
    listed = entries(dict(base), ("variables",))
    scope = "sentence" if plan.each == "item" else "article"
    taken = [str(entry.get("key")) for entry in listed]
    questions = new_questions(plan.layers, export.layers, taken, scope=scope)
    return ({**base, "variables": [*listed, *questions.values()]} if questions else None), questions


def _target(layer: Layer, plan: Plan, questions: Mapping[str, Mapping[str, Json]]) -> str:
    made = questions.get(layer.name)
    return str(made["key"]) if made else plan.of(layer.name).to


def _book(document: Mapping[str, Json] | None, problems: list[str]) -> Codebook | None:
    if document is None:
        problems.append("The project has no codebook yet, and no new question is asked for.")
        return None
    try:
        return parse(document)
    except CodebookError as error:
        labels = [str(entry.get("label")) for entry in entries(dict(document), ("variables",))]
        problems += [_at_question(problem, labels) for problem in error.problems]
        return None


def _at_question(problem: Problem, labels: Sequence[str]) -> str:
    """The problem of a new question, by its name in place of its number."""
    place = _NUMBERED.match(problem.where)
    name = f"the question “{labels[int(place[1])]}”" if place else problem.where
    return f"Not possible as a codebook: {name}: {problem.message}."


def _fault(layer: Layer, plan: Plan, target: str, book: Codebook) -> str:
    """Why a layer can't become what the plan says, or nothing."""
    key, _, attribute = target.partition(":")
    if not key:
        return ""
    variable = book.find(key)
    asked = _asked(variable) if variable else set()
    if variable is None or (attribute and attribute not in asked):
        return f"{layer.name}: the codebook has no question “{target[:60]}”."
    if not attribute and (fault := layer_fault(layer, variable.kind)):
        return f"{layer.name}: {fault}."
    if variable.kind not in FREE_KINDS and not any(plan.of(layer.name).values.values()):
        return (
            f"{layer.name}: no value of it becomes a value of “{variable.label}”. Choose one, or leave the layer out."
        )
    return ""


def _asked(variable: Variable) -> set[str]:
    """What layers may say of the marks of a question, beside their value."""
    return {*PARTS} if variable.kind == "attribution" else {RELATION, *(one.key for one in variable.span_attributes)}


def _twice(answers: Sequence[tuple[int, Answer]], found: Homes, plan: Plan) -> list[str]:
    """Answers that two documents or two annotators of the file give to one place here."""
    seen: set[tuple[object, ...]] = set()
    problems = []
    for number, answer in answers:
        home = found.found[number]
        text: object = home.version.pk if home.version else (number,)
        who = plan.annotators.get(answer.annotator, "")
        place = (text, answer.unit, who, answer.occasion, answer.variable)
        if place in seen:
            problems.append(f"{who} answers {answer.variable} twice on unit {answer.unit} of one article.")
        seen.add(place)
    return problems
