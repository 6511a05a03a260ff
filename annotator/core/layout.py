"""The kinds of the lines of a newspaper text: headline, dek, byline, subhead, promo, and what is running text.

A line break is always a boundary, so a kind belongs to a whole line. First each line is asked what its own wording
says (`annotator.core.wording`), then what stands around it. In doubt a line is running text ("sentence"): a sentence
taken for a subhead would not be offered for labelling, while a subhead among the sentences is seen and mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.markers import Line, marker
from annotator.core.wording import Verdict, by_wording, has_role, is_name, signed_byline

if TYPE_CHECKING:
    from annotator.core.sentences.languages import Language

_LINE = re.compile("[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_QUOTED_LINE = re.compile(r'["“«„](.{20,400})["”»“][.,]?(?:\s*[—–-]\s*.{2,60})?')
_QUOTATION = re.compile(r'["“«„]([^"“”«»„]{20,400})["”»“]')
_OPENING_QUOTES = frozenset('"“«„')
_HEAD = 6
"""A headline stands, and a name may be a byline, among so many lines at the top."""
_FURNITURE = frozenset({"byline", "date"})
_PASSED_OVER = frozenset({"promo", "caption", "credit", "date", "boilerplate", "correction", "byline", "pullquote"})


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A trimmed line with its kind and the reason for it; offsets are code points into the text, end exclusive."""

    start: int
    end: int
    kind: str
    text: str
    why: str


def type_lines(text: str, language: Language) -> list[TypedLine]:
    """Cut a text into its lines, blank ones dropped and the others trimmed, and type each of them.

    >>> from annotator.core.sentences.languages import language
    >>> [line.kind for line in type_lines("Ferry leaves\\nBy Rosa Field\\nIt rained.", language("en"))]
    ['headline', 'byline', 'sentence']
    """
    page = _Page(text, language)
    for step in _STEPS:
        step(page)
    return [_typed(*known) for known in zip(page.places, page.lines, page.verdicts, strict=True)]


def _typed(place: tuple[int, int], line: Line, verdict: Verdict | None) -> TypedLine:
    if verdict is None:
        return TypedLine(*place, "sentence", line.text, "")
    return TypedLine(*place, verdict[0], line.text, f"{verdict[0]}: {verdict[1]}")


class _Page:
    """The lines of a text and what is known of them so far; None is a line that nothing has been said about.

    `places` holds the start and end of each line. Equal lines are one `Line`, so that each wording is looked at once.
    """

    def __init__(self, text: str, language: Language) -> None:
        self.places: list[tuple[int, int]] = []
        self.lines: list[Line] = []
        self.words = language.layout
        wordings: dict[str, Line] = {}
        for found in _LINE.finditer(text):
            if trimmed := found.group().strip():
                start = found.start() + found.group().index(trimmed[0])
                self.places.append((start, start + len(trimmed)))
                self.lines.append(wordings.get(trimmed) or wordings.setdefault(trimmed, Line(trimmed)))
        self.verdicts: list[Verdict | None] = [None] * len(self.lines)

    def open(self, index: int) -> bool:
        return 0 <= index < len(self.lines) and self.verdicts[index] is None

    def kind(self, index: int) -> str:
        verdict = self.verdicts[index] if 0 <= index < len(self.lines) else None
        return verdict[0] if verdict else ""

    def runs(self, index: int) -> bool:
        """Whether the line is running text by its shape: it ends like a sentence, or is long."""
        return self.open(index) and self.lines[index].runs


def _take_wording(page: _Page) -> None:
    if len(page.lines) > 1:
        known = {line: by_wording(line, page.words) for line in set(page.lines)}
        page.verdicts = [known[line] for line in page.lines]


def _take_head(page: _Page) -> None:
    headline = _take_headline(page)
    _take_bylines(page)
    if headline is not None:
        _take_dek(page, headline + 1)


def _take_headline(page: _Page) -> int | None:
    """The first line that is nothing else is the headline, unless it ends like a sentence or wraps into the next."""
    index = next((index for index in range(min(_HEAD, len(page.lines))) if page.open(index)), None)
    if index is None or index + 1 >= len(page.lines):
        return None
    line = page.lines[index]
    wraps = page.lines[index + 1].opens_low and not line.opens_low
    if line.ended not in ("", "!", "?") or wraps or not line.shorter_than(250, 40) or line.list_style == "bullet":
        return None
    page.verdicts[index] = "headline", "the first line, and no full stop ends it"
    return index


def _take_bylines(page: _Page) -> None:
    count = len(page.lines)
    for index in sorted({*range(min(_HEAD + 1, count)), *range(max(0, count - 3), count)}):
        if page.open(index):
            page.verdicts[index] = signed_byline(page.lines[index], page.words) or _named_byline(page, index)


def _named_byline(page: _Page, index: int) -> Verdict | None:
    line = page.lines[index]
    if has_role(line, page.words):
        return "byline", "a name and what the person does"
    dated = "date" in (page.kind(index - 1), page.kind(index + 1))
    return ("byline", "a name beside the date") if dated and is_name(line, page.words) else None


def _take_dek(page: _Page, index: int) -> None:
    """A dek often ends with a full stop, like a sentence: the lines around it or its copy in the body tell."""
    if not page.open(index) or not page.lines[index].shorter_than(400, 70):
        return
    line = page.lines[index]
    if len(line.words) >= 5 and _stands_again(page, index):
        page.verdicts[index] = "dek", "under the headline, and word for word in the body again"
    elif _before_furniture(page, index + 1):
        page.verdicts[index] = "dek", "between the headline and the byline or date"
    elif len(line.words) >= 5 and not line.ended and page.runs(index + 1) and not page.lines[index + 1].opens_low:
        page.verdicts[index] = "dek", "under the headline, without a full stop"


def _stands_again(page: _Page, index: int) -> bool:
    sought = _folded(page.lines[index].text).rstrip(".")
    return any(sought in _folded(line.text) for line in page.lines[index + 1 :] if len(line.text) >= len(sought))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _before_furniture(page: _Page, index: int) -> bool:
    while page.kind(index) == "caption":
        index += 1
    return page.kind(index) in _FURNITURE


def _take_promised(page: _Page) -> None:
    """The title that stands on the line after a lone "READ MORE" belongs to it."""
    promos = [index for index, verdict in enumerate(page.verdicts, 1) if verdict and verdict[0] == "promo"]
    for index in promos:
        if page.open(index) and not page.lines[index].ended:
            found = marker(page.lines[index - 1], page.words.promos)
            if found and found.alone:
                page.verdicts[index] = "promo", f"follows “{found.said}”"


def _take_lists(page: _Page) -> None:
    """A bullet makes a list item by itself; a dash, number or letter does beside another of its style."""
    styles = ["" if verdict else line.list_style for line, verdict in zip(page.lines, page.verdicts, strict=True)]
    around = ["", *styles, ""]
    for index, style in enumerate(styles):
        if style == "bullet" or (style and style in (around[index], around[index + 2])):
            page.verdicts[index] = "list_item", f"begins with a {style}"


def _take_pullquotes(page: _Page) -> None:
    """A line that is all quotation, and is quoted in a longer line too, was pulled from there."""
    quoted = {
        index: found.group(1)
        for index, line in enumerate(page.lines)
        if line.text[0] in _OPENING_QUOTES and len(line.text) < 500 and page.open(index)
        if (found := _QUOTED_LINE.fullmatch(line.text))
    }
    if not quoted:
        return
    body = (line.text for index, line in enumerate(page.lines) if index not in quoted)
    pieces = {_quotation_key(piece) for text in body for piece in _QUOTATION.findall(text)}
    for index, words in quoted.items():
        if _quotation_key(words) in pieces:
            page.verdicts[index] = "pullquote", "a quotation on its own line that stands in the body too"


def _quotation_key(words: str) -> str:
    return _folded(words).rstrip(".,")


def _take_subheads(page: _Page) -> None:
    """From the end backwards: a short line without end mark is a subhead where running text follows it."""
    questions = _question_subheads(page)
    followed, stacked = False, 0
    for index in reversed(range(len(page.lines))):
        if verdict := page.verdicts[index]:
            followed = followed if verdict[0] in _PASSED_OVER else verdict[0] == "list_item"
        elif index in questions:
            page.verdicts[index] = "subhead", "one of several short questions before paragraphs"
        elif followed and stacked < 2 and _could_be_subhead(page, index):
            page.verdicts[index] = "subhead", "short, without an end mark, before running text"
            stacked += 1
        else:
            followed, stacked = page.lines[index].runs, 0


def _could_be_subhead(page: _Page, index: int) -> bool:
    line = page.lines[index]
    wraps = index + 1 < len(page.lines) and page.lines[index + 1].opens_low
    return not line.runs and not line.opens_low and not wraps and line.worded


def _question_subheads(page: _Page) -> frozenset[int]:
    """Explainers put short questions over their paragraphs; a single one may as well be a sentence."""
    found = [
        index
        for index, line in enumerate(page.lines)
        if line.ended in ("?", "؟") and page.open(index) and line.stem == line.text and line.shorter_than(80, 10)
        if index > 0 and page.runs(index + 1) and len(page.lines[index + 1].text) > len(line.text)
    ]
    return frozenset(found) if len(found) > 1 else frozenset()


_STEPS = (_take_wording, _take_head, _take_promised, _take_lists, _take_pullquotes, _take_subheads)
