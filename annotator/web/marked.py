"""Words of an article with the marks of one answer in them, as the coding screen draws them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from annotator.core.codebook import Json, Value, Variable, items_of
from annotator.web.asking import colour, roles

LINES = {"source": "src", "cue": "cue", "content": "said"}
LINE_BEGINS = '<span class="{} {}" data-role="{}">{}</span>'
DEPTH = ("frame", "cue", "src", "said")
"""From the inside to the outside."""


@dataclass(frozen=True)
class Mark:
    """A stretch of the words, from its first code point to the one after its last."""

    start: int
    end: int
    kind: str
    hue: str
    role: str = ""


def has_marks(variable: Variable, answer: Json) -> bool:
    return variable.kind in ("span", "attribution") and any(_marks(0, variable, answer))


def marked(words: str, begin: int, variable: Variable, answer: Json, keys: Mapping[str, str]) -> SafeString:
    """The words, which begin at `begin` in the article, with the marks of an answer to a span or attribution question.

    Overlapping marks are cut into pieces, each wrapped in every mark that covers it; the text stays the same. `keys`
    are those of the keyboard by value.
    """
    marks = sorted(_marks(begin, variable, answer), key=lambda mark: (DEPTH.index(mark.kind), mark.end - mark.start))
    edges = {0, len(words), *(edge for mark in marks for edge in (mark.start, mark.end))}
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(words))
    pieces = [_piece(words, start, end, marks, keys) for start, end in pairwise(cuts)]
    return mark_safe("".join(pieces))


def _piece(words: str, start: int, end: int, marks: Sequence[Mark], keys: Mapping[str, str]) -> SafeString:
    names = {value.key: value.label.lower() for value in roles()}
    piece = escape(words[start:end])
    for mark in marks:
        if mark.start <= start and end <= mark.end:
            if mark.kind == "frame":
                sign = keys.get(mark.role, "") if mark.end == end else ""
                piece = format_html('<mark class="frame {}" data-key="{}">{}</mark>', mark.hue, sign, piece)
            elif mark.start == start:
                piece = format_html(LINE_BEGINS, mark.kind, mark.hue, names[mark.role], piece)
            else:
                piece = format_html('<span class="{} {}">{}</span>', mark.kind, mark.hue, piece)
    return piece


def _marks(begin: int, variable: Variable, answer: Json) -> Iterator[Mark]:
    for item in items_of(answer):
        if variable.kind == "span":
            key = str(item.get("value"))
            yield _mark(begin, item, "frame", _hue(variable, variable.values, key), key)
        else:
            hue = _hue(variable, variable.sources, item.get("source"))
            for span in items_of(item.get("spans")):
                role = str(span.get("role"))
                yield _mark(begin, span, LINES[role], hue, role)


def _mark(begin: int, span: Mapping[str, Json], kind: str, hue: str, role: str) -> Mark:
    start, end = span["start"], span["end"]
    return Mark(int(str(start)) - begin, int(str(end)) - begin, kind, hue, role)


def _hue(variable: Variable, values: Sequence[Value], key: Json) -> str:
    return next((colour(variable, value) for value in values if value.key == key), "")
