"""Sentences and the other units of a news text: `split` cuts, `doubts` lists what to look at, `prove` checks."""

from collections.abc import Iterator
from dataclasses import replace

from annotator.core.layout import type_lines
from annotator.core.sentences.boundaries import split_line
from annotator.core.sentences.candidates import has_mark
from annotator.core.sentences.doubtful import Doubt, doubtful
from annotator.core.sentences.kind_rules import MATCHES, KindRule, pattern_key, retyped
from annotator.core.sentences.languages import Language, known_languages
from annotator.core.sentences.languages import language as words_of
from annotator.core.sentences.stored_options import options_from, written
from annotator.core.sentences.units import KINDS, RUNNING, Proof, ProofError, Unit, prove
from annotator.core.sentences.wishes import NO_OPTIONS, SplitOptions

SPLITTER = "annotator-sentences 2"
"""Name and version, stored with the units. Any change of rules or word lists makes the next version."""

__all__ = [
    "KINDS",
    "MATCHES",
    "SPLITTER",
    "Doubt",
    "KindRule",
    "Proof",
    "ProofError",
    "SplitOptions",
    "Unit",
    "doubts",
    "known_languages",
    "options_from",
    "pattern_key",
    "prove",
    "split",
    "written",
]


def split(text: str, language: str = "en", *, options: SplitOptions = NO_OPTIONS) -> list[Unit]:
    """Cut a text into units: lines first, each line typed, running text into sentences.

    `language` is a code such as "en"; a language without word lists gets the rules that hold in any. The text is
    never changed; offsets are code points. Never raises, takes linear time, gives the same units every time.

    >>> [(unit.start, unit.end, unit.kind) for unit in split("It rained. Nobody came.")]
    [(0, 10, 'sentence'), (11, 23, 'sentence')]
    >>> [unit.text for unit in split("He met Kpt. Reed.", options=SplitOptions(never_split_after=("Kpt.",)))]
    ['He met Kpt. Reed.']
    """
    units = _units(text, words_of(language), options)
    return list(retyped(units, options.kind_rules) if options.kind_rules else units)


def doubts(text: str, language: str = "en", *, options: SplitOptions = NO_OPTIONS) -> list[Doubt]:
    """List the places, in order, where the rules drew or refused a boundary and may well be wrong.

    >>> doubts("They waited... Nothing came.")
    [Doubt(offset=14, split=True, reason='an ellipsis before a capital')]
    """
    return list(doubtful(text, words_of(language), options))


def _units(text: str, words: Language, options: SplitOptions) -> Iterator[Unit]:
    plain = replace(options, kind_rules=()) == NO_OPTIONS
    for line in type_lines(text, words):
        why = (line.why,) if line.why else ()
        if line.kind not in RUNNING or (plain and not has_mark(line.text)):
            yield Unit(line.start, line.end, line.kind, line.text, why)
            continue
        for part in split_line(line.text, words, options):
            start, end = line.start + part.start, line.start + part.end
            yield Unit(start, end, line.kind, text[start:end], why + part.why)
