"""WebAnno TSV 3 of WebAnno and INCEpTION: a line a token, a column a feature. Offsets count UTF-16.

The text is put together from its sentences. The format doesn't say which white space stands between them: it becomes
line ends, so that each sentence of the file begins a line.
"""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.core.annotated import Annotated
from annotator.core.text import TextError, from_utf16
from projects.readers.annotated.base import Building, Gathering, Piece
from projects.readers.annotated.places import owner
from projects.readers.base import ReadError

TOOL = "WebAnno TSV"
_LINGUISTIC = "de.tudarmstadt.ukp.dkpro.core.api."
_NAMED = f"{_LINGUISTIC}ner."
_OURS = "annotator."
_BEGIN = b"#FORMAT=WebAnno TSV 3"
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}
_STACKED = re.compile(r"((?:[^\\|]|\\.)*)(?:\||$)", re.DOTALL)
_NUMBERED = re.compile(r"(.*?)(?<!\\)\[(\d+)\]", re.DOTALL | re.ASCII)
_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


def is_it(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").startswith(_BEGIN)


def read(pieces: Sequence[Piece]) -> Annotated:
    gathering = Gathering(TOOL)
    files = [piece for piece in pieces if is_it(piece.data)]
    for piece in files:
        document, annotator = owner(piece, files)
        try:
            parsed = _File(piece)
        except ReadError as error:
            gathering.problem(piece.path, str(error))
            continue
        building = gathering.document(document, parsed.text, piece.path, spaces_known=False)
        parsed.put(building, building.annotated_by(annotator))
    return gathering.finish()


class _Layer(NamedTuple):
    kind: str
    type: str
    features: list[str]

    @property
    def name(self) -> str:
        return self.type.rpartition(".")[2]


class _Token(NamedTuple):
    line: int
    start: int
    end: int
    word: str
    cells: list[str]


@dataclass
class _Found:
    """A mark that runs over tokens."""

    line: int
    start: int
    end: int
    values: list[str] = field(default_factory=list)


class _File:
    def __init__(self, piece: Piece) -> None:
        self.path = piece.path
        self.layers: list[_Layer] = []
        self.tokens: list[_Token] = []
        self.sentences: list[tuple[int, str]] = []
        lines: list[str] = []
        first = True
        for number, line in enumerate(piece.text().split("\n"), start=1):
            if line.startswith("#T_"):
                self.layers.append(_layer(line))
            elif line.startswith("#Text="):
                lines = [*([] if first else lines), line.removeprefix("#Text=")]
                first = False
            elif line and not line.startswith("#"):
                token = _token(number, line)
                self.tokens.append(token)
                if not first:
                    self.sentences.append((token.start, unescaped("\n".join(lines))))
                    lines, first = [], True
        self.text = self._joined()

    def _joined(self) -> str:
        parts, length = [], 0
        for start, sentence in self.sentences:
            if start < length:
                raise ReadError("a sentence begins before the one above it has ended")
            if start - length > 1_000_000:
                raise ReadError("a sentence begins far behind the end of the one above it")
            parts.append("\n" * (start - length) + sentence)
            length = start + len(sentence.encode("utf-16-le", "surrogatepass")) // 2
        return "".join(parts)

    def put(self, building: Building, by: str) -> None:
        """Add the marks of this file to its document."""
        try:
            places = from_utf16(self.text, [place for token in self.tokens for place in (token.start, token.end)])
        except TextError as error:
            return building.gathering.problem(self.path, str(error))
        ends = list(zip(places[::2], places[1::2], strict=True))
        for token, (start, end) in zip(self.tokens, ends, strict=True):
            if self.text[start:end] != unescaped(token.word):
                message = f"the text there is “{self.text[start:end][:60]}”, but the token is “{token.word[:60]}”"
                return building.gathering.problem(f"{self.path}, line {token.line}", message)
        column = 0
        for layer in self.layers:
            width = max(1, len(layer.features))
            if layer.kind != "T_SP" or is_linguistic(layer.type):
                self._count_lost(layer, column, building.gathering.lost)
            else:
                self._put_layer(building, by, layer, column, ends)
            column += width
        return None

    def _count_lost(self, layer: _Layer, column: int, lost: Counter[str]) -> None:
        what = {"T_RL": "relations between marks", "T_CH": "links of chains"}.get(layer.kind, f"marks of {layer.name}")
        cells = (token.cells[column] for token in self.tokens if column < len(token.cells))
        lost[what] += sum(len(_stacked(cell)) for cell in cells if cell != "_")

    def _put_layer(
        self, building: Building, by: str, layer: _Layer, column: int, ends: Sequence[tuple[int, int]]
    ) -> None:
        found: dict[object, _Found] = {}
        for number, (token, (start, end)) in enumerate(zip(self.tokens, ends, strict=True)):
            cells = token.cells[column : column + max(1, len(layer.features))]
            if not cells or all(cell == "_" for cell in cells):
                continue
            stacks = [_stacked(cell) for cell in cells]
            for place in range(max(map(len, stacks))):
                values = [stack[place] if place < len(stack) else "*" for stack in stacks]
                id = next((numbered[2] for value in values if (numbered := _NUMBERED.fullmatch(value))), "")
                key = id or (number, place)
                mark = found.setdefault(key, _Found(token.line, start, end))
                mark.end = max(mark.end, end)
                mark.values = mark.values or [_bare(value) for value in values]
        for key, mark in found.items():
            self._put_mark(building, by, layer, f"{layer.name}-{key}", mark)

    def _put_mark(self, building: Building, by: str, layer: _Layer, id: str, mark: _Found) -> None:
        where = f"{self.path}, line {mark.line}"
        joints = joints_of(layer.type, layer.features)
        given = [
            (f"{layer.name}.{feature}", unescaped(value))
            for feature, value in zip(layer.features, mark.values, strict=False)
            if value not in ("*", "_") and not feature.startswith("ROLE_") and feature not in joints
        ]
        for name, value in given or [(layer.name, layer.name)]:
            building.mark(by, name, value, where, start=mark.start, end=mark.end, id=id)


def _layer(line: str) -> _Layer:
    kind, _, said = line.removeprefix("#").rstrip("\r").partition("=")
    type, *features = said.split("|")
    return _Layer(kind, type, [feature for feature in features if feature])


def _token(number: int, line: str) -> _Token:
    cells = line.rstrip("\r").split("\t")
    found = _PLACE.fullmatch(cells[1]) if len(cells) > 2 else None
    if not found:
        raise ReadError("the line is no token with its place", f"line {number}")
    return _Token(number, int(found[1]), int(found[2]), cells[2], cells[3:])


def _stacked(cell: str) -> list[str]:
    found = [match[1] for match in _STACKED.finditer(cell)]
    return found[:-1] if len(found) > 1 and not found[-1] else found


def _bare(value: str) -> str:
    numbered = _NUMBERED.fullmatch(value)
    return numbered[1] if numbered else value


def joints_of(type: str, features: Container[str]) -> Container[str]:
    """Features by which our own exports join marks: of use for pieces of an attribution alone, which have a role."""
    if not type.startswith(_OURS):
        return ()
    return ("unit",) if "role" in features else ("unit", "item", "same_as")


def is_linguistic(type: str) -> bool:
    """Whether a layer is of a parser's making, such as lemmas; named entities are for people."""
    return type.startswith(_LINGUISTIC) and not type.startswith(_NAMED)


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _CONTROLS.get(found[1], found[1]), text) if "\\" in text else text
