"""Intervals of a text, half open and in code points, and the voice in which a stretch of it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Voice = Literal["own_words", "attributed", "quoted", "scare_quotes"]

# Paired marks, then straight ones. A single quote inside a word is an apostrophe. Lines end a quotation.
_QUOTED = re.compile(
    r"“[^“”\n]*”|„[^„“\n]*“|«[^«»\n]*»|\"[^\"\n]*\"|‘[^‘\n]*?’(?!\w)|(?<!\w)'[^'\n]*(?:\w'\w[^'\n]*)*'(?!\w)",
)
_MOST_SCARED_WORDS = 2


class Interval(NamedTuple):
    """`start` is inside, `end` is the first code point after it."""

    start: int
    end: int


def overlaps(a: Interval, b: Interval) -> bool:
    """Whether the two share a code point; touching ends do not.

    >>> overlaps(Interval(0, 4), Interval(4, 6))
    False
    """
    return a.start < b.end and b.start < a.end


def contains(outer: Interval, inner: Interval) -> bool:
    """Whether `inner` lies wholly in `outer`; equal intervals contain each other."""
    return outer.start <= inner.start and inner.end <= outer.end


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The same code points as few disjoint intervals in order; touching ones become one.

    >>> merge([Interval(5, 9), Interval(0, 3), Interval(3, 6)])
    [Interval(start=0, end=9)]
    """
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def quotations(text: str, offset: int = 0) -> list[Interval]:
    """What stands between quotation marks in `text`, without the marks, shifted by `offset`.

    >>> quotations('He said "go".')
    [Interval(start=9, end=11)]
    """
    return [Interval(match.start() + 1 + offset, match.end() - 1 + offset) for match in _QUOTED.finditer(text)]


def voice(span: Interval, unit_text: str, unit_start: int, contents: Iterable[Interval] = ()) -> Voice:
    """In whose voice a marked term stands in its unit.

    `contents` are the content spans of the unit's attributions; all offsets count in the text version. A term between
    quotation marks is quoted if the marks hold attributed content or more than two words; else they are scare quotes.
    Marks that open in one unit and close in another are not seen.
    """
    parts = list(contents)
    around = next((part for part in quotations(unit_text, unit_start) if contains(part, span)), None)
    if around is None:
        return "attributed" if any(contains(part, span) for part in merge(parts)) else "own_words"
    words = unit_text[around.start - unit_start : around.end - unit_start].split()
    holds_content = any(contains(around, part) for part in parts)
    return "quoted" if holds_content or len(words) > _MOST_SCARED_WORDS else "scare_quotes"
