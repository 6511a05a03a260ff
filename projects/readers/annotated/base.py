"""What the readers of other tools share: the files of an upload, and the documents that they gather."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from annotator.core.annotated import (
    Annotated,
    AnnotatedDocument,
    Annotating,
    Extent,
    Link,
    Mark,
    MarkError,
    cleaned_extents,
    verified,
)
from annotator.core.annotated.offsets import Count
from annotator.core.text import TextError, is_storable
from projects.readers import limits
from projects.readers.base import Json, ReadError
from projects.readers.encoding import read_table_text

MOST_PROBLEMS = 200
LONGEST_NAME = 200
NOBODY = "annotator"
"""Who made the labels of a file that does not say."""
CLEANED = "texts whose line ends or controls are written as we keep them"


@dataclass(frozen=True)
class Piece:
    """One file: the upload itself, or an entry of the archive, with its path there."""

    path: str
    data: bytes

    @property
    def stem(self) -> str:
        last = self.path.rpartition("/")[2]
        return last.rpartition(".")[0] or last

    @property
    def ending(self) -> str:
        return self.path.rpartition(".")[2].lower() if "." in self.path else ""

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    def text(self) -> str:
        """Raises ReadError for what is not UTF-8, or says otherwise."""
        try:
            return read_table_text(self.path, self.data, None)[0]
        except ReadError as error:
            raise ReadError(error.message, self.path) from error


class Gathering:
    """Documents as they come together out of the files of one tool."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.problems: list[str] = []
        self.lost: Counter[str] = Counter()
        self.free: set[str] = set()
        self._names: set[str] = set()
        self._documents: dict[str, Building] = {}
        self._marks = 0

    def document(
        self, external_id: object, text: str | None, where: str, *, title: str = "", spaces_known: bool = True
    ) -> "Building":
        """The document of this id, made where it is new; another text for the same id is a problem."""
        name = " ".join(str(external_id).split())[: limits.EXTERNAL_ID_LENGTH]
        if not name or not is_storable(name):
            self.problem(where, "the document has no id")
            name = where
        found = self._documents.get(name)
        if found is None:
            found = self._documents[name] = Building(self, name, text, where, title, spaces_known)
            if len(self._documents) > limits.ANNOTATED_DOCUMENTS:
                raise ReadError(f"there are more than {limits.ANNOTATED_DOCUMENTS} documents: split the file")
        elif found.text is None:
            found.text = text
        elif text is not None and found.text != text:
            self.problem(where, f"the document {name} had another text before")
        return found

    def problem(self, where: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(f"{where}: {message}.")

    def named(self, annotator: str) -> None:
        self._names.add(annotator)
        if len(self._names) > limits.ANNOTATED_BY:
            raise ReadError(f"there are more than {limits.ANNOTATED_BY} annotators: split the file")

    def counted(self) -> None:
        self._marks += 1
        if self._marks > limits.ANNOTATED_MARKS:
            raise ReadError(f"there are more than {limits.ANNOTATED_MARKS} labels: split the file")

    def finish(self) -> Annotated:
        """All documents, their texts as they are kept. Raises ReadError for a file without any."""
        if not self._documents and not self.problems:
            raise ReadError("there is no document in the file")
        documents = tuple(made for building in self._documents.values() if (made := building.finish()))
        return Annotated(self.tool, documents, tuple(self.problems), dict(+self.lost), tuple(sorted(self.free)))


class Building:
    """One document that marks are still added to."""

    def __init__(
        self, gathering: Gathering, name: str, text: str | None, where: str, title: str, spaces_known: bool
    ) -> None:
        self.gathering, self.name, self.text, self.where = gathering, name, text, where
        self.title, self.spaces_known = title, spaces_known
        self._by: dict[tuple[str, int], Annotating] = {}
        self._marks: list[Mark] = []
        self._links: list[Link] = []

    def annotated_by(self, annotator: object, *, occasion: int = 1, group: str = "") -> str:
        """The name as it is kept of somebody who worked on this document."""
        name = " ".join(str(annotator).split())[:LONGEST_NAME] or NOBODY
        if not is_storable(name):
            self.gathering.problem(self.where, "the name of an annotator is no text")
            name = NOBODY
        self.gathering.named(name)
        self._by.setdefault((name, occasion), Annotating(name, occasion, group))
        return name

    def answer(self, annotator: str, layer: str, value: object, where: str, *, occasion: int = 1) -> None:
        """An answer to the whole text."""
        if said := self._value(layer, value, where):
            self._add(Mark(annotator, layer, said, where, occasion=occasion))

    def mark(
        self,
        annotator: str,
        layer: str,
        value: object,
        where: str,
        *,
        start: object,
        end: object,
        quote: str | None = None,
        count: Count = "code points",
        id: str = "",
    ) -> None:
        """A value given to a stretch of the text; one that doesn't hold is a problem."""
        said = self._value(layer, value, where)
        if said is None:
            return
        if self.text is None:
            self.gathering.problem(where, "it marks words, but the file has no text for it")
            return
        try:
            extent = verified(self.text, start, end, quote=quote, count=count)
        except MarkError as error:
            self.gathering.problem(where, str(error))
        else:
            self._add(Mark(annotator, layer, said, where, extent.start, extent.end, id))

    def link(self, annotator: str, layer: str, source: str, target: str, where: str) -> None:
        self.gathering.counted()
        self._links.append(Link(annotator, layer, source, target, where))

    def finish(self) -> AnnotatedDocument | None:
        text, marks = self.text, self._marks
        try:
            if text is not None:
                text, marks = _cleaned(text, marks)
                self.gathering.lost["texts whose line ends or controls are written as we keep them"] += (
                    text != self.text
                )
        except (TextError, MarkError) as error:
            self.gathering.problem(self.where, f"{self.name}: {error}")
            return None
        by = tuple(self._by.values())
        links = tuple(self._links)
        return AnnotatedDocument(
            self.name, text, self.where, by, tuple(marks), links, self.title, spaces_known=self.spaces_known
        )

    def _add(self, mark: Mark) -> None:
        self.gathering.counted()
        self._marks.append(mark)

    def _value(self, layer: str, value: object, where: str) -> str | None:
        said = value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
        if isinstance(value, bool):
            said = said.lower()
        if isinstance(value, (list, dict)) or value is None or not is_storable(said + layer):
            self.gathering.problem(where, f"a value of {layer[:60]} is no text and no number")
            return None
        return said.strip() or None


def _cleaned(text: str, marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    extents = {mark: Extent(mark.start, mark.end) for mark in marks if mark.start is not None and mark.end is not None}
    kept, moved = cleaned_extents(text, extents.values())
    return kept, [
        replace(mark, start=moved[extents[mark]].start, end=moved[extents[mark]].end) if mark in extents else mark
        for mark in marks
    ]


def objects(value: Json) -> list[Mapping[str, Json]]:
    """The objects of a list; what is none, or no list, is left away."""
    return [item for item in value if isinstance(item, Mapping)] if is_list(value) else []


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def listed(value: Json) -> list[Json]:
    """The items of a list; a single value as a list of it."""
    if value is None:
        return []
    return list(value) if is_list(value) else [value]
