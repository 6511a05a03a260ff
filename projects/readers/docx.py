"""A Word document: each paragraph is a line, headings, lists and table cells too. Databases' files hold many articles.

Read from the XML itself: python-docx leaves out inserted text that nobody has accepted yet, content controls and text
boxes. What is deleted or moved away is left out, and so are headers, footers, notes and comments.
"""

from collections.abc import Mapping

from annotator.core.text import sha256_bytes
from projects.readers import xml
from projects.readers.archive import Archive
from projects.readers.base import Document, ReadError, Source, refuse_mapping
from projects.readers.lines import documents_of_lines

_WHAT = "Word document"
_MAIN = "word/document.xml"
_WORDS = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_LEFT_OUT = frozenset({"del", "moveFrom"})
_COPY = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
"""Text boxes are there twice, the second time for old programs."""


def read(name: str, data: bytes, *, encoding: str | None, mapping: Mapping[str, str] | None) -> list[Document]:
    refuse_mapping(mapping, _WHAT)
    archive = Archive(data, _WHAT)
    if _MAIN not in archive.names:
        raise ReadError(f"the file is not a {_WHAT}: the part {_MAIN} is missing")
    for part in archive.names:
        if part.endswith((".xml", ".rels")) and part != _MAIN:
            xml.refuse_document_type(archive.read(part), _WHAT)
    walker = _Paragraphs()
    xml.parse(archive.read(_MAIN), _WHAT, start=walker.start, end=walker.end, text=walker.text)
    return documents_of_lines(Source(name, sha256_bytes(data), ""), walker.lines)


class _Paragraphs:
    """Collects the text of paragraphs; one may stand inside another (a text box)."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._open: list[list[str]] = []
        self._hidden = 0
        self._in_text = False
        self._in_tab_stops = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        word = _word(name)
        if name == _COPY or word in _LEFT_OUT:
            self._hidden += 1
        elif word == "p":
            self._open.append([])
        elif word == "t":
            self._in_text = True
        elif word == "tabs":
            self._in_tab_stops = True
        elif word in _SIGNS and self._open and not self._hidden and not self._in_tab_stops:
            self._open[-1].append(_SIGNS[word])

    def end(self, name: str) -> None:
        word = _word(name)
        if name == _COPY or word in _LEFT_OUT:
            self._hidden -= 1
        elif word == "p":
            paragraph = "".join(self._open.pop())
            if not self._hidden:
                self.lines += paragraph.split("\n")
        elif word == "t":
            self._in_text = False
        elif word == "tabs":
            self._in_tab_stops = False

    def text(self, piece: str) -> None:
        if self._in_text and self._open and not self._hidden:
            self._open[-1].append(piece)


def _word(name: str) -> str:
    """Return the name of an element of the word processor, else an empty one."""
    namespace, _, local = name.rpartition(" ")
    return local if namespace in _WORDS else ""
