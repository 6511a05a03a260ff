"""Sentences and the other units of a news text: `split` cuts, `prove` checks the result."""

from collections.abc import Iterator

from annotator.core.layout import type_lines
from annotator.core.sentences.boundaries import split_line
from annotator.core.sentences.languages import Language, known_languages
from annotator.core.sentences.languages import language as words_of
from annotator.core.sentences.units import KINDS, Proof, ProofError, Unit, prove

SPLITTER = "annotator-sentences 1"
"""Name and version, stored with the units. Any change of rules or word lists makes the next version."""

__all__ = ["KINDS", "SPLITTER", "Proof", "ProofError", "Unit", "known_languages", "prove", "split"]

_RUNNING = frozenset({"sentence", "list_item"})
"""The kinds of line that may hold several units; all other lines are one unit whatever they hold."""


def split(text: str, language: str = "en") -> list[Unit]:
    """Cut a text into units: lines first, each line typed, running text into sentences.

    `language` is a code such as "en"; a language without word lists gets the rules that hold in any. The text is
    never changed; offsets are code points. Never raises, takes linear time, gives the same units every time.

    >>> [(unit.start, unit.end, unit.kind) for unit in split("It rained. Nobody came.")]
    [(0, 10, 'sentence'), (11, 23, 'sentence')]
    """
    return list(_units(text, words_of(language)))


def _units(text: str, words: Language) -> Iterator[Unit]:
    for line in type_lines(text, words):
        why = (line.why,) if line.why else ()
        if line.kind not in _RUNNING:
            yield Unit(line.start, line.end, line.kind, line.text, why)
            continue
        for part in split_line(line.text, words):
            start, end = line.start + part.start, line.start + part.end
            yield Unit(start, end, line.kind, text[start:end], why + part.why)
