"""The boundaries that a person should look at, drawn or refused, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from annotator.core.layout import TypedLine, type_lines
from annotator.core.markers import END_MARKS, TRAILING
from annotator.core.sentences.boundaries import boundaries
from annotator.core.sentences.languages import Language
from annotator.core.sentences.units import RUNNING
from annotator.core.sentences.wishes import SplitOptions


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place in a text where units are parted (`split`) or might be: the offset at which the first of them ends."""

    offset: int
    split: bool
    reason: str


def doubtful(text: str, language: Language, options: SplitOptions) -> Iterator[Doubt]:
    """Yield the doubts of a text in order."""
    lines = type_lines(text, language)
    for line, following in pairwise([*lines, None]):
        if line is None or line.kind not in RUNNING:
            continue
        for here in boundaries(line.text, language, options):
            if here.decision.doubt:
                yield Doubt(line.start + here.offset, here.decision.split, here.decision.doubt)
        if reason := _line_doubt(line, following):
            yield Doubt(line.end, True, reason)


def _line_doubt(line: TypedLine, following: TypedLine | None) -> str:
    if line.kind != "sentence" or following is None:
        return ""
    if following.kind in RUNNING and following.text[0].islower():
        return "the next line goes on in lower case"
    closed = line.text.rstrip(TRAILING)[-1:] in END_MARKS
    return "" if closed else "a line without an end mark, taken for a sentence"
