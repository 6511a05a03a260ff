"""Offsets of other tools: which count they are, whether they hold, and what becomes of them when a text is cleaned."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

from annotator.core.text import TextError, clean, clean_field, from_utf16

Count = Literal["code points", "utf-16"]


class Extent(NamedTuple):
    start: int
    end: int


class MarkError(ValueError):
    """A mark that doesn't fit its text; the message says why."""


def verified(
    text: str, start: object, end: object, *, quote: str | None = None, count: Count = "code points"
) -> Extent:
    """The extent in code points, if it lies in the text and, where the tool wrote the words down, holds these words.

    Browsers count UTF-16 and some tools have stored that at times, so with a quote the other count is tried as well.

    >>> verified("🙂 yes", 3, 6, quote="yes")
    Extent(start=2, end=5)
    """
    if not _is_whole(start) or not _is_whole(end):
        raise MarkError("its start and end have to be whole numbers")
    place = int(str(start)), int(str(end))
    first = _extent(text, *place, count)
    if quote is None or (first and text[first.start : first.end] == quote):
        return _there(text, place, first)
    other = _extent(text, *place, "utf-16" if count == "code points" else "code points")
    if other and text[other.start : other.end] == quote:
        return other
    extent = _there(text, place, first)
    there = text[extent.start : extent.end]
    raise MarkError(f"the text from {start} to {end} is “{there[:60]}”, but the file says “{quote[:60]}”")


def _there(text: str, place: tuple[int, int], extent: Extent | None) -> Extent:
    if extent is None:
        raise MarkError(f"{place[0]} to {place[1]} is no stretch of this text, which has {len(text)} characters")
    return extent


def _is_whole(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16
    )


def _extent(text: str, start: int, end: int, count: Count) -> Extent | None:
    if not 0 <= start < end:
        return None
    if count == "utf-16":
        try:
            start, end = from_utf16(text, [start, end])
        except TextError:
            return None
    return Extent(start, end) if end <= len(text) else None


def cleaned_extents(text: str, extents: Iterable[Extent]) -> tuple[str, dict[Extent, Extent]]:
    """The text as it is kept, and where each extent of the text as it was stands in it.

    Raises TextError for a text that can't be kept, MarkError where a mark begins or ends inside a changed place.

    >>> cleaned_extents("One.\\r\\nTwo.", [Extent(6, 9)])
    ('One.\\nTwo.', {Extent(start=6, end=9): Extent(start=5, end=8)})
    """
    wanted = list(extents)
    kept = clean(text).text
    if kept == text:
        return text, {extent: extent for extent in wanted}
    cuts = sorted({0, len(text), *(cut for extent in wanted for cut in extent)})
    moved, pieces = {0: 0}, []
    for start, end in pairwise(cuts):
        pieces.append(clean_field(text[start:end]).text)
        moved[end] = moved[start] + len(pieces[-1])
    if "".join(pieces) != kept:
        raise MarkError("a mark begins or ends inside a line end, or at a character that is not kept")
    return kept, {extent: Extent(moved[extent.start], moved[extent.end]) for extent in wanted}
