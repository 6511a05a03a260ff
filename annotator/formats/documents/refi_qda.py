"""REFI-QDA project exchange (QDPX): project.qde and the texts, for MAXQDA, ATLAS.ti, NVivo, QualCoder.

Built after Project.xsd of 18 March 2019 (urn:QDA-XML:project:1.0, https://www.qdasoftware.org). Positions count code
points of the text file, end exclusive; the files are UTF-8 without a byte order mark, lines end in LF. The same
thing has the same GUID each time. The archive holds nothing that the standard has no place for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from annotator.core.codebook import Codebook, Variable
from annotator.core.codebook.model import ROLES, Value
from annotator.core.documents import (
    NOT_TOLD,
    AnnotatedArticle,
    Mark,
    Reading,
    RoundOfDocuments,
    attribute_name,
    marks,
    values_of,
    words_of,
)
from annotator.formats.documents.common import xml_text
from annotator.formats.zipped import File

SPACE = UUID("0f3a3a53-6a39-5d0c-9a53-5f6c3e0f7c11")
START = '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name={} origin="Annotator">\n'
# What is said of a mark and is no code: it stands in the description of the selection.
UNCODED = ("relation", "same_as")
OPEN_KINDS = frozenset({"number", "text"})
ABOUT = """REFI-QDA project (QDPX)

project.qde   the users, codes, codings and notes, as XML
sources/      the texts, named by their GUID; UTF-8 without a byte order mark

Users are annotators by pseudonym. Each question is a code, its values codes below it; an attribution has codes for
source, role, manner and stance. Each mark is a selection of its own with its codings, named UNIT QUESTION ITEM: pieces
of one attribution share unit and item. An answer that marks no words selects its unit. A number or text is a note on
the coding of its question. Positions count code points, end exclusive.
Kept: every answer. Changed: a control character in a free text or label is U+FFFD, for XML can't hold it.
Not here: conditions, rules and examples of the codebook; annotators who answered nothing; times and history.
"""


@dataclass
class _Project:
    """What the parts of project.qde share. Users are known when all texts have been read."""

    documents: RoundOfDocuments
    users: dict[str, str] = field(default_factory=dict)

    def guid(self, *parts: object) -> str:
        about = (self.documents.project, self.documents.name, self.documents.layer, *map(str, parts))
        return str(uuid5(SPACE, json.dumps(about, ensure_ascii=False)))

    def source(self, article: AnnotatedArticle) -> str:
        return self.guid("source", article.name)


def files(documents: RoundOfDocuments) -> Iterator[File]:
    project = _Project(documents)
    for article in documents.articles():
        for reading in article.readings:
            project.users.setdefault(reading.name, project.guid("user", reading.name))
        yield f"sources/{project.source(article)}.txt", [article.text.encode()]
    yield "project.qde", _project(project)


def _project(project: _Project) -> Iterator[bytes]:
    documents = project.documents
    title = xml_text(f"{documents.project}: {documents.name}")
    yield START.format(quoteattr(title)).encode()
    if project.users:
        users = ET.Element("Users")
        for name, guid in sorted(project.users.items()):
            ET.SubElement(users, "User", guid=guid, name=xml_text(name))
        yield _written(users)
    yield _written(_codebook(project, documents.codebook))
    yield from _all("Sources", (_source(project, article) for article in documents.articles()))
    yield from _all("Notes", _notes(project))
    about = ET.Element("Description")
    about.text = f"Layer: {documents.layer}. Codebook: version {documents.number}.\n\n{ABOUT}"
    yield _written(about) + b"</Project>\n"


def _all(name: str, found: Iterator[ET.Element]) -> Iterator[bytes]:
    """A list, which the schema wants left out where it would be empty."""
    first = next(found, None)
    if first is not None:
        yield f"<{name}>\n".encode() + _written(first)
        yield from map(_written, found)
        yield f"</{name}>\n".encode()


def _written(element: ET.Element) -> bytes:
    return ET.tostring(element, encoding="utf-8") + b"\n"


def _codebook(project: _Project, book: Codebook) -> ET.Element:
    found = ET.Element("CodeBook")
    codes = ET.SubElement(found, "Codes")
    for variable in book.variables:
        is_open = variable.kind in OPEN_KINDS
        code = _code(
            project, codes, Value(variable.key, variable.label, definition=variable.question), is_codable=is_open
        )
        for part, values in _parts(variable):
            at = _code(project, code, part, variable.key, is_codable=False) if part else code
            above = (variable.key, part.key) if part else (variable.key,)
            for value in values:
                _code(project, at, value, *above)
    return found


def _parts(variable: Variable) -> Iterator[tuple[Value | None, Sequence[Value]]]:
    """The codes below a question: its values, or those of each part of an attribution, and of each attribute."""
    not_told = Value(NOT_TOLD, "cannot tell")
    if variable.kind in OPEN_KINDS:
        yield None, [not_told]
    elif variable.kind != "attribution":
        yield None, values_of(variable)
    else:
        yield Value("source", "Source"), values_of(variable)
        yield Value("role", "Role"), [Value(role, role.capitalize()) for role in ROLES]
        yield Value("manner", "Manner"), [*variable.manners, not_told]
        yield Value("stance", "Stance"), [*variable.stances, not_told]
    for attribute in variable.span_attributes:
        said = [Value("true", "yes"), Value("false", "no")] if attribute.kind == "bool" else attribute.values
        yield Value(attribute_name(attribute.key), attribute.label), said


def _code(project: _Project, under: ET.Element, value: Value, *above: str, is_codable: bool = True) -> ET.Element:
    fields = {"guid": project.guid("code", *above, value.key), "name": xml_text(value.label)}
    code = ET.SubElement(under, "Code", {**fields, "isCodable": str(is_codable).lower()})
    about = f"{value.key}: {value.definition}" if value.definition else value.key
    ET.SubElement(code, "Description").text = xml_text(about)
    return code


def _source(project: _Project, article: AnnotatedArticle) -> ET.Element:
    guid = project.source(article)
    path = f"internal://{guid}.txt"
    source = ET.Element("TextSource", guid=guid, name=xml_text(article.name), plainTextPath=path)
    ET.SubElement(source, "Description").text = xml_text(article.title)
    for reading in article.readings:
        for number, mark in enumerate(marks(reading.answers)):
            source.append(_selection(project, article, reading, mark, number))
    return source


def _selection(project: _Project, article: AnnotatedArticle, reading: Reading, mark: Mark, number: int) -> ET.Element:
    place = article.name, reading.name, number
    user = project.users[reading.name]
    item = [mark.features["item"]] if "item" in mark.features else []
    named = " ".join([mark.features["unit"], mark.variable.key, *item])
    fields = {"guid": project.guid("selection", *place), "name": xml_text(named), "creatingUser": user}
    places = {"startPosition": str(mark.start), "endPosition": str(mark.end)}
    selection = ET.Element("PlainTextSelection", {**fields, **places})
    uncoded = [f"{name}: {mark.features[name]}" for name in UNCODED if name in mark.features]
    if uncoded:
        ET.SubElement(selection, "Description").text = xml_text("; ".join(uncoded))
    for code in _codes_of(mark):
        coding = ET.SubElement(selection, "Coding", guid=project.guid("coding", *place, *code), creatingUser=user)
        ET.SubElement(coding, "CodeRef", targetGUID=project.guid("code", *code))
        if _has_note(mark):
            ET.SubElement(coding, "NoteRef", targetGUID=project.guid("note", *place))
    return selection


def _has_note(mark: Mark) -> bool:
    return mark.variable.kind in OPEN_KINDS and mark.value != NOT_TOLD


def _codes_of(mark: Mark) -> Iterator[tuple[str, ...]]:
    """The codes of a mark, each by its path in the codebook."""
    key = mark.variable.key
    if _has_note(mark):
        yield (key,)
    for name in mark.features if not _has_note(mark) else ():
        if name == "value":
            yield key, mark.value
        elif name not in {"unit", "item", *UNCODED}:
            yield from ((key, name, one) for one in words_of(mark, name))


def _notes(project: _Project) -> Iterator[ET.Element]:
    for article in project.documents.articles():
        for reading in article.readings:
            for number, mark in enumerate(marks(reading.answers)):
                if _has_note(mark):
                    yield _note(
                        project, mark, {"guid": project.guid("note", article.name, reading.name, number)}, reading
                    )


def _note(project: _Project, mark: Mark, fields: Mapping[str, str], reading: Reading) -> ET.Element:
    named = {"name": xml_text(mark.variable.label), "creatingUser": project.users[reading.name]}
    note = ET.Element("Note", {**fields, **named})
    ET.SubElement(note, "PlainTextContent").text = xml_text(mark.value)
    return note
