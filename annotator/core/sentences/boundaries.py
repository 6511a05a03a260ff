"""Where a line of running text falls into sentences.

Each candidate (`candidates`) is put to the rules (`rules`); then the wishes of the project (`wishes`) are met.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.core.sentences.candidates import Candidate, Line, candidates
from annotator.core.sentences.languages import Language
from annotator.core.sentences.rules import Boundary, decide
from annotator.core.sentences.wishes import NO_OPTIONS, SplitOptions, meet

_MOST_REASONS = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a line, offsets into the line, and the reasons of the decisions inside it and at its end."""

    start: int
    end: int
    why: tuple[str, ...]


def split_line(text: str, language: Language, options: SplitOptions = NO_OPTIONS) -> Iterator[Sentence]:
    """Yield the sentences of one line of running text, trimmed, in order.

    >>> from annotator.core.sentences.languages import language
    >>> line = "Gen. Reed left. He did not return."
    >>> [line[s.start : s.end] for s in split_line(line, language("en"))]
    ['Gen. Reed left.', 'He did not return.']
    """
    start = len(text) - len(text.lstrip())
    reasons: dict[str, None] = {}
    for here in boundaries(text, language, options):
        if here.decision.why:
            reasons[here.decision.why] = None
        if here.decision.split:
            yield Sentence(start, here.offset, _compact(reasons))
            start, reasons = here.next, {}
    end = len(text.rstrip())
    if start < end:
        yield Sentence(start, end, _compact(reasons))


def _compact(reasons: dict[str, None]) -> tuple[str, ...]:
    if len(reasons) <= _MOST_REASONS:
        return tuple(reasons)
    return (*list(reasons)[:_MOST_REASONS], f"and {len(reasons) - _MOST_REASONS} more")


def boundaries(text: str, language: Language, options: SplitOptions = NO_OPTIONS) -> Iterator[Boundary]:
    """Yield every place in a line where a sentence may end, with what was decided there."""
    found = _decided(Line(text), language)
    return found if options == NO_OPTIONS else meet(text, found, options)


def _decided(line: Line, language: Language) -> Iterator[Boundary]:
    begin = 0
    for start, end, following in candidates(line, language):
        decision = decide(Candidate(line, begin, start, end, following), language)
        yield Boundary(start, end, following, decision)
        if decision.split:
            begin = following
