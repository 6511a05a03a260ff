"""brat standoff: a text and an annotation file for each article and annotator, and the configuration that fits.

https://brat.nlplab.org/standoff.html and https://brat.nlplab.org/configuration.html. Offsets count code points, end
exclusive; a stretch over several lines is written in pieces, one a line, for brat can't show it otherwise. Names and
values of brat are plain words, so that a note holds what each annotation says in the words of the codebook.
"""

import re
from collections.abc import Iterator, Mapping

from annotator.core.codebook import Codebook, Json, Variable
from annotator.core.codebook.model import ROLES
from annotator.core.documents import (
    NONE,
    NOT_TOLD,
    AnnotatedArticle,
    Answer,
    Mark,
    Reading,
    RoundOfDocuments,
    Unit,
    closed_features,
    identifier,
    marks,
    values_of,
)
from annotator.core.sentences.units import KINDS
from annotator.formats.documents.common import Stems, codebook_file, on_one_line, readme_file
from annotator.formats.zipped import File

_PLAIN = re.compile(r"[\w.+-]+", re.ASCII)
_LINE = re.compile(r"[^\n]+")
ANY = "<ENTITY>"
ABOUT = """brat standoff

ANNOTATOR/ARTICLE.txt, .ann   one annotator's answers to one article, and its text
annotation.conf               types and attributes; copy the folders into brat's data folder, this file above them
names.json                    ids and pseudonyms that can't be file names, by the names of their files

QUESTION-VALUE marks words; QUESTION-ROLE the pieces of an attribution, joined by QUESTION-with, its source, manner and
stance as attributes; QUESTION-unit an attribution that marks no words. unit-KIND lies on each unit with answers to
closed questions, numbers or texts and has them as attributes. The note of each annotation says in JSON all that it
says, exactly; names that brat can't have are written otherwise elsewhere.
__none: answered that none applies. __cannot_tell: answered that it can't be told. Offsets count code points.
Kept: every answer. Not here: numbers and texts but in notes; annotators who answered nothing; times and history.
"""


def files(documents: RoundOfDocuments) -> Iterator[File]:
    stems = Stems()
    for article in documents.articles():
        for reading in article.readings:
            stem = f"{stems.of(reading.name)}/{stems.of(article.name)}"
            yield f"{stem}.txt", [article.text.encode()]
            yield f"{stem}.ann", ["".join(f"{line}\n" for line in _lines(article, reading)).encode()]
    yield "annotation.conf", ["".join(f"{line}\n" for line in _configuration(documents.codebook)).encode()]
    yield stems.file()
    yield codebook_file(documents)
    yield readme_file(documents, ABOUT)


class _Numbered:
    """The lines of one file; each kind of annotation counts its own."""

    def __init__(self, article: AnnotatedArticle) -> None:
        self.article = article
        self.last: dict[str, int] = {}

    def line(self, sign: str, said: str) -> str:
        self.last[sign] = self.last.get(sign, 0) + 1
        return f"{sign}{self.last[sign]}\t{said}"

    def stretch(self, kind: str, start: int, end: int) -> str:
        found = list(_LINE.finditer(self.article.text, start, end))
        places = ";".join(f"{match.start()} {match.end()}" for match in found)
        return self.line("T", f"{kind} {places}\t{' '.join(match.group() for match in found)}")

    def about(self, said: Mapping[str, Json]) -> str:
        return self.line("#", f"AnnotatorNotes T{self.last['T']}\t{on_one_line(said)}")

    def attribute(self, name: str, value: str = "") -> str:
        return self.line("A", f"{name} T{self.last['T']}{f' {value}' if value else ''}")


def _lines(article: AnnotatedArticle, reading: Reading) -> Iterator[str]:
    numbered = _Numbered(article)
    on_units: dict[Unit, list[Answer]] = {}
    for answer in reading.answers:
        if answer.variable.kind not in {"span", "attribution"}:
            on_units.setdefault(answer.unit, []).append(answer)
    for unit, answers in on_units.items():
        yield numbered.stretch(f"unit-{unit.kind}", unit.start, unit.end)
        for mark in marks(answers):
            yield from _unit_attribute(numbered, mark)
        yield numbered.about({"unit": unit.index, "answers": {one.variable.key: one.value for one in answers}})
    first: dict[tuple[str, ...], int] = {}
    for mark in marks(answer for answer in reading.answers if answer.variable.kind in {"span", "attribution"}):
        yield from _mark_lines(numbered, mark)
        if "role" in mark.features:
            here = numbered.last["T"]
            head = first.setdefault((mark.variable.key, mark.features["unit"], mark.features["item"]), here)
            if head != here:
                yield numbered.line("R", f"{identifier(mark.variable.key)}-with Arg1:T{head} Arg2:T{here}")


def _unit_attribute(numbered: _Numbered, mark: Mark) -> Iterator[str]:
    name = identifier(mark.variable.key)
    if mark.variable.kind == "multi":
        yield numbered.attribute(f"{name}-{_plain(mark.value)}")
    elif mark.variable.kind in {"single", "ordinal"}:
        yield numbered.attribute(name, _plain(mark.value))


def _mark_lines(numbered: _Numbered, mark: Mark) -> Iterator[str]:
    name = identifier(mark.variable.key)
    said = _plain(mark.value) if mark.variable.kind == "span" else mark.features.get("role", "unit")
    yield numbered.stretch(f"{name}-{said}", mark.start, mark.end)
    for feature in closed_features(mark.variable):
        if feature in mark.features:
            yield numbered.attribute(f"{name}--{feature}", _plain(mark.features[feature]))
    yield numbered.about({"variable": mark.variable.key, **mark.features})


def _configuration(book: Codebook) -> Iterator[str]:
    marked = [variable for variable in book.variables if variable.kind in {"span", "attribution"}]
    yield "[entities]"
    yield from (f"unit-{kind}" for kind in ("article", *KINDS))
    for variable in marked:
        kinds = [*ROLES, "unit"] if variable.kind == "attribution" else _words(variable)
        yield from (f"{identifier(variable.key)}-{kind}" for kind in kinds)
    yield "\n[relations]"
    for variable in marked:
        if variable.kind == "attribution":
            yield f"{identifier(variable.key)}-with\tArg1:{ANY}, Arg2:{ANY}"
    yield "\n[events]\n\n[attributes]"
    for variable in book.variables:
        yield from _attributes(variable)


def _attributes(variable: Variable) -> Iterator[str]:
    name = identifier(variable.key)
    if variable.kind == "multi":
        yield from (f"{name}-{word}\tArg:{ANY}" for word in _words(variable))
    elif variable.kind in {"single", "ordinal"}:
        yield f"{name}\tArg:{ANY}, Value:{'|'.join(_words(variable))}"
    elif variable.kind in {"span", "attribution"}:
        for feature, offered in closed_features(variable).items():
            yield f"{name}--{feature}\tArg:{ANY}, Value:{'|'.join(map(_plain, offered))}"


def _words(variable: Variable) -> list[str]:
    return [_plain(value.key) for value in values_of(variable)]


def _plain(word: str) -> str:
    """The word as brat may have it: a value, or a part of a name."""
    return word if word in {NONE, NOT_TOLD} or _PLAIN.fullmatch(word) else identifier(word)
