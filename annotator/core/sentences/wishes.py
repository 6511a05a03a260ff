"""What a project may ask of the splitter beyond its rules, and how that is met."""

from __future__ import annotations

import bisect
import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.core.sentences.candidates import ENDS, SIDE
from annotator.core.sentences.kind_rules import KindRule
from annotator.core.sentences.rules import Boundary, Decision

_SEMICOLON = re.compile(r"[;؛；][”»\")]?(\s+)(?=\S)")
_CLOSERS = {"„": "“”", "“": "”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", '"': '"'}


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """The wishes of a project; the defaults ask for nothing. Lengths are in characters, 0 asks for none.

    `never_split_after`: words and abbreviations, capitals counting, with or without their full stop.
    `keep_quotations_whole`: no boundary inside a quotation that is closed in its line.
    `minimum_length`: a shorter sentence is joined to its neighbour in the line.
    `soft_maximum_length`: a longer one is cut at its semicolons, where it has any.
    `kind_rules`: kinds that units get by their words, whatever the rules for lines make of them.
    """

    never_split_after: tuple[str, ...] = ()
    keep_quotations_whole: bool = False
    minimum_length: int = 0
    soft_maximum_length: int = 0
    kind_rules: tuple[KindRule, ...] = ()


NO_OPTIONS = SplitOptions()


def meet(text: str, found: Iterable[Boundary], options: SplitOptions) -> Iterator[Boundary]:
    """Yield the boundaries of a line as the project wishes them; each one changed says which wish it was."""
    if options.never_split_after:
        found = _never_after(text, found, _marked(options.never_split_after))
    if options.keep_quotations_whole:
        found = _quotations_whole(found, quotations(text))
    if options.soft_maximum_length > 0:
        found = _long_cut(text, found, options.soft_maximum_length)
    if options.minimum_length > 0:
        found = _short_joined(text, found, options.minimum_length)
    yield from found


def _refuse(here: Boundary, why: str) -> Boundary:
    return replace(here, decision=Decision(False, f"not split: {why}"))


def _marked(words: Sequence[str]) -> tuple[str, ...]:
    trimmed = (word.strip() for word in words)
    return tuple(word if word[-1] in ENDS else f"{word}." for word in trimmed if word)


def _never_after(text: str, found: Iterable[Boundary], words: tuple[str, ...]) -> Iterator[Boundary]:
    for here in found:
        word = _closing_word(text[max(0, here.mark + 1 - 2 * SIDE) : here.mark + 1], words)
        yield _refuse(here, f"the project never splits after {word}") if word and here.decision.split else here


def _closing_word(tail: str, words: tuple[str, ...]) -> str:
    for word in words:
        if tail.endswith(word) and not tail[: -len(word)][-1:].isalnum():
            return word
    return ""


def _quotations_whole(found: Iterable[Boundary], closed: list[tuple[int, int]]) -> Iterator[Boundary]:
    starts = [start for start, _ in closed]
    for here in found:
        around = bisect.bisect_left(starts, here.mark) - 1
        inside = around >= 0 and here.offset < closed[around][1]
        yield _refuse(here, "the project keeps quotations whole") if inside and here.decision.split else here


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the outermost quotations of a line that are closed, marks included, in order.

    >>> [text[start:end] for text in ["“One. «Two.» Three.” «Four"] for start, end in quotations(text)]
    ['“One. «Two.» Three.”']
    """
    awaited: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    for offset, sign in enumerate(text):
        if awaited and sign in awaited[-1][0]:
            start = awaited.pop()[1]
            while found and found[-1][0] > start:
                found.pop()
            found.append((start, offset + 1))
        elif sign in _CLOSERS and (sign != "»" or text[max(0, offset - 1) : offset].strip() == ""):
            awaited.append((_CLOSERS[sign], offset))
    return found


def _long_cut(text: str, found: Iterable[Boundary], longest: int) -> Iterator[Boundary]:
    """Cut each sentence that is longer at the last semicolon that still fits, else at the next there is."""
    start = 0
    waiting: list[Boundary] = []
    for here in heapq.merge(found, _semicolons(text), key=lambda boundary: boundary.offset):
        waiting.append(here)
        if here.decision.split:
            yield from _cut(waiting, start, here.offset, longest)
            start, waiting = here.next, []
    yield from _cut(waiting, start, len(text), longest)


def _semicolons(text: str) -> Iterator[Boundary]:
    for match in _SEMICOLON.finditer(text):
        yield Boundary(match.start(), match.start(1), match.end(), _UNUSED)


_UNUSED = Decision(False, "", "a semicolon")


def _cut(waiting: Sequence[Boundary], start: int, end: int, longest: int) -> Iterator[Boundary]:
    weak = [here for here in waiting if here.decision is _UNUSED]
    reaches = [*(here.offset for here in weak[1:]), end] if weak else []
    chosen = set()
    for here, reach in zip(weak, reaches, strict=True):
        if reach - start > longest:
            chosen.add(here.offset)
            start = here.next
    cut = Decision(True, f"split: at a semicolon, because longer than {longest} characters", "a semicolon")
    for here in waiting:
        if here.decision is not _UNUSED:
            yield here
        elif here.offset in chosen:
            yield replace(here, decision=cut)


def _short_joined(text: str, found: Iterable[Boundary], shortest: int) -> Iterator[Boundary]:
    """Refuse the end of a sentence that is too short, and the end before a last one that is."""
    why = f"shorter than the {shortest} characters that the project asks for"
    start = 0
    held: list[Boundary] = []
    for here in found:
        if here.decision.split and here.offset - start < shortest:
            here = _refuse(here, why)
        if here.decision.split:
            yield from held
            start, held = here.next, []
        held.append(here)
    if held and held[0].decision.split and len(text.rstrip()) - start < shortest:
        held[0] = _refuse(held[0], why)
    yield from held
