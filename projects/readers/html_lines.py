"""The lines of a web page, in its order: each heading, paragraph, list item, caption and table cell is one."""

import re
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from projects.readers.base import ReadError

_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meta nobr q s samp small "
    "span strike strong sub sup text time tt u var wbr"
)
_UNSEEN_NAMES = (
    "head script style noscript template svg math iframe object embed audio video canvas select option textarea "
    "button input dialog map"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")

__all__ = ["HtmlElement", "PageLine", "line_texts", "lines", "parsed"]


@dataclass(frozen=True, slots=True)
class PageLine:
    text: str
    block: HtmlElement
    """The element that makes it a line of its own."""


def parsed(text: str) -> HtmlElement:
    """Parse a page as browsers do, mending what is broken. Nothing is loaded and nothing runs."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    parser.set_element_class_lookup(_LOOKUP)
    try:
        page = etree.fromstring(text.encode(), parser)
    except etree.LxmlError as error:
        raise ReadError(f"the page can't be read: {error}") from error
    if page is None:
        raise ReadError("the page is empty: there is no article in it")
    return page


def lines(root: HtmlElement) -> list[PageLine]:
    """Return the lines under an element that a reader sees, white space as a browser shows it."""
    collector = _Collector(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            collector.enter(element)
        else:
            collector.leave(element)
    collector.end_line()
    return collector.lines


def line_texts(root: HtmlElement) -> list[str]:
    return [line.text for line in lines(root)]


class _Collector:
    def __init__(self, root: HtmlElement) -> None:
        self.lines: list[PageLine] = []
        self._root = root
        self._blocks = [root]
        self._pieces: list[str] = []
        self._unseen = 0
        self._as_written = 0

    def enter(self, element: HtmlElement) -> None:
        if element.tag in _UNSEEN or _is_hidden(element):
            self._unseen += 1
        if element.tag == "br":
            self.end_line()
        elif element.tag not in _INLINE:
            self.end_line()
            self._blocks.append(element)
            self._as_written += element.tag == "pre"
        self._add(element.text)

    def leave(self, element: HtmlElement) -> None:
        if element.tag not in _INLINE and element.tag != "br":
            self.end_line()
            self._blocks.pop()
            self._as_written -= element.tag == "pre"
        if element.tag in _UNSEEN or _is_hidden(element):
            self._unseen -= 1
        if element is not self._root:
            self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text or self._unseen:
            return
        if not self._as_written:
            self._pieces.append(text)
            return
        first, *others = text.split("\n")
        self._pieces.append(first)
        for line in others:
            self.end_line()
            self._pieces.append(line)

    def end_line(self) -> None:
        text = _WHITE_SPACE.sub(" ", "".join(self._pieces)).strip(" ")
        self._pieces.clear()
        if text and not text.isspace():
            self.lines.append(PageLine(text, self._blocks[-1]))


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or "display:none" in (element.get("style") or "").replace(" ", "").lower()


_LOOKUP = etree.ElementDefaultClassLookup(element=HtmlElement)
