"""Who else is speaking: phrases beside a reporting cue that no alias of a source covers.

A name is a run of capitalised words, or "the" and a few words, right before the cue ("the harbour office said"). After
a cue it stands where the cue asks for one ("according to Lantern Watch") or a quotation has ended ("...", said Lantern
Watch); in Arabic, words with the article. This is a list to choose from.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from annotator.core.markers import fold
from annotator.core.terms import Terms

MOST_WORDS = 6
MOST_EXAMPLES = 2
_NEAR = 30
"""So many words on either side of a cue are looked at."""
_WORD = re.compile(r"[^\W_][\w’'\-\u064b-\u065f\u0670]*|[^\w\s]")
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "his", "her", "our"})
# Words that may stand between a name and its cue ("the council has repeatedly said").
_BETWEEN = frozenset({"has", "have", "had", "was", "were", "is", "are", "also", "later", "then", "would", "will"})
# Words in lower case that belong to a name where a capital follows: Ministry of Defence.
_INSIDE = frozenset({"of", "for", "and", "al", "el", "de", "du", "des", "la", "le", "von", "van"})
# With these last words of a cue, who speaks comes after it.
_TURNING = frozenset({"to", "by", "of", "from", "citing", "quoting"})
_FUNCTION_WORDS = """
he she it they we i you who which that this these those there what but and or so as if when while after before in on at
by from to with for of about over under against during since until not no nor yet than then where how why all some many
most others another both one two three people someone everyone nobody him them us me her its their his is are was were
be been has have had do does did will would could should may might must said says
"""
# What is no name, though it may begin a sentence, and what ends one.
_NO_NAME = frozenset(_FUNCTION_WORDS.split())
_ARTICLE = "ال"

W = TypeVar("W", bound=Hashable)
C = TypeVar("C")
K = TypeVar("K")


class Example(NamedTuple, Generic[W]):
    """A sentence in which the phrase stands, and where that sentence is."""

    where: W
    text: str


@dataclass(slots=True)
class Candidate(Generic[W]):
    """A phrase as it is mostly written, without its article; how often it stands beside a cue."""

    phrase: str
    count: int
    examples: list[Example[W]] = field(default_factory=list)


class _Word(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def is_sign(self) -> bool:
        return not self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def candidates(
    sentences: Iterable[tuple[W, str]], cues: Terms[C], known: Terms[K], most: int = 50
) -> list[Candidate[W]]:
    """The phrases, most frequent first; `where` of a sentence comes back with its examples."""
    found: dict[str, Candidate[W]] = {}
    spellings: dict[str, Counter[str]] = {}
    for where, text in sentences:
        for phrase in set(beside_cues(text, cues, known)):
            folded = fold(phrase)
            candidate = found.setdefault(folded, Candidate(phrase, 0))
            candidate.count += 1
            spellings.setdefault(folded, Counter())[phrase] += 1
            is_new = all(example.text != text for example in candidate.examples)
            if is_new and len(candidate.examples) < MOST_EXAMPLES:
                candidate.examples.append(Example(where, text))
    for folded, candidate in found.items():
        candidate.phrase = spellings[folded].most_common(1)[0][0]
    return sorted(found.values(), key=lambda candidate: (-candidate.count, candidate.phrase))[:most]


def beside_cues(text: str, cues: Terms[C], known: Terms[K]) -> Iterator[str]:
    """The phrases of one sentence.

    >>> from annotator.core.terms import Form
    >>> cues = Terms([Form("said", 1), Form("according to", 1)])
    >>> list(beside_cues("The harbour office said so, according to Lantern Watch.", cues, Terms([])))
    ['harbour office', 'Lantern Watch']
    """
    hits = cues.find(text)
    if not hits:
        return
    covered = known.find(text)
    ends = [hit.end for hit in covered]
    words = [_Word(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
    for hit in hits:
        till = bisect_right(words, hit.start, key=attrgetter("end"))
        since = bisect_left(words, hit.end, key=attrgetter("start"))
        before, after = words[max(0, till - _NEAR) : till], words[since : since + _NEAR]
        for run in (_before(before), _after(after) if _turns(text[hit.start : hit.end], before) else []):
            # None of the known names stands in another: the first that ends behind the run's start tells.
            beside = bisect_right(ends, run[0].start) if run else 0
            if run and not (beside < len(covered) and covered[beside].start < run[-1].end):
                yield text[run[0].start : run[-1].end]


def _turns(cue: str, before: list[_Word]) -> bool:
    """Whether a name may follow the cue: in Arabic, after "according to", and where a quotation or clause has ended."""
    return cue[-1] >= "\u0590" or cue.split()[-1].casefold() in _TURNING or bool(before and before[-1].is_sign)


def _before(words: list[_Word]) -> list[_Word]:
    """The name that ends where the cue begins."""
    end = len(words)
    while end and (words[end - 1].text in _BETWEEN or words[end - 1].text.endswith("ly")):
        end -= 1
    start = end
    while start and end - start < MOST_WORDS and not words[start - 1].is_sign and not _ends(words[start - 1]):
        start -= 1
    run = words[start:end]
    if start and words[start - 1].text.casefold() in _DETERMINERS:
        return _trimmed(run)
    first = next((n for n in range(len(run)) if all(_is_of_name(word) for word in run[n:])), len(run))
    return _trimmed(run[first:])


def _after(words: list[_Word]) -> list[_Word]:
    """The name that begins where the cue ends."""
    if words and words[0].text.casefold() in _DETERMINERS:
        run = _until_end(words[1:])[:3]
        followed = zip(run, [*run[1:], None], strict=True)
        parts = (
            n for n, (word, after) in enumerate(followed) if word.text in _INSIDE and not (after and after.is_capital)
        )
        return _trimmed(run[: next(parts, len(run))])
    if words and fold(words[0].text).startswith(_ARTICLE):
        end = next((n for n, word in enumerate(words[:3]) if not fold(word.text).startswith(_ARTICLE)), 3)
        return words[:end]
    run = _until_end(words)
    return _trimmed(run[: next((n for n, word in enumerate(run) if not _is_of_name(word)), len(run))])


def _until_end(words: list[_Word]) -> list[_Word]:
    end = next((n for n, word in enumerate(words[:MOST_WORDS]) if word.is_sign or _ends(word)), MOST_WORDS)
    return words[:end]


def _ends(word: _Word) -> bool:
    folded = word.text.casefold()
    return folded in _DETERMINERS or (folded in _NO_NAME and folded not in _INSIDE)


def _is_of_name(word: _Word) -> bool:
    return word.is_capital or word.text in _INSIDE


def _trimmed(run: list[_Word]) -> list[_Word]:
    """Without words at either end that begin or end no name."""
    while run and (run[0].text in _INSIDE or run[0].text.casefold() in _NO_NAME):
        run = run[1:]
    while run and (run[-1].text.casefold() in _INSIDE or run[-1].text.casefold() in _NO_NAME):
        run = run[:-1]
    return run
